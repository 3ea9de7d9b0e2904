import type { EntityManager } from '@mikro-orm/postgresql';
import { JOB_STAGES } from '../workflows/contract/job.ts';
import type { ProgressReport } from '../workflows/contract/job.ts';
import { JOB_CHANNEL } from './notify.ts';

const KEPT_LINES = 8;
const LONGEST_LINE = 200;

/** Stages as an SQL array, so that their order can be compared there; the names are constants of ours. */
const STAGES = `array[${JOB_STAGES.map((stage) => `'${stage}'`).join(', ')}]`;

/**
 * One statement, so that reports of two attempts may cross: a job's place only moves forward. A line that repeats the last one
 * (a second attempt) is dropped, and a report that changes nothing visible neither raises the version nor wakes anybody.
 *
 * All that is compared comes from the row as it is once it is locked (`place`): the update by itself would first filter by the
 * row as it was when the statement began.
 */
export async function recordProgress(
  em: EntityManager,
  { jobId, stage, fraction, line }: ProgressReport,
): Promise<void> {
  const rank = JOB_STAGES.indexOf(stage) + 1;
  if (rank === 0 || !(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`progress must be 0 to 1 in a known stage, found ${String(fraction)} in ${stage}`);
  }
  const text = line === undefined ? null : line.slice(0, LONGEST_LINE);
  await em.execute(
    `with report as (select ?::uuid as id, ?::text as stage, ?::int as rank, ?::float8 as fraction, ?::text as line),
     place as (
       select job.id, job.version, job.log, job.fraction as before, report.stage, report.fraction, report.line,
         coalesce(array_position(${STAGES}, job.stage), 0) < report.rank as advances,
         report.line is not null and report.line is distinct from job.log ->> -1 as speaks
       from job join report on job.id = report.id
       where job.state in ('queued', 'running') and coalesce(array_position(${STAGES}, job.stage), 0) <= report.rank
       for update of job),
     moved as (
       update job set
         state = 'running', stage = place.stage, version = place.version + 1,
         fraction = case when place.advances then place.fraction else greatest(place.before, place.fraction) end,
         log = case when not place.speaks then place.log
           else (case when jsonb_array_length(place.log) >= ${String(KEPT_LINES)} then place.log - 0 else place.log end) || jsonb_build_array(place.line) end,
         started_at = coalesce(started_at, now()),
         separating_at = case when place.stage in ('separate', 'listen') then coalesce(separating_at, now()) else separating_at end
       from place where job.id = place.id and (place.advances or place.speaks or place.fraction > place.before)
       returning job.id)
     select pg_notify('${JOB_CHANNEL}', id::text) from moved`,
    [jobId, stage, rank, fraction, text],
  );
}
