/** What members see of their bands' libraries. Every statement asks for the membership itself: nobody reads across. */
import type { JobStage, JobState } from '../workflows/contract/job.ts';
import { displayTitle } from '../workflows/contract/display-title.ts';
import { noteAudit } from './audit.repository.ts';
import type { Database } from './orm.ts';
import { dateOf, keptSeparations, KEPT_BYTES, MAKES, readRecording, UUID } from './recording-view.ts';
import type { RecordingJob, RecordingView, Written } from './recording-view.ts';
import { removeRecording } from './remove-recording.ts';
import { sqlArray } from './sql-array.ts';

export interface BandLibrary {
  /** By the newest song, then by name. */
  bandsOf(memberId: string): Promise<readonly LibraryBand[]>;
  /** Null for whatever is not in a band of this member. */
  recordingFor(memberId: string, recordingId: string): Promise<RecordingView | null>;
  /** Newest first; nothing of a band that the member is not in. */
  listRecordings(
    memberId: string,
    options: {
      readonly bandId: string;
      /** Each of its words stands somewhere in the title, in any case; empty finds all. */
      readonly search?: string;
      /** `next` of the page before; null begins. */
      readonly before?: string | null;
      readonly limit: number;
    },
  ): Promise<{ readonly recordings: readonly ListedRecording[]; readonly next: string | null }>;
  /** Newest first, with those that have no song yet. */
  listJobs(
    memberId: string,
    options: { readonly bandId: string; readonly limit: number; readonly unfinishedOnly?: boolean },
  ): Promise<readonly ListedJob[]>;
  /** @returns the title as it is shown from now on; null where the song is not theirs */
  rename(memberId: string, recordingId: string, title: string): Promise<string | null>;
  /** Rows now, blobs by the rules of retention. `busy`: a job works on it. */
  remove(memberId: string, recordingId: string): Promise<'removed' | 'busy' | 'none'>;
}

export interface LibraryBand {
  readonly id: string;
  readonly name: string;
  readonly recordings: number;
}

export interface ListedRecording {
  readonly id: string;
  readonly title: string;
  readonly durationSeconds: number;
  readonly createdAt: Date;
  readonly bytes: number;
  /** Of what is kept, each once; empty where nothing is kept any more. */
  readonly strategies: readonly string[];
  /** When the first part of it goes; null where none goes. */
  readonly keptUntil: Date | null;
  readonly running: readonly {
    readonly code: string;
    readonly state: JobState;
    readonly stage: JobStage | null;
    readonly fraction: number;
  }[];
}

export interface ListedJob extends RecordingJob {
  readonly recordingId: string | null;
  /** Of the song, or what it was sent as; null for a link. */
  readonly title: string | null;
}

const CURSOR = /^(\d{1,17})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u;
const MOST_WORDS = 8;
const MEMBER = 'join membership on membership.band_id = recording.band_id and membership.member_id = ?';

const DONE = `select coalesce(json_agg(distinct strategy), '[]') as strategies, to_json(min(until)) as "keptUntil" from (${keptSeparations('')}) as done`;
const RUNNING = `select coalesce(json_agg(json_build_object('code', code, 'state', state, 'stage', stage, 'fraction', fraction) order by created_at), '[]') as jobs
  from job where job.recording_id = recording.id and state in ('queued', 'running')`;

export function createBandLibrary(database: Database): BandLibrary {
  return {
    async bandsOf(memberId) {
      return await database.use(
        async (em) =>
          await em.execute<LibraryBand[]>(
            `select band.id, band.name, count(recording.id)::int as recordings from membership
             join band on band.id = membership.band_id left join recording on recording.band_id = band.id
             where membership.member_id = ? group by band.id order by max(recording.created_at) desc nulls last, band.name, band.id`,
            [memberId],
          ),
      );
    },

    async recordingFor(memberId, recordingId) {
      if (!UUID.test(recordingId)) return null;
      return await database.use(
        async (em) =>
          await readRecording(em, {
            access: `${MEMBER} where recording.id = ?`,
            parameters: [memberId, recordingId],
            withJobs: true,
          }),
      );
    },

    async listRecordings(memberId, { bandId, search = '', before = null, limit }) {
      const [, micros, id] = CURSOR.exec(before ?? '') ?? [];
      if (!UUID.test(bandId)) return { recordings: [], next: null };
      const rows = await database.use(
        async (em) =>
          await em.execute<ListedRow[]>(
            `select recording.id, title, duration_seconds as "durationSeconds", to_json(created_at) as "createdAt", ${KEPT_BYTES} as bytes,
               strategies, "keptUntil", running.jobs as running, (extract(epoch from created_at) * 1000000)::bigint || '-' || recording.id as cursor
             from (select recording.* from recording ${MEMBER} where recording.band_id = ? and title ilike all (?::text[])
               ${micros === undefined ? '' : "and (recording.created_at, recording.id) < (timestamptz 'epoch' + ? * interval '1 microsecond', ?)"}
               order by recording.created_at desc, recording.id desc limit ?) as recording,
               lateral (${DONE}) as done, lateral (${RUNNING}) as running
             order by created_at desc, recording.id desc`,
            [memberId, bandId, patterns(search), ...(micros === undefined ? [] : [Number(micros), id]), limit + 1],
          ),
      );
      return {
        recordings: rows.slice(0, limit).map(toListedRecording),
        next: rows.length > limit ? (rows[limit - 1]?.cursor ?? null) : null,
      };
    },

    async listJobs(memberId, { bandId, limit, unfinishedOnly = false }) {
      if (!UUID.test(bandId)) return [];
      const rows = await database.use(
        async (em) =>
          await em.execute<Written<ListedJob>[]>(
            `select job.id, job.code, ${MAKES} as strategy, job.quality, job.state, job.stage, job.fraction, chat_identity.display_name as "requestedBy",
               job.outcome -> 'failure' as failure, to_json(job.created_at) as "createdAt", to_json(job.ended_at) as "endedAt",
               recording.id as "recordingId", coalesce(recording.title, job.request #>> '{command,source,name}') as title
             from job join membership on membership.band_id = job.band_id and membership.member_id = ?
             join chat_identity on chat_identity.id = job.requester_id left join recording on recording.id = job.recording_id
             where job.band_id = ? ${unfinishedOnly ? "and job.state in ('queued', 'running')" : ''}
             order by job.created_at desc, job.id desc limit ?`,
            [memberId, bandId, limit],
          ),
      );
      return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), endedAt: dateOf(row.endedAt) }));
    },

    async rename(memberId, recordingId, title) {
      if (!UUID.test(recordingId)) return null;
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ title: string; bandId: string }[]>(
          `update recording set title = ? from membership where recording.id = ?
             and membership.band_id = recording.band_id and membership.member_id = ? returning title, recording.band_id as "bandId"`,
          [displayTitle(title), recordingId, memberId],
        );
        if (row === undefined) return null;
        await noteAudit(em, { kind: 'recording.renamed', memberId, bandId: row.bandId, facts: { recordingId } });
        return row.title;
      });
    },

    async remove(memberId, recordingId) {
      if (!UUID.test(recordingId)) return 'none';
      // Where the answer to the first try was lost, the second finds nothing.
      let wasThere = false;
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ bandId: string }[]>(
          `select recording.band_id as "bandId" from recording ${MEMBER} where recording.id = ? for update of recording`,
          [memberId, recordingId],
        );
        if (row === undefined) return wasThere ? 'removed' : 'none';
        if (!(await removeRecording(em, recordingId))) return 'busy';
        wasThere = true;
        await noteAudit(em, { kind: 'recording.deleted', memberId, bandId: row.bandId, facts: { recordingId } });
        return 'removed';
      });
    },
  };
}

interface ListedRow extends Written<ListedRecording> {
  readonly cursor: string;
}

function toListedRecording(row: ListedRow): ListedRecording {
  const { id, title, durationSeconds, createdAt, bytes, strategies, keptUntil, running } = row;
  const dates = { createdAt: new Date(createdAt), keptUntil: dateOf(keptUntil) };
  return { id, title, durationSeconds, bytes, strategies, running, ...dates };
}

/** What each word looks like to LIKE, where some characters mean more than themselves. */
function patterns(search: string): string {
  const words = search.normalize('NFC').split(/\s+/u).filter(Boolean).slice(0, MOST_WORDS);
  return sqlArray(words.map((word) => `%${word.replaceAll(/[%_\\]/gu, String.raw`\$&`)}%`));
}
