/** A recording with all that is kept of it, read in one statement, whoever looks at it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FailureReport } from '../workflows/contract/failure.ts';
import type { JobStage, JobState } from '../workflows/contract/job.ts';
import type { PcmBlob, StoredBlob } from '../workflows/contract/recording.ts';
import type { Quality } from '../workflows/contract/request.ts';
import type { FinishedStem } from '../workflows/contract/stems.ts';

export interface RecordingView {
  readonly id: string;
  readonly bandId: string;
  readonly bandName: string;
  /** Of the bytes that were handed over. */
  readonly sha256: string;
  readonly title: string;
  readonly durationSeconds: number;
  readonly createdAt: Date;
  /** All that is kept of it for longer than the upload. */
  readonly bytes: number;
  /** Null where its audio is not kept any more. */
  readonly canonical: PcmBlob | null;
  readonly working: PcmBlob | null;
  /** Those of which everything is kept, newest first. */
  readonly separations: readonly SeparationView[];
  /** Newest first; none for whoever looks by a shared link. */
  readonly jobs: readonly RecordingJob[];
}

export interface SeparationView {
  readonly id: string;
  readonly planKey: string;
  readonly strategy: string;
  readonly quality: Quality;
  readonly nullDepthDb: number | null;
  readonly createdAt: Date;
  /** When the first part of it goes; null keeps it. */
  readonly keptUntil: Date | null;
  /** In the strategy's order, the residual last. */
  readonly stems: readonly StemView[];
  /** What was encoded for chats, by name. A stem's WAV is its `pcm`. */
  readonly files: readonly FileView[];
}

export interface StemView extends FinishedStem {
  readonly isResidual: boolean;
}

export interface FileView {
  /** Of the stem, or of the mix that was asked for. */
  readonly name: string;
  /** Such as `vocals.opus`. */
  readonly fileName: string;
  readonly blob: StoredBlob;
}

export interface RecordingJob {
  readonly id: string;
  readonly code: string;
  /** Or the command, where it makes no stems. */
  readonly strategy: string;
  readonly quality: Quality | null;
  readonly state: JobState;
  readonly stage: JobStage | null;
  /** 0 to 1 within the stage. */
  readonly fraction: number;
  readonly requestedBy: string;
  readonly failure: FailureReport | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Any id that is not a UUID is nobody's, rather than an error of the database. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const KEPT = '(expires_at is null or expires_at > now())';

/** The blob rows of one recording in its band, by what they were made from. */
const OF_RECORDING = `artefact.band_id = recording.band_id and artefact.lineage ->> 'recordingSha256' = recording.sha256`;

/** Bytes that its band keeps of `recording`, a row of the statement around it. */
export const KEPT_BYTES = `(select coalesce(sum(bytes), 0)::float8 from artefact where ${OF_RECORDING} and ${KEPT})`;

const STEMS = `json_agg(json_build_object('name', stem.name, 'isResidual', stem.is_residual, 'pcm', stem.pcm, 'waveform', stem.waveform,
    'loudnessLufs', stem.loudness_lufs, 'peakDbtp', stem.peak_dbtp, 'gainDb', stem.gain_db) order by stem."order")
    filter (where held.id = stem.pcm_artefact_id) as stems`;

/** What is whole and kept of the separations of `recording`, a row of the statement around it; `until` is when the first part goes. */
export function keptSeparations(columns: string): string {
  return `select separation.*, kept.* from separation, lateral (
      select min(held.expires_at) as until, bool_and(held.expires_at is null or held.expires_at > now()) as whole ${columns}
      from stem join artefact held on held.id in (stem.pcm_artefact_id, stem.waveform_artefact_id)
      where stem.separation_id = separation.id) as kept
    where separation.recording_id = recording.id and kept.whole`;
}

const FILES = `select coalesce(json_agg(json_build_object('name', lineage ->> 'name', 'fileName', lineage ->> 'fileName',
    'blob', json_build_object('key', blob_key, 'bytes', bytes, 'sha256', sha256)) order by lineage ->> 'fileName'), '[]')
  from artefact where ${OF_RECORDING} and kind = 'encoded' and lineage ->> 'planKey' = done.plan_key and ${KEPT}`;

/** What a job makes: stems by a strategy, or what its command is called. */
export const MAKES = `coalesce(job.strategy, job.request #>> '{command,kind}')`;

const JOBS = `select json_agg(json_build_object('id', job.id, 'code', job.code, 'strategy', ${MAKES}, 'quality', job.quality,
    'state', job.state, 'stage', job.stage, 'fraction', job.fraction, 'requestedBy', chat_identity.display_name,
    'failure', job.outcome -> 'failure', 'createdAt', job.created_at, 'endedAt', job.ended_at) order by job.created_at desc, job.id)
  from job join chat_identity on chat_identity.id = job.requester_id where job.recording_id = recording.id`;

interface Look {
  /** More columns, after a comma of ours. */
  readonly columns?: string;
  /** Joins `recording` to whatever lets this one look, and names the one that is looked for; with `?` for `parameters`. */
  readonly access: string;
  readonly parameters: readonly string[];
  readonly withJobs: boolean;
}

/** @typeParam Extra what `columns` are */
export async function readRecording<Extra = unknown>(
  em: EntityManager,
  { columns, access, parameters, withJobs }: Look,
): Promise<(RecordingView & Extra) | null> {
  const [row] = await em.execute<(Row & Extra)[]>(
    `select recording.id, recording.band_id as "bandId", band.name as "bandName", recording.sha256, title,
       duration_seconds as "durationSeconds", to_json(recording.created_at) as "createdAt", ${KEPT_BYTES} as bytes,
       (select canonical from artefact where id = canonical_artefact_id and ${KEPT}) as canonical,
       (select working from artefact where id = working_artefact_id and ${KEPT}) as working,
       (select json_agg(json_build_object('id', id, 'planKey', plan_key, 'strategy', strategy, 'quality', quality,
          'nullDepthDb', null_depth_db, 'createdAt', created_at, 'keptUntil', until, 'stems', stems, 'files', (${FILES}))
          order by created_at desc, id) from (${keptSeparations(`, ${STEMS}`)}) as done) as separations,
       ${withJobs ? `(${JOBS})` : 'null'} as jobs ${columns === undefined ? '' : `, ${columns}`}
     from recording join band on band.id = recording.band_id ${access}`,
    [...parameters],
  );
  return row === undefined ? null : { ...row, ...toView(row) };
}

/** As a statement answers: times are text. */
export type Written<T> = {
  readonly [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

interface Row extends Written<Omit<RecordingView, 'separations' | 'jobs'>> {
  readonly separations: readonly Written<SeparationView>[] | null;
  readonly jobs: readonly Written<RecordingJob>[] | null;
}

function toView({ separations, jobs, ...row }: Row): RecordingView {
  return {
    ...row,
    createdAt: new Date(row.createdAt),
    separations: (separations ?? []).map((separation) => ({
      ...separation,
      createdAt: new Date(separation.createdAt),
      keptUntil: dateOf(separation.keptUntil),
    })),
    jobs: (jobs ?? []).map((job) => ({ ...job, createdAt: new Date(job.createdAt), endedAt: dateOf(job.endedAt) })),
  };
}

export function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
