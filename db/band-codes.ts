// The codes by which chats join bands: made here, typed by people, stored as hashes.
import { createHash, randomInt } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BandInvite } from './band-invite.entity.ts';

/** Without letters and digits that look alike: 31^8 codes. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;
const CODE_MINUTES = 10;
/** Within {@link GUESSING_MINUTES}: enough for anybody who mistypes. */
const MOST_WRONG_CODES = 10;
const GUESSING_MINUTES = 10;

export type RedeemedCode =
  | { readonly kind: 'redeemed'; readonly bandId: string }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'already' }
  /** Too many codes that let nobody in; none is looked at until then. */
  | { readonly kind: 'wait'; readonly freeInSeconds: number };

/** Good for one chat and ten minutes. */
export async function makeCode(
  em: EntityManager,
  bandId: string,
): Promise<{ readonly code: string; readonly expiresAt: Date }> {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const [row] = await em.execute<{ expires: Date }[]>(
    `insert into band_invite (band_id, code_sha256, expires_at) values (?, ?, now() + make_interval(mins => ?))
     returning expires_at as expires`,
    [bandId, hashOf(code), CODE_MINUTES],
  );
  if (row === undefined) throw new Error('the code was not written');
  return { code, expiresAt: new Date(row.expires) };
}

/** In any case, with or without blanks around it. Of several that type one code at once, one redeems it. */
export async function redeemCode(
  em: EntityManager,
  { code, identityId, ownBandId }: { readonly code: string; readonly identityId: string; readonly ownBandId: string },
): Promise<RedeemedCode> {
  const waitSeconds = await secondsToWait(em, identityId);
  if (waitSeconds > 0) return { kind: 'wait', freeInSeconds: waitSeconds };
  const [invite] = await em.execute<{ id: string; band: string; used: boolean; expired: boolean }[]>(
    `select id, band_id as band, used_at is not null as used, expires_at < now() as expired
     from band_invite where code_sha256 = ? for update`,
    [hashOf(code.trim().toUpperCase())],
  );
  // Whoever belongs to the band guesses nothing.
  if (invite?.band === ownBandId) return { kind: 'already' };
  if (invite === undefined || invite.used || invite.expired) {
    await countWrongCode(em, identityId);
    return { kind: invite === undefined ? 'unknown' : invite.used ? 'used' : 'expired' };
  }
  await em.nativeUpdate(BandInvite, { id: invite.id }, { usedAt: new Date() });
  return { kind: 'redeemed', bandId: invite.band };
}

/** Locks the identity, so that many guesses at once are counted one by one. */
async function secondsToWait(em: EntityManager, identityId: string): Promise<number> {
  const [row] = await em.execute<{ wrong: number; left: number | null }[]>(
    `select wrong_codes as wrong,
       extract(epoch from wrong_codes_since + make_interval(mins => ?) - clock_timestamp())::float8 as left
     from chat_identity where id = ? for no key update`,
    [GUESSING_MINUTES, identityId],
  );
  const left = row?.left ?? 0;
  return row === undefined || row.wrong < MOST_WRONG_CODES || left <= 0 ? 0 : Math.ceil(left);
}

async function countWrongCode(em: EntityManager, identityId: string): Promise<void> {
  await em.execute(
    `update chat_identity set
       wrong_codes = case when wrong_codes_since > now() - make_interval(mins => ?) then wrong_codes + 1 else 1 end,
       wrong_codes_since = case when wrong_codes_since > now() - make_interval(mins => ?) then wrong_codes_since else now() end
     where id = ?`,
    [GUESSING_MINUTES, GUESSING_MINUTES, identityId],
  );
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
