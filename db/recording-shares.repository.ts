/** Links by which a band shows one song to whoever has them, until they end or are revoked. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { noteAudit } from './audit.repository.ts';
import type { Database } from './orm.ts';
import { dateOf, readRecording, UUID } from './recording-view.ts';
import type { RecordingView, Written } from './recording-view.ts';

export interface RecordingShares {
  /** 256 random bits, of which only the SHA-256 is kept: the token is told this once. Null where the song is not theirs. */
  make(
    memberId: string,
    recordingId: string,
    options: { readonly endsAt: Date | null; readonly showsTitle: boolean },
  ): Promise<{ readonly id: string; readonly token: string } | null>;
  /** Those that still lead to the song, newest first; none where it is not theirs. */
  list(memberId: string, recordingId: string): Promise<readonly SharedLink[]>;
  /** @returns the song that was shared; null where there is no such link of a band of theirs */
  revoke(memberId: string, shareId: string): Promise<{ readonly recordingId: string } | null>;
  /** What a link leads to; null for one that is none of ours, revoked or over. Changes nothing. */
  open(token: string): Promise<SharedRecording | null>;
}

export interface SharedLink {
  readonly id: string;
  /** Null where whoever made it is gone. */
  readonly madeBy: string | null;
  readonly createdAt: Date;
  readonly endsAt: Date | null;
  readonly showsTitle: boolean;
}

export interface SharedRecording {
  readonly shareId: string;
  readonly showsTitle: boolean;
  readonly recording: RecordingView;
}

const TOKEN_BYTES = 32;
/** As they are made; whatever else stands in a path is not looked up. */
const TOKEN = /^[\w-]{43}$/u;
/** Of a row of `share_link`. */
export const LEADS_THERE =
  'share_link.revoked_at is null and (share_link.ends_at is null or share_link.ends_at > now())';
const OF_MEMBER = `join recording on recording.id = share_link.recording_id
  join membership on membership.band_id = recording.band_id and membership.member_id = ?`;

export function createRecordingShares(database: Database): RecordingShares {
  return {
    async make(memberId, recordingId, { endsAt, showsTitle }) {
      if (!UUID.test(recordingId)) return null;
      // Chosen out here, so that a repetition makes no second one.
      const id = randomUUID();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ bandId: string; isNew: boolean }[]>(
          `insert into share_link (id, token_hash, recording_id, made_by_id, ends_at, shows_title)
           select ?, ?, recording.id, membership.member_id, ?::timestamptz, ? from recording
             join membership on membership.band_id = recording.band_id and membership.member_id = ? where recording.id = ?
           on conflict (id) do update set token_hash = excluded.token_hash
           returning (select band_id from recording where id = recording_id) as "bandId", xmax = 0 as "isNew"`,
          [id, hashOf(token), endsAt?.toISOString() ?? null, showsTitle, memberId, recordingId],
        );
        if (row === undefined) return null;
        const facts = { recordingId, shareId: id };
        if (row.isNew) await noteAudit(em, { kind: 'share.made', memberId, bandId: row.bandId, facts });
        return { id, token };
      });
    },

    async list(memberId, recordingId) {
      if (!UUID.test(recordingId)) return [];
      const rows = await database.use(
        async (em) =>
          await em.execute<Written<SharedLink>[]>(
            `select share_link.id, member.display_name as "madeBy", to_json(share_link.created_at) as "createdAt",
               to_json(ends_at) as "endsAt", shows_title as "showsTitle"
             from share_link ${OF_MEMBER} left join member on member.id = share_link.made_by_id
             where recording.id = ? and ${LEADS_THERE} order by share_link.created_at desc, share_link.id`,
            [memberId, recordingId],
          ),
      );
      return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), endsAt: dateOf(row.endsAt) }));
    },

    async revoke(memberId, shareId) {
      if (!UUID.test(shareId)) return null;
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ recordingId: string; bandId: string; isRevoked: boolean }[]>(
          `select recording.id as "recordingId", recording.band_id as "bandId", revoked_at is not null as "isRevoked"
           from share_link ${OF_MEMBER} where share_link.id = ? for update of share_link`,
          [memberId, shareId],
        );
        if (row === undefined) return null;
        const { recordingId, bandId, isRevoked } = row;
        if (!isRevoked) {
          await em.execute('update share_link set revoked_at = now() where id = ?', [shareId]);
          await noteAudit(em, { kind: 'share.revoked', memberId, bandId, facts: { recordingId, shareId } });
        }
        return { recordingId };
      });
    },

    async open(token) {
      if (!TOKEN.test(token)) return null;
      return await database.use(async (em) => {
        const found = await readRecording<{ shareId: string; showsTitle: boolean }>(em, {
          columns: 'share_link.id as "shareId", share_link.shows_title as "showsTitle"',
          access: `join share_link on share_link.recording_id = recording.id and share_link.token_hash = ? and ${LEADS_THERE}`,
          parameters: [hashOf(token)],
          withJobs: false,
        });
        if (found === null) return null;
        const { shareId, showsTitle, ...recording } = found;
        return { shareId, showsTitle, recording };
      });
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
