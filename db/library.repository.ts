import type { EntityManager, InferEntity } from '@mikro-orm/postgresql';
import { displayTitle } from '../workflows/contract/display-title.ts';
import type { DecodedRecording, StoredSource } from '../workflows/contract/recording.ts';
import type {
  DeliveredFile,
  FinishedStem,
  FinishedStems,
  SeparationPlan,
  SeparationResult,
} from '../workflows/contract/stems.ts';
import type { HeldBlob } from './artefacts.ts';
import { holdBlobs, prolong } from './artefacts.ts';
import { Job } from './job.entity.ts';
import { attachRecording } from './attach-recording.ts';
import type { Database } from './orm.ts';
import { Recording } from './recording.entity.ts';
import { Separation, Stem } from './separation.entity.ts';

export interface Library {
  /**
   * What the job's band already has of these bytes under this plan, all of it and still kept; null otherwise. Being asked for
   * again prolongs its keeping time, and the job is now about this recording.
   */
  findEarlier(input: {
    readonly jobId: string;
    readonly recordingSha256: string;
    readonly planKey: string;
  }): Promise<{ readonly recording: DecodedRecording; readonly finished: FinishedStems } | null>;
  /** An upload, from the moment it is stored: so that it goes after its time, whatever becomes of the job. */
  noteSource(input: { readonly jobId: string; readonly source: StoredSource }): Promise<void>;
  /** What an earlier job of the same band was given, while it is kept; null otherwise. */
  findSource(input: { readonly jobId: string; readonly earlierJobId: string }): Promise<StoredSource | null>;
  /** Files that somebody was given a link to: kept as long as the band keeps things. */
  holdFiles(input: { readonly jobId: string; readonly files: readonly DeliveredFile[] }): Promise<void>;
  /** The recording with its audio, and that the job is about it. Again, it changes nothing. */
  saveRecording(input: {
    readonly jobId: string;
    readonly source: StoredSource;
    readonly recording: DecodedRecording;
  }): Promise<void>;
  /** Stems and every file in one transaction. Again, it changes nothing. */
  saveResult(input: {
    readonly jobId: string;
    readonly plan: SeparationPlan;
    readonly result: SeparationResult;
  }): Promise<void>;
}

/** An upload is needed until it is decoded, and for a look at what went wrong. */
const UPLOAD_HOURS = 24;

export function createLibrary(database: Database, { uploadHours = UPLOAD_HOURS } = {}): Library {
  return {
    async findEarlier({ jobId, recordingSha256, planKey }) {
      return await database.transaction(async (em) => {
        const bandId = await bandOf(em, jobId);
        const recording = await em.findOne(Recording, { band: bandId, sha256: recordingSha256 });
        if (recording?.canonicalArtefact == null || recording.workingArtefact == null) return null;
        const separation = await em.findOne(Separation, { recording: recording.id, planKey });
        if (separation === null) return null;
        const rows = await em.find(Stem, { separation: separation.id }, { orderBy: { order: 'asc' } });
        const residual = rows.find(({ isResidual }) => isResidual);
        if (residual === undefined) return null;
        const artefacts = rows.flatMap(({ pcmArtefact, waveformArtefact }) => [pcmArtefact.id, waveformArtefact.id]);
        const audio = [recording.canonicalArtefact.id, recording.workingArtefact.id];
        if (!(await prolong(em, bandId, [...audio, ...artefacts]))) return null;
        await attachRecording(em, jobId, recording.id, recording.durationSeconds);
        const { sha256, title, durationSeconds, canonical, working } = recording;
        return {
          recording: { sha256, title, durationSeconds, canonical, working },
          finished: {
            stems: rows.filter(({ isResidual }) => !isResidual).map(toFinishedStem),
            residual: toFinishedStem(residual),
            nullDepthDb: separation.nullDepthDb,
          },
        };
      });
    },

    async noteSource({ jobId, source }) {
      await database.transaction(async (em) => {
        await holdBlobs(em, await bandOf(em, jobId), [heldSource(jobId, source)], uploadHours);
      });
    },

    async findSource({ jobId, earlierJobId }) {
      return await database.use(async (em) => {
        const earlier = await firstOf(em, await bandOf(em, jobId), earlierJobId);
        if (earlier === null) return null;
        const [held] = await em.execute<{ key: string; bytes: string; sha256: string }[]>(
          `select blob_key as key, bytes, sha256 from artefact where band_id = ? and kind = 'source'
             and lineage ->> 'job' = ? and (expires_at is null or expires_at > now()) order by created_at desc limit 1`,
          [earlier.band.id, earlier.id],
        );
        if (held === undefined) return null;
        const { source } = earlier.request.command;
        const title = earlier.recording?.title ?? (source.kind === 'link' ? 'song' : displayTitle(source.name));
        return { key: held.key, bytes: Number(held.bytes), sha256: held.sha256, title };
      });
    },

    async holdFiles({ jobId, files }) {
      await database.transaction(async (em) => {
        const held = files.map(({ name, fileName, blob }): HeldBlob => ({
          kind: 'encoded',
          blob,
          lineage: { job: jobId, name, fileName },
        }));
        await holdBlobs(em, await bandOf(em, jobId), held, uploadHours);
      });
    },

    async saveRecording({ jobId, source, recording }) {
      await database.transaction(async (em) => {
        const bandId = await bandOf(em, jobId);
        const { sha256, title, durationSeconds, canonical, working } = recording;
        const lineage = { job: jobId, recordingSha256: sha256 };
        const ids = await holdBlobs(
          em,
          bandId,
          [
            heldSource(jobId, source),
            { kind: 'canonical', blob: canonical, lineage },
            { kind: 'working', blob: working, lineage },
          ],
          uploadHours,
        );
        const row = await em.upsert(
          Recording,
          {
            band: bandId,
            sha256,
            title,
            durationSeconds,
            canonical,
            working,
            canonicalArtefact: idOf(ids, canonical.key),
            workingArtefact: idOf(ids, working.key),
          },
          {
            onConflictFields: ['band', 'sha256'],
            onConflictAction: 'merge',
            onConflictMergeFields: [
              'title',
              'durationSeconds',
              'canonical',
              'working',
              'canonicalArtefact',
              'workingArtefact',
            ],
          },
        );
        await attachRecording(em, jobId, row.id, durationSeconds);
      });
    },

    async saveResult({ jobId, plan, result }) {
      await database.transaction(async (em) => {
        const bandId = await bandOf(em, jobId);
        const recording = await em.findOneOrFail(Recording, { band: bandId, sha256: result.recording.sha256 });
        const ids = await holdBlobs(em, bandId, heldResult(jobId, plan, result), uploadHours);
        const separation = await em.upsert(
          Separation,
          {
            recording: recording.id,
            planKey: plan.planKey,
            strategy: plan.strategy,
            quality: plan.quality,
            nullDepthDb: result.finished.nullDepthDb,
          },
          {
            onConflictFields: ['recording', 'planKey'],
            onConflictAction: 'merge',
            onConflictMergeFields: ['nullDepthDb'],
          },
        );
        await em.nativeDelete(Stem, { separation: separation.id });
        const stems = [...result.finished.stems, result.finished.residual];
        await em.insertMany(
          Stem,
          stems.map((stem, order) => ({
            separation: separation.id,
            ...stem,
            order,
            isResidual: stem === result.finished.residual,
            pcmArtefact: idOf(ids, stem.pcm.key),
            waveformArtefact: idOf(ids, stem.waveform.key),
          })),
        );
      });
    },
  };
}

/** A retry of a retry of …: nobody presses that often while an upload is kept. */
const LONGEST_CHAIN = 50;

/** The job that was given the bytes, where this one was a retry itself; null where one of them is not of this band. */
async function firstOf(em: EntityManager, band: string, jobId: string): Promise<InferEntity<typeof Job> | null> {
  let id = jobId;
  for (let link = 0; link < LONGEST_CHAIN; link += 1) {
    const job = await em.findOne(Job, { id, band }, { populate: ['recording'] });
    const source = job?.request.command.source;
    if (source?.kind !== 'earlier') return job;
    id = source.jobId;
  }
  return null;
}

async function bandOf(em: EntityManager, jobId: string): Promise<string> {
  return (await em.findOneOrFail(Job, { id: jobId })).band.id;
}

function heldSource(jobId: string, { key, bytes, sha256 }: StoredSource): HeldBlob {
  return { kind: 'source', blob: { key, bytes, sha256 }, lineage: { job: jobId } };
}

function heldResult(
  jobId: string,
  plan: SeparationPlan,
  { recording, finished, mixed, files }: SeparationResult,
): HeldBlob[] {
  const lineage = { job: jobId, recordingSha256: recording.sha256, planKey: plan.planKey };
  return [
    ...[...finished.stems, finished.residual, ...(mixed === null ? [] : [mixed])].flatMap(
      ({ name, pcm, waveform }): HeldBlob[] => [
        { kind: 'stem', blob: pcm, lineage: { ...lineage, stem: name } },
        { kind: 'waveform', blob: waveform, lineage: { ...lineage, stem: name } },
      ],
    ),
    ...files.map(({ name, fileName, blob }): HeldBlob => ({
      kind: fileName === 'metadata.json' ? 'metadata' : 'encoded',
      blob,
      lineage: { ...lineage, name, fileName },
    })),
  ];
}

function idOf(ids: ReadonlyMap<string, string>, blobKey: string): string {
  const id = ids.get(blobKey);
  if (id === undefined) throw new Error(`no artefact row for ${blobKey}`);
  return id;
}

function toFinishedStem(stem: FinishedStem): FinishedStem {
  const { name, pcm, loudnessLufs, peakDbtp, gainDb, waveform } = stem;
  return { name, pcm, loudnessLufs, peakDbtp, gainDb, waveform };
}
