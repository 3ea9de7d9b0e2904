import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { Jobs } from '../../db/jobs.repository.ts';
import type { Library } from '../../db/library.repository.ts';
import type { Renderings } from '../../db/renderings.repository.ts';
import type { LinkWaits } from '../../db/link-waits.repository.ts';
import type { Retention } from '../../db/retention.repository.ts';
import type { Shares } from '../../db/shares.repository.ts';
import type { Sheets } from '../../db/sheets.repository.ts';
import type { TabPreferencesStore } from '../../db/tab-preferences.repository.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ControlActivities } from '../../workflows/contract/control-activities.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { JobPlan } from '../../workflows/contract/job.ts';
import type { JobRequest } from '../../workflows/contract/request.ts';
import type { FinishedStems, SeparationResult } from '../../workflows/contract/stems.ts';
import { bytesOf } from '../small-blobs.ts';
import { separationMetadata } from './metadata.ts';
import { planSheet } from './plan-sheet.ts';
import type { SheetPlanner } from './plan-sheet.ts';
import { createSheetActivities } from './sheet-activities.ts';
import { unknownStems } from './unknown-stems.ts';

export interface ControlDeps extends SheetPlanner {
  readonly jobs: Pick<Jobs, 'open' | 'createdAt' | 'end' | 'learnSurface'>;
  readonly library: Library;
  readonly shares: Pick<Shares, 'reserveAudio'>;
  readonly renderings: Pick<Renderings, 'open' | 'save' | 'fail'>;
  readonly retention: Retention;
  readonly linkWaits: Pick<LinkWaits, 'note'>;
  readonly blobs: BlobStore;
  readonly sheets: Sheets;
  readonly tabPreferences: Pick<TabPreferencesStore, 'usual'>;
  readonly fetchLink: ControlActivities['fetchLink'];
  /** Null where no web address is configured. */
  readonly linkFiles: LinkFiles | null;
}

/** Signs links that end; whoever answers them (web-auth) makes them. */
export type LinkFiles = ControlActivities['makeLinks'];

const SWEEP_BATCH = 200;

/** Queue `control`: everything that reads and writes rows. */
export function createControlActivities(deps: ControlDeps): ControlActivities {
  const { jobs, library, shares, blobs } = deps;
  return {
    async fetchLink({ jobId, url }) {
      const source = await deps.fetchLink({ jobId, url });
      await library.noteSource({ jobId, source });
      return source;
    },

    async openJob({ request, workflowId }) {
      const planned = await planOf(request, deps);
      const [plan, problem] = 'code' in planned ? [null, planned] : [planned, null];
      const { jobId, surfaceId, mirrors, refusal, link, turn } = await jobs.open({ request, workflowId, plan });
      const reason = problem ?? refusal;
      return plan === null || reason !== null
        ? { jobId, surfaceId, plan: null, refusal: reason ?? refuse('internal') }
        : {
            jobId,
            surfaceId,
            mirrors: mirrors.map(({ surfaceId: id, platform }) => ({ surfaceId: id, platform })),
            plan,
            link,
            turn,
          };
    },

    async takeUpload({ jobId, source: { key, bytes, sha256, name } }) {
      if ((await blobs.head(key)) === null) {
        return refuse('file-missing');
      }
      const source = { key, bytes, sha256, title: displayTitle(name) };
      await library.noteSource({ jobId, source });
      return source;
    },

    async awaitLink({ jobId, stage, endsAt }) {
      return await deps.linkWaits.note({ jobId, stage, endsAt: endsAt === null ? null : new Date(endsAt) });
    },

    async reuseSource({ jobId, earlierJobId }) {
      const source = await library.findSource({ jobId, earlierJobId });
      if (source === null || (await blobs.head(source.key)) === null) {
        return refuse('file-missing');
      }
      await library.noteSource({ jobId, source });
      return source;
    },

    async reserveAudio(input) {
      await shares.reserveAudio(input);
    },

    async makeLinks({ jobId, files }) {
      if (deps.linkFiles === null) {
        return [];
      }
      await library.holdFiles({ jobId, files });
      return await deps.linkFiles({ jobId, files });
    },

    async learnSurface(learned) {
      await jobs.learnSurface(learned);
    },

    async findEarlier(input) {
      const earlier = await library.findEarlier(input);
      // Rows outlive blobs only when somebody cleared the store by hand; then it is computed again.
      return earlier !== null && (await everyBlobIsThere(blobs, earlier.finished)) ? earlier : null;
    },

    async saveRecording(input) {
      await library.saveRecording(input);
    },

    async saveResult({ jobId, plan, format, pick, recording, finished, mixed, files }) {
      const createdAt = await jobs.createdAt(jobId);
      const seconds = (Date.now() - createdAt.getTime()) / 1000;
      const unlisted: SeparationResult = {
        recording: { sha256: recording.sha256, durationSeconds: recording.durationSeconds, title: recording.title },
        strategy: plan.strategy,
        quality: plan.quality,
        format,
        finished,
        pick,
        mixed,
        files,
        seconds,
      };
      const blob = await blobs.put(`metadata/${jobId}.json`, bytesOf(separationMetadata(unlisted, recording)));
      const result = { ...unlisted, files: [...files, { name: 'metadata', fileName: 'metadata.json', blob }] };
      await library.saveResult({ jobId, plan, result });
      return result;
    },

    ...createSheetActivities(deps),

    async endJob({ jobId, outcome }) {
      await jobs.end(jobId, outcome);
    },

    async openRendering({ renderingId }) {
      return await deps.renderings.open(renderingId);
    },

    async saveRendering({ renderingId, made }) {
      await deps.renderings.save(renderingId, made);
    },

    async failRendering({ renderingId, code }) {
      await deps.renderings.fail(renderingId, code);
    },

    async sweepExpired() {
      return { deleted: await sweep(deps) };
    },
  } satisfies ControlActivities;
}

/** How a command is to be done, or why it cannot be. */
async function planOf(
  { command, requester, address }: JobRequest,
  deps: Pick<ControlDeps, keyof SheetPlanner | 'tabPreferences'>,
): Promise<JobPlan | FailureReport> {
  if (command.kind !== 'split') {
    return planSheet(command, await deps.tabPreferences.usual({ requester, address }), deps);
  }
  const planned = deps.plan(command.strategy, command.quality);
  return 'code' in planned ? planned : (unknownStems(planned, command.pick) ?? planned);
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
