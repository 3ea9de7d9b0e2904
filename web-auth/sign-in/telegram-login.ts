/** What Telegram says about a person who signs in, signed with the bot's token (Telegram, "Checking authorization"). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Person } from './oauth-client.ts';

export interface TelegramLogin {
  readonly token: string;
  /** Null: Telegram's own address. */
  readonly url: string | null;
}

export const OLDEST_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 60;
const LONGEST_CHARACTERS = 8192;

const fieldsSchema = z
  .record(z.string().regex(/^[a-z_]{1,40}$/u), z.union([z.string().max(2048), z.number(), z.boolean()]))
  .refine((fields) => Object.keys(fields).length <= 20);
const personSchema = z.looseObject({
  id: z.union([z.number().int().positive(), z.string().regex(/^\d{1,20}$/u)]),
  auth_date: z.coerce.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/u),
  first_name: z.coerce.string().max(200).optional(),
  last_name: z.coerce.string().max(200).optional(),
  username: z.coerce.string().max(200).optional(),
});

/** Where the browser is sent, without any script of theirs on a page of ours. */
export function telegramAddress(
  { token, url }: TelegramLogin,
  { origin, returnTo }: { readonly origin: string; readonly returnTo: string },
): string {
  const address = new URL(`${url ?? 'https://oauth.telegram.org'}/auth`);
  address.searchParams.set('bot_id', token.split(':')[0] ?? '');
  address.searchParams.set('origin', origin);
  address.searchParams.set('embed', '0');
  address.searchParams.set('return_to', returnTo);
  return address.href;
}

/**
 * @param result base64 of JSON, as it stands behind `#tgAuthResult=`
 * @returns null for whatever Telegram did not sign for this bot within the last {@link OLDEST_SECONDS}
 */
export function readTelegramResult(
  token: string,
  result: string,
  now: Date,
): (Person & { readonly hash: string }) | null {
  const fields = fieldsOf(result);
  const parsed = personSchema.safeParse(fields);
  if (fields === null || !parsed.success) return null;
  const { hash, auth_date: authDate, id, first_name: first, last_name: last, username } = parsed.data;
  const signed = Object.entries(fields)
    .filter(([name]) => name !== 'hash')
    .map(([name, value]) => `${name}=${String(value)}`)
    .toSorted()
    .join('\n');
  const key = createHash('sha256').update(token).digest();
  const expected = createHmac('sha256', key).update(signed).digest();
  if (!timingSafeEqual(expected, Buffer.from(hash, 'hex'))) return null;
  const ageSeconds = now.getTime() / 1000 - authDate;
  if (ageSeconds > OLDEST_SECONDS || ageSeconds < -CLOCK_TOLERANCE_SECONDS) return null;
  const name = [first, last].filter(Boolean).join(' ');
  return {
    hash,
    subject: String(id),
    displayName: name === '' ? (username ?? 'Telegram account') : name,
    email: null,
    chatUser: { userId: String(id), botId: null },
  };
}

function fieldsOf(result: string): Readonly<Record<string, string | number | boolean>> | null {
  if (result.length > LONGEST_CHARACTERS || !/^[\w+/=-]+$/u.test(result)) return null;
  try {
    // Takes both alphabets of base64.
    const parsed = fieldsSchema.safeParse(JSON.parse(Buffer.from(result, 'base64').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
