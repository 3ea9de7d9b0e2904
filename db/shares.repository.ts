// What members and bands may use of a machine that they share. Reserved before anything is computed, given back when nothing was.
// Whoever sits at the machine itself has all of it: the console has no shares.
import type { EntityManager } from '@mikro-orm/postgresql';
import { refusal } from '../workflows/contract/failure.ts';
import type { FailureReport } from '../workflows/contract/failure.ts';
import type { JobOutcome } from '../workflows/contract/job.ts';
import type { Platform, Requester } from '../workflows/contract/request.ts';
import type { Database } from './orm.ts';
import type { ShareKind } from './share.entity.ts';

export interface ShareLimits {
  readonly jobsPerMemberAndHour: number;
  readonly audioMinutesPerBandAndDay: number;
  readonly megabytesPerBandAndDay: number;
  readonly commandsPerMemberAndMinute: number;
}

export interface Share {
  readonly limit: number;
  readonly left: number;
  /** When something of it frees; null while nothing is used. */
  readonly freeInSeconds: number | null;
}

export interface Shares {
  /** Counts one command; says when the next is free where there were too many within a minute. */
  countCommand(
    requester: Requester,
  ): Promise<{ readonly allowed: true } | { readonly allowed: false; readonly freeInSeconds: number }>;
  /** Null for the console. */
  left(
    bandId: string,
    requester: Requester,
  ): Promise<{ readonly jobs: Share; readonly audioMinutes: Share; readonly megabytes: Share } | null>;
  /** Of the job's band. Again, it replaces what was reserved. @throws what `refuse` throws: `quota-minutes`, `quota-bytes`. */
  reserveAudio(input: { readonly jobId: string; readonly seconds: number; readonly bytes: number }): Promise<void>;
}

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;
const MEGABYTE = 1_000_000;

export function createShares(database: Database, limits: ShareLimits): Shares {
  return {
    async countCommand({ platform, userId }) {
      if (!isShared(platform)) return { allowed: true };
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ count: number; left: number }[]>(
          `insert into command_count (platform, user_id, minute, count) values (?, ?, date_trunc('minute', now()), 1)
           on conflict (platform, user_id, minute) do update set count = command_count.count + 1
           returning count, extract(epoch from minute + interval '1 minute' - now())::float8 as left`,
          [platform, userId],
        );
        await em.execute(
          `delete from command_count where platform = ? and user_id = ? and minute < now() - interval '1 hour'`,
          [platform, userId],
        );
        return row === undefined || row.count <= limits.commandsPerMemberAndMinute
          ? { allowed: true }
          : { allowed: false, freeInSeconds: Math.max(1, Math.ceil(row.left)) };
      });
    },

    async left(bandId, { platform, userId }) {
      if (!isShared(platform)) return null;
      return await database.use(async (em) => {
        const [person] = await em.execute<{ member: string }[]>(
          'select member_id as member from chat_identity where platform = ? and user_id = ?',
          [platform, userId],
        );
        const jobs =
          person === undefined ? NOTHING : await used(em, { column: 'member_id', id: person.member, kind: 'job' });
        const audio = await used(em, { column: 'band_id', id: bandId, kind: 'audio' });
        const bytes = await used(em, { column: 'band_id', id: bandId, kind: 'bytes' });
        return {
          jobs: share(limits.jobsPerMemberAndHour, jobs, 1),
          audioMinutes: share(limits.audioMinutesPerBandAndDay, audio, MINUTE_SECONDS),
          megabytes: share(limits.megabytesPerBandAndDay, bytes, MEGABYTE),
        };
      });
    },

    async reserveAudio({ jobId, seconds, bytes }) {
      await database.transaction(async (em) => {
        const { bandId, memberId, platform } = await ownersOf(em, jobId);
        if (!isShared(platform)) return;
        await lock(em, 'band_id', bandId);
        const wanted = [
          { kind: 'audio', amount: seconds, limit: limits.audioMinutesPerBandAndDay, unit: MINUTE_SECONDS },
          { kind: 'bytes', amount: bytes, limit: limits.megabytesPerBandAndDay, unit: MEGABYTE },
        ] as const;
        for (const { kind, amount, limit, unit } of wanted) {
          const others = await used(em, {
            column: 'band_id',
            id: bandId,
            kind,
            but: jobId,
            toFit: amount,
            limit: limit * unit,
          });
          if (others.amount + amount > limit * unit) throw overLimit(kind, limit, unit, others);
        }
        for (const { kind, amount } of wanted) await take(em, { jobId, memberId, bandId, kind, amount });
      });
    },
  };
}

function isShared(platform: Platform): boolean {
  return platform !== 'console';
}

interface Used {
  readonly amount: number;
  /** Until what was asked for fits, or anything frees where nothing was asked for; null where that never comes. */
  readonly freeInSeconds: number | null;
}
const NOTHING: Used = { amount: 0, freeInSeconds: null };

/** Null where the share suffices; then one job is reserved. Inside the transaction that makes the job. */
export async function reserveJob(
  em: EntityManager,
  job: { readonly jobId: string; readonly memberId: string; readonly bandId: string; readonly platform: Platform },
  limit: number,
): Promise<FailureReport | null> {
  const { jobId, memberId, bandId, platform } = job;
  if (!isShared(platform)) return null;
  await lock(em, 'member_id', memberId);
  const others = await used(em, { column: 'member_id', id: memberId, kind: 'job', but: jobId, toFit: 1, limit });
  if (others.amount + 1 > limit) {
    const minutesUntilFree = Math.max(1, Math.ceil((others.freeInSeconds ?? HOUR_SECONDS) / MINUTE_SECONDS));
    return { code: 'quota-jobs', facts: { limit, minutesUntilFree } };
  }
  await take(em, { jobId, memberId, bandId, kind: 'job', amount: 1 });
  return null;
}

/** Nothing was computed, or for nothing: the shares are whole again. Inside the transaction that ends the job. */
export async function giveBack(em: EntityManager, jobId: string, outcome: JobOutcome): Promise<void> {
  if (outcome.state === 'done' && !outcome.reused) return;
  // Whoever cancels what is being computed has had the machine's time.
  await em.execute(
    `update share_use set given_back_at = now() from job
     where job.id = share_use.job_id and job.id = ? and given_back_at is null
       and (? <> 'cancelled' or job.separating_at is null)`,
    [jobId, outcome.state],
  );
}

/** What a song took of its band's bytes: it is deleted. The machine's time that it took stays taken. */
export async function giveBackBytes(em: EntityManager, recordingId: string): Promise<void> {
  await em.execute(
    `update share_use set given_back_at = now() from job where job.id = share_use.job_id and job.recording_id = ?
       and share_use.kind = 'bytes' and given_back_at is null`,
    [recordingId],
  );
}

async function take(
  em: EntityManager,
  use: {
    readonly jobId: string;
    readonly memberId: string;
    readonly bandId: string;
    readonly kind: ShareKind;
    readonly amount: number;
  },
): Promise<void> {
  // A job that has ended gave back what it had: an activity that was thought dead must not take it again.
  await em.execute(
    `insert into share_use (job_id, member_id, band_id, kind, amount)
     select job.id, ?::uuid, ?::uuid, ?, ?::float8 from job where job.id = ? and job.state in ('queued', 'running') for share
     on conflict (job_id, kind) do update set amount = excluded.amount`,
    [use.memberId, use.bandId, use.kind, use.amount, use.jobId],
  );
}

async function used(
  em: EntityManager,
  of: {
    readonly column: 'member_id' | 'band_id';
    readonly id: string;
    readonly kind: ShareKind;
    /** A job that does not count. */
    readonly but?: string;
    /** With `limit`, in the same unit. */
    readonly toFit?: number;
    readonly limit?: number;
  },
): Promise<Used> {
  const windowSeconds = of.kind === 'job' ? HOUR_SECONDS : DAY_SECONDS;
  const { toFit, limit = Number.POSITIVE_INFINITY } = of;
  const tooMuch = toFit === undefined || !Number.isFinite(limit) ? null : toFit - limit;
  const [row] = await em.execute<{ amount: number; free: number | null }[]>(
    `select coalesce(sum(amount), 0)::float8 as amount,
       extract(epoch from min(created_at) filter (where freed >= coalesce(total + ?::float8, 0))
         + make_interval(secs => ?) - clock_timestamp())::float8 as free
     from (select amount, created_at, sum(amount) over (order by created_at, id) as freed, sum(amount) over () as total
       from share_use where ${of.column} = ? and kind = ? and given_back_at is null
         and created_at > now() - make_interval(secs => ?) and job_id is distinct from ?) as counted`,
    [tooMuch, windowSeconds, of.id, of.kind, windowSeconds, of.but ?? null],
  );
  return { amount: row?.amount ?? 0, freeInSeconds: row?.free ?? null };
}

function share(limit: number, { amount, freeInSeconds }: Used, unit: number): Share {
  return {
    limit,
    left: Math.max(0, Math.floor(limit - amount / unit)),
    freeInSeconds: freeInSeconds === null ? null : Math.max(1, Math.ceil(freeInSeconds)),
  };
}

function overLimit(kind: 'audio' | 'bytes', limit: number, unit: number, others: Used): Error {
  return refusal(kind === 'audio' ? 'quota-minutes' : 'quota-bytes', {
    limit,
    left: Math.max(0, Math.floor(limit - others.amount / unit)),
    hoursUntilFree: Math.max(1, Math.ceil((others.freeInSeconds ?? DAY_SECONDS) / HOUR_SECONDS)),
  });
}

interface Owners {
  readonly bandId: string;
  readonly memberId: string;
  readonly platform: Platform;
}

async function ownersOf(em: EntityManager, jobId: string): Promise<Owners> {
  const [row] = await em.execute<Owners[]>(
    `select job.band_id as "bandId", chat_identity.member_id as "memberId", chat_identity.platform from job
     join chat_identity on chat_identity.id = job.requester_id where job.id = ?`,
    [jobId],
  );
  if (row === undefined) throw new Error(`no job ${jobId}`);
  return row;
}

/** Two that ask at once must not both get the last of it. Held until the transaction ends. */
async function lock(em: EntityManager, whose: string, id: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 1))', [`share ${whose} ${id}`]);
}
