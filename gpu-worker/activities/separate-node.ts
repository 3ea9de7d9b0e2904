import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { Logger } from '../../runtime/log.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ComputeActivities, ComputeHeartbeat } from '../../workflows/contract/compute-activities.ts';
import { refusal } from '../../workflows/contract/failure.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import { createChunkCheckpoints } from '../engine/chunk-checkpoints.ts';
import { EngineTaskError } from '../engine/engine-error.ts';
import type { WindowRange } from '../engine/chunk-plan.ts';
import type { SeparatorChoice, SeparatorFacts } from '../engine/engine-tasks.ts';
import type { Engine } from '../engine/engine.ts';
import { nodeKey, slotBlobKey } from '../engine/node-key.ts';
import { EngineMemoryError, separateMix } from '../engine/separate-mix.ts';
import type { ChunkSize } from '../engine/separate-mix.ts';
import type { Device } from '../models/separator.ts';
import { wavHeaderBytes } from '../wav/wav-header.ts';

/** What the engine needs of the model store. */
export interface ModelFiles {
  /**
   * Downloads and compiles what is not there yet; `onProgress` only when it got further.
   * Thrown `model-missing` and the like as refusals.
   */
  ensure(
    modelId: string,
    options: { readonly signal: AbortSignal; readonly onProgress: () => void },
  ): Promise<{ readonly onnxPaths: readonly string[]; readonly compiledSha256s: readonly string[] }>;
}

export interface SeparateNodeDeps {
  readonly blobs: BlobStore;
  readonly models: ModelFiles;
  readonly engine: Engine;
  readonly device: Device;
  readonly reportProgress: ReportProgress;
  /** On the blob folder's file system where there is one: finished files are then renamed, not copied. */
  readonly scratchDir: string;
  readonly chunkSize: ChunkSize;
  readonly log: Logger;
}

type NodeInput = Parameters<ComputeActivities['separateNode']>[0];
type Slots = Readonly<Record<string, PcmBlob>>;

/** The activity: load, run the engine, store. It may run again at any time; what is finished is not computed again. */
export function createSeparateNode(deps: SeparateNodeDeps): ComputeActivities['separateNode'] {
  const { blobs, engine } = deps;
  return async (input) => {
    const { cancellationSignal: signal } = Context.current();
    const progress = createProgress(deps, input);
    const facts = await engine.run('describe', { separator: input.separator }, { signal });
    if (facts === null) throw new Error(`no separator ${input.separator} in this gpu-worker`);
    const { choice, modelSha256s } = await ensureModels(deps, input, facts, signal, progress.beat);
    const node = nodeKey({
      mixSha256: input.input.sha256,
      separator: input.separator,
      separatorVersion: facts.version,
      modelSha256s,
      quality: input.quality,
    });
    const folder = await mkdtemp(join(deps.scratchDir, 'node-'));
    try {
      const checkpoints = createChunkCheckpoints(blobs, node, folder);
      progress.resume(await checkpoints.list());
      const slots =
        (await findStored(blobs, node, facts.slots, input.input)) ??
        (await blobs.withFile(input.input.key, async (mixPath) => {
          const log = deps.log.child({ jobId: input.jobId, nodeKey: node, separator: input.separator });
          const { mix, chunks } = await separateMix({
            engine,
            checkpoints: {
              ...checkpoints,
              async store(range, sha256) {
                const path = await checkpoints.store(range, sha256);
                log.info({ chunk: chunkName(range) }, 'chunk stored');
                return path;
              },
            },
            choice,
            device: deps.device,
            mixPath,
            chunkSize: deps.chunkSize,
            signal,
            onComputed: (range) => log.info({ chunk: chunkName(range) }, 'chunk computed'),
            onBeat: progress.beat,
            onStored: progress.advance,
            onTrouble: ({ error, next }) => log.warn({ err: error, next }, 'the engine failed; going on'),
          });
          const stored = facts.slots.map(async (slot, index): Promise<[string, PcmBlob]> => {
            const wavPath = join(folder, `${slot}.wav`);
            const { sha256 } = await engine.run(
              'joinSlot',
              { choice, mix, slot: index, chunks, wavPath },
              { signal, onProgress: progress.beat },
            );
            const blob = await blobs.putFile(slotBlobKey(node, slot), wavPath, { consume: true, sha256 });
            progress.beat();
            return [slot, asPcm(blob, input.input)];
          });
          return Object.fromEntries(await allSettledOrThrow(stored));
        }));
      await checkpoints.forgetAll();
      return { slots };
    } catch (error) {
      throw translated(error, input);
    } finally {
      await progress.reported();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function ensureModels(
  { models }: SeparateNodeDeps,
  { separator, quality }: NodeInput,
  facts: SeparatorFacts,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<{ readonly choice: SeparatorChoice; readonly modelSha256s: readonly string[] }> {
  const modelPaths: [string, readonly string[]][] = [];
  const modelSha256s: string[] = [];
  for (const id of facts.models) {
    const { onnxPaths, compiledSha256s } = await models.ensure(id, { signal, onProgress });
    modelPaths.push([id, onnxPaths]);
    modelSha256s.push(...compiledSha256s);
  }
  return { choice: { separator, quality, modelPaths }, modelSha256s };
}

/** What an earlier attempt, or an earlier song with the same start of its tree, has finished. */
async function findStored(
  blobs: BlobStore,
  node: string,
  slots: readonly string[],
  mix: PcmBlob,
): Promise<Slots | null> {
  const bytes = wavHeaderBytes(mix.channels) + mix.samples * mix.channels * 4;
  const found: [string, PcmBlob][] = [];
  for (const slot of slots) {
    const blob = await blobs.head(slotBlobKey(node, slot));
    if (blob?.bytes !== bytes) return null;
    found.push([slot, asPcm(blob, mix)]);
  }
  return Object.fromEntries(found);
}

function chunkName({ first, last }: WindowRange): string {
  return `${String(first)}-${String(last)}`;
}

function asPcm({ key, bytes, sha256 }: Pick<PcmBlob, 'key' | 'bytes' | 'sha256'>, mix: PcmBlob): PcmBlob {
  return { key, bytes, sha256, rateHz: mix.rateHz, channels: mix.channels, samples: mix.samples };
}

/** As `Promise.all`, but nothing is still under way when it rejects. */
async function allSettledOrThrow<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}

interface Progress {
  /**
   * Tells how far earlier attempts came, in this one's first heartbeat: later ones may be held back until after a worker's death, and
   * whether a next attempt makes sense is judged by them.
   */
  readonly resume: (stored: readonly WindowRange[]) => void;
  readonly advance: (windows: { readonly done: number; readonly total: number }) => void;
  /** Got further in something that has no share of its own. */
  readonly beat: () => void;
  /** Resolves when the last report has been taken, or failed. */
  reported(): Promise<void>;
}

function createProgress(deps: SeparateNodeDeps, { jobId, progress: span }: NodeInput): Progress {
  const context = Context.current();
  let fraction = span.from;
  let windowsDone = 0;
  let reporting: Promise<void> | null = null;
  let newer = false;

  function beat(): void {
    context.heartbeat({ fraction, chunk: windowsDone } satisfies ComputeHeartbeat);
  }

  /** One report at a time, and then the newest: a slow database must not hold the computing up. */
  async function report(): Promise<void> {
    do {
      newer = false;
      try {
        await deps.reportProgress({ jobId, stage: 'separate', fraction });
      } catch (error) {
        deps.log.warn({ err: error, jobId }, 'progress was not taken');
      }
    } while (newer);
    reporting = null;
  }

  return {
    resume(stored) {
      windowsDone = stored.reduce((sum, { first, last }) => sum + last - first + 1, 0);
      beat();
    },
    advance({ done, total }) {
      windowsDone = done;
      fraction = span.from + ((span.to - span.from) * done) / total;
      beat();
      newer = true;
      reporting ??= report();
    },
    beat,
    async reported() {
      await reporting;
    },
  };
}

/** Out of memory and out of disk are said to the musician; everything else is retried as it is. */
function translated(error: unknown, { separator }: NodeInput): unknown {
  if (error instanceof EngineMemoryError) return refusal('out-of-memory', { separator });
  const code = error instanceof EngineTaskError ? error.failure.code : (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOSPC' ? refusal('no-space') : error;
}
