/**
 * One separator over one mix, on the engine: chunks that earlier attempts stored are taken over, the others computed and stored,
 * and the slots joined. Want of memory, a crash or a device's error costs the chunks under way and nothing else.
 */
import type { Device, SeparatorRuntime } from '../models/separator.ts';
import type { ChunkCheckpoints } from './chunk-checkpoints.ts';
import { chunkWindowsFor, planChunks } from './chunk-plan.ts';
import type { WindowRange } from './chunk-plan.ts';
import { EngineCrashError, isOutOfMemory } from './engine-error.ts';
import type { PreparedMix, SeparatorChoice } from './engine-tasks.ts';
import type { Engine } from './engine.ts';

export interface MixSeparation {
  readonly engine: Engine;
  readonly checkpoints: ChunkCheckpoints;
  readonly choice: SeparatorChoice;
  readonly device: Device;
  readonly mixPath: string;
  readonly chunkSize: ChunkSize;
  readonly signal: AbortSignal;
  /** A chunk has been computed in this attempt. */
  readonly onComputed: (range: WindowRange) => void;
  /** Something got further that has no share of its own. */
  readonly onBeat: () => void;
  /** So many windows are safe in the blob store. */
  readonly onStored: (windows: { readonly done: number; readonly total: number }) => void;
  /** The engine failed and goes on with less at a time. */
  readonly onTrouble: (trouble: { readonly error: unknown; readonly next: Effort }) => void;
}

export type ChunkSize = { readonly seconds: number } | { readonly windows: number };

/** How much is computed at a time. */
export interface Effort {
  /** Chunks at once. */
  readonly lanes: number;
  readonly chunkWindows: number;
}

export interface SeparatedMix {
  readonly mix: PreparedMix;
  /** Every window in exactly one of them, in order. */
  readonly chunks: readonly (WindowRange & { readonly path: string })[];
}

/** Thrown when not even one window at a time fits into memory. */
export class EngineMemoryError extends Error {
  override readonly name = 'EngineMemoryError';
}

/** Stores that may be under way before computing waits for them. */
const OPEN_STORES = 4;

export async function separateMix(work: MixSeparation): Promise<SeparatedMix> {
  const { engine, choice, mixPath, signal } = work;
  const mix = await engine.run('prepare', { choice, mixPath }, { signal, onProgress: work.onBeat });
  // A silent song's stems are zeros; no network need say so.
  if (mix.statistics.every(({ peak }) => peak === 0)) return { mix, chunks: [] };

  const lanes = runsOnEveryLane(work, mix) ? engine.threads : 1;
  const { chunkSize } = work;
  const chunkWindows =
    'windows' in chunkSize
      ? chunkSize.windows
      : chunkWindowsFor(mix.grid, { rateHz: mix.rateHz, chunkSeconds: chunkSize.seconds, lanes });
  const done = await takeOver(work, mix, chunkWindows);
  await computeRest(work, mix, done, { lanes, chunkWindows });
  const chunks = [...done].map(([key, path]) => ({ ...parseRange(key), path }));
  return { mix, chunks: chunks.toSorted((a, b) => a.first - b.first) };
}

/** What needs no model computes on the CPU, whatever the device. */
function runsOnEveryLane({ device, choice }: MixSeparation, mix: PreparedMix): boolean {
  return mix.parallelism === 'windows' && (device === 'cpu' || choice.modelPaths.length === 0);
}

/** Local paths of finished chunks by their range. */
type FinishedChunks = Map<string, string>;

function rangeKey({ first, last }: WindowRange): string {
  return `${String(first)}-${String(last)}`;
}

function parseRange(key: string): WindowRange {
  const [first, last] = key.split('-').map(Number);
  return { first: first ?? 0, last: last ?? 0 };
}

function finishedRanges(done: FinishedChunks): WindowRange[] {
  return [...done.keys()].map(parseRange);
}

async function takeOver(work: MixSeparation, mix: PreparedMix, chunkWindows: number): Promise<FinishedChunks> {
  const { engine, checkpoints, choice, signal } = work;
  const done: FinishedChunks = new Map();
  const { kept } = planChunks(mix.grid.windowCount, chunkWindows, await checkpoints.list());
  for (const range of kept) {
    signal.throwIfAborted();
    const chunkPath = await checkpoints.fetch(range);
    if (chunkPath === null) continue;
    if (await engine.run('checkChunk', { choice, mix, range, chunkPath }, { signal })) {
      done.set(rangeKey(range), chunkPath);
    } else {
      await checkpoints.forget(range);
    }
  }
  if (done.size > 0) reportStored(work, mix, done);
  return done;
}

function reportStored(work: MixSeparation, mix: PreparedMix, done: FinishedChunks): void {
  const windows = finishedRanges(done).reduce((sum, { first, last }) => sum + last - first + 1, 0);
  work.onStored({ done: windows, total: mix.grid.windowCount });
}

/** Computes what is missing, again and again with less effort while memory does not suffice. */
async function computeRest(
  work: MixSeparation,
  mix: PreparedMix,
  done: FinishedChunks,
  firstEffort: Effort,
): Promise<void> {
  let effort = firstEffort;
  let failedBefore = false;
  for (;;) {
    const { missing } = planChunks(mix.grid.windowCount, effort.chunkWindows, finishedRanges(done));
    const before = done.size;
    try {
      await computeChunks(work, mix, missing, effort, done);
      return;
    } catch (error) {
      work.signal.throwIfAborted();
      const progressed = done.size > before;
      const wantsMemory = isOutOfMemory(error);
      const mayPass = error instanceof EngineCrashError || work.device !== 'cpu';
      if (wantsMemory && !progressed && effort.lanes === 1 && effort.chunkWindows === 1) {
        throw new EngineMemoryError('one window at a time does not fit into memory', { cause: error });
      }
      if (!wantsMemory && !(mayPass && (progressed || !failedBefore))) throw error;
      failedBefore = !progressed;
      // An allocation that failed leaves a bloated arena behind, an error of a GPU a dead context: a new process has neither. After a
      // crash there is no old one, and others may be in the new one already.
      if (!(error instanceof EngineCrashError)) await work.engine.reset();
      if (wantsMemory) effort = { lanes: half(effort.lanes), chunkWindows: half(effort.chunkWindows) };
      work.onTrouble({ error, next: effort });
    }
  }
}

function half(count: number): number {
  return Math.ceil(count / 2);
}

/** Rejects with the first failure, once nothing is under way any more. */
async function computeChunks(
  work: MixSeparation,
  mix: PreparedMix,
  missing: readonly WindowRange[],
  { lanes }: Effort,
  done: FinishedChunks,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([work.signal, failed.signal]);
  const threads = runsOnEveryLane(work, mix) ? 1 : work.engine.threads;
  const runtime: SeparatorRuntime = { device: work.device, threads };
  const { engine, checkpoints, choice, mixPath } = work;
  const stores = new Set<Promise<void>>();
  const queue = missing.values();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    failed.abort(error);
  };

  async function store(range: WindowRange, sha256: string): Promise<void> {
    const path = await checkpoints.store(range, sha256);
    done.set(rangeKey(range), path);
    reportStored(work, mix, done);
  }

  async function computeSome(): Promise<void> {
    for (const range of queue) {
      const chunkPath = checkpoints.newPath(range);
      const { sha256 } = await engine.run(
        'computeChunk',
        { choice, runtime, mixPath, mix, range, chunkPath },
        { signal, lanes, onProgress: work.onBeat },
      );
      work.onComputed(range);
      const storing: Promise<void> = store(range, sha256)
        .catch(fail)
        .finally(() => stores.delete(storing));
      stores.add(storing);
      if (stores.size > OPEN_STORES) await Promise.race(stores);
    }
  }

  // One more than can run: it waits inside the engine, so that no lane idles between two chunks.
  await Promise.all(Array.from({ length: lanes + 1 }, async () => await computeSome().catch(fail)));
  await Promise.all(stores);
  if (failure !== undefined) throw failure.error;
}
