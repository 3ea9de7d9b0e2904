import { extname } from 'node:path';
import { z } from 'zod';
import type { REST } from 'discord.js';
import { Routes } from 'discord.js';
import type { APIAttachment, APIMessage } from 'discord.js';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { SourceReference } from '../../workflows/contract/request.ts';

/** Attachment addresses are signed and end; where the message is known a new one can be had. */
const referenceSchema = z.object({
  url: z.url().max(4096),
  id: z.string().regex(/^\d{1,20}$/u),
  message: z
    .object({ channelId: z.string().regex(/^\d{1,20}$/u), messageId: z.string().regex(/^\d{1,20}$/u) })
    .nullable(),
});
type Reference = z.output<typeof referenceSchema>;
export type Song = Extract<SourceReference, { kind: 'attachment' }>;

const OFFICIAL_HOSTS = new Set(['cdn.discordapp.com', 'media.discordapp.net']);
const ANSWER_LIMIT_MS = 30_000;

/** The attachment as a job's source. */
export function songOf(
  attachment: Pick<APIAttachment, 'id' | 'url' | 'filename' | 'size'> & { readonly title?: string | null },
  message: Reference['message'],
): Song {
  const reference: Reference = { url: attachment.url, id: attachment.id, message };
  return {
    kind: 'attachment',
    reference: JSON.stringify(reference),
    name: displayTitle(nameOf(attachment)),
    declaredBytes: attachment.size,
  };
}

/** In `filename` blanks are underscores and other signs are missing; the title, where there is one, is as the person named it. */
function nameOf({ filename, title }: { readonly filename: string; readonly title?: string | null }): string {
  return title == null || title === '' ? filename : `${title}${extname(filename)}`;
}

/** Pictures and papers are no songs; of what says nothing, ingest finds out. */
export function mayBeSong({ content_type: type, filename }: Pick<APIAttachment, 'content_type' | 'filename'>): boolean {
  return type === undefined || type === ''
    ? !/\.(?:png|jpe?g|gif|webp|txt|pdf|zip)$/iu.test(filename)
    : /^(?:audio|video)\/|^application\/(?:ogg|octet-stream|x-flac)/u.test(type);
}

/** @param ownHost of the API's own address where that is not Discord's, so that tests find their files */
export async function openDiscordAttachment(
  rest: REST,
  reference: string,
  ownHost: string | null,
): Promise<AsyncIterable<Uint8Array>> {
  const read = referenceSchema.parse(JSON.parse(reference));
  const first = await request(read.url, ownHost);
  if (first.body !== null) return first.body;
  // An address that has ended answers 404, or 403.
  const renewed = read.message === null ? null : await renew(rest, read);
  const second = renewed === null ? null : await request(renewed, ownHost);
  return second?.body ?? refuse('file-missing');
}

async function request(
  url: string,
  ownHost: string | null,
): Promise<{ readonly body: AsyncIterable<Uint8Array> | null }> {
  const { host, hostname, protocol } = new URL(url);
  if (!(protocol === 'https:' && OFFICIAL_HOSTS.has(hostname)) && host !== ownHost) refuse('file-missing');
  const unanswered = new AbortController();
  const timer = setTimeout(() => unanswered.abort(), ANSWER_LIMIT_MS);
  const response = await fetch(url, { redirect: 'error', signal: unanswered.signal }).finally(() =>
    clearTimeout(timer),
  );
  if (response.ok && response.body !== null) return { body: response.body };
  await response.body?.cancel();
  if (response.status === 404 || response.status === 403 || response.status === 410) return { body: null };
  throw new Error(`a file of Discord could not be fetched: ${String(response.status)}`);
}

async function renew(rest: REST, { id, message }: Reference): Promise<string | null> {
  if (message === null) return null;
  const found = (await rest
    .get(Routes.channelMessage(message.channelId, message.messageId))
    .catch(() => null)) as APIMessage | null;
  return found?.attachments.find((attachment) => attachment.id === id)?.url ?? null;
}
