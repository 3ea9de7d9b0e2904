import type { Jobs } from '../../db/jobs.repository.ts';
import type { Library } from '../../db/library.repository.ts';
import type { Retention } from '../../db/retention.repository.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ControlActivities } from '../../workflows/contract/control-activities.ts';
import type { FinishedStems, SeparationResult } from '../../workflows/contract/stems.ts';
import { separationMetadata } from './metadata.ts';
import type { PlanSeparation } from './plan-separation.ts';

export interface ControlDeps {
  readonly jobs: Pick<Jobs, 'open' | 'createdAt' | 'end'>;
  readonly library: Library;
  readonly retention: Retention;
  readonly blobs: BlobStore;
  readonly plan: PlanSeparation;
  readonly fetchLink: ControlActivities['fetchLink'];
}

const SWEEP_BATCH = 200;

/** Queue `control`: everything that reads and writes rows. */
export function createControlActivities(deps: ControlDeps): ControlActivities {
  const { jobs, library, blobs, plan } = deps;
  return {
    async fetchLink({ jobId, url }) {
      const source = await deps.fetchLink({ jobId, url });
      await library.noteSource({ jobId, source });
      return source;
    },

    async openJob({ request, workflowId }) {
      const planned = plan(request.command.strategy, request.command.quality);
      if ('code' in planned) {
        const { jobId } = await jobs.open({ request, workflowId, plan: null });
        return { jobId, plan: null, refusal: planned };
      }
      const { jobId } = await jobs.open({ request, workflowId, plan: planned });
      return { jobId, plan: planned };
    },

    async findEarlier(input) {
      const earlier = await library.findEarlier(input);
      // Rows outlive blobs only when somebody cleared the store by hand; then it is computed again.
      return earlier !== null && (await everyBlobIsThere(blobs, earlier.finished)) ? earlier : null;
    },

    async saveRecording(input) {
      await library.saveRecording(input);
    },

    async saveResult({ jobId, plan: separationPlan, format, recording, finished, files }) {
      const createdAt = await jobs.createdAt(jobId);
      const seconds = (Date.now() - createdAt.getTime()) / 1000;
      const unlisted: SeparationResult = {
        recording: { sha256: recording.sha256, durationSeconds: recording.durationSeconds, title: recording.title },
        strategy: separationPlan.strategy,
        quality: separationPlan.quality,
        format,
        finished,
        files,
        seconds,
      };
      const bytes = new TextEncoder().encode(separationMetadata(unlisted, recording));
      const blob = await blobs.put(`metadata/${jobId}.json`, once(bytes));
      const result = { ...unlisted, files: [...files, { name: 'metadata', fileName: 'metadata.json', blob }] };
      await library.saveResult({ jobId, plan: separationPlan, result });
      return result;
    },

    async endJob({ jobId, outcome }) {
      await jobs.end(jobId, outcome);
    },

    async sweepExpired() {
      return { deleted: await sweep(deps) };
    },
  } satisfies ControlActivities;
}

/** One batch of what has expired; when nothing has, the store is searched for blobs that no row holds. */
async function sweep({ retention, blobs }: ControlDeps): Promise<number> {
  const keys = await retention.takeExpired(SWEEP_BATCH);
  for (const key of keys) {
    await blobs.delete(key);
  }
  await retention.confirmDeleted(keys);
  if (keys.length === 0) {
    let batch: string[] = [];
    for await (const key of blobs.list('')) {
      batch.push(key);
      if (batch.length === SWEEP_BATCH) {
        await retention.doomUnheld(batch);
        batch = [];
      }
    }
    await retention.doomUnheld(batch);
  }
  return keys.length;
}

async function everyBlobIsThere(blobs: BlobStore, { stems, residual }: FinishedStems): Promise<boolean> {
  const heads = await Promise.all(
    [...stems, residual].flatMap((stem) => [blobs.head(stem.pcm.key), blobs.head(stem.waveform.key)]),
  );
  return heads.every((head) => head !== null);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
