/** What activities that hear something with a network have in common. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { Logger } from '../../runtime/log.ts';
import { bestResampler } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { refusal } from '../../workflows/contract/failure.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import type { HeardSheet } from '../../workflows/contract/sheets.ts';
import { EngineCrashError, EngineTaskError, isOutOfMemory } from '../engine/engine-error.ts';
import type { Engine } from '../engine/engine.ts';
import type { EnsuredModel, ModelStore } from '../models/model-store.ts';
import { decodeMono } from '../wav/decode-mono.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { bytesOf } from './finished-record.ts';
import { heardKey } from './heard-record.ts';
import type { HeardKind } from './heard-record.ts';
import { createMeasureProgress } from './measure-work.ts';
import type { Progress } from './measure-work.ts';

export interface ListenDeps {
  readonly blobs: BlobStore;
  readonly models: Pick<ModelStore, 'ensure' | 'identify'>;
  readonly engine: Engine;
  readonly tools: MediaTools;
  readonly reportProgress: ReportProgress;
  readonly scratchDir: string;
  readonly log: Logger;
}

/** One attempt, with so many threads of the engine. */
export interface Listening {
  readonly model: EnsuredModel;
  /** The recording that is listened to, as {@link Hearing} wants it. */
  readonly song: MonoFile;
  /** Private to this attempt, and removed. */
  readonly folder: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Of hearing alone, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

export interface Hearing {
  readonly what: HeardKind;
  readonly modelId: string;
  readonly rateHz: number;
  /** Of the work, 0 to 1; hearing is the rest. */
  readonly decodingShare: number;
  /** What decides the result beside the samples, the model and the code. */
  readonly said: unknown;
  /** @returns what is kept. */
  readonly hear: (run: Listening) => Promise<Uint8Array>;
}

export interface HeardInput {
  readonly jobId: string;
  readonly pcm: PcmBlob;
}

/** An activity's whole work: what was heard in these samples, or is heard now. */
export async function hearSheet(deps: ListenDeps, input: HeardInput, hearing: Hearing): Promise<HeardSheet> {
  const progress = createMeasureProgress(deps, input.jobId, 'listen');
  try {
    const heard = await hearOnce(deps, input, hearing, progress.advance);
    progress.advance(1);
    return { heard };
  } finally {
    await progress.reported();
  }
}

/** Where what is heard in these samples lies, whether it was heard or not. @throws the refusal of a model that may not be used. */
export async function hearingKey(
  { models, tools, scratchDir }: Pick<ListenDeps, 'models' | 'tools' | 'scratchDir'>,
  pcm: PcmBlob,
  { what, modelId, said }: Hearing,
): Promise<string> {
  const resampler = await bestResampler(tools, scratchDir);
  return heardKey(what, [pcm.sha256, resampler, models.identify(modelId), said]);
}

/**
 * Finds what was heard in these samples, or fetches the model and hears it. Within an activity.
 * @param input `isDamaged` where it was found and cannot be read: then it is heard anew
 */
export async function hearOnce(
  deps: ListenDeps,
  { jobId, pcm, isDamaged = false }: HeardInput & { readonly isDamaged?: boolean },
  hearing: Hearing,
  advance: Progress['advance'],
): Promise<StoredBlob> {
  const { blobs, models, tools } = deps;
  const { cancellationSignal: signal } = Context.current();
  const key = await hearingKey(deps, pcm, hearing);
  const found = isDamaged ? null : await blobs.head(key);
  if (found !== null) return found;
  const folder = await mkdtemp(join(deps.scratchDir, 'listen-'));
  try {
    const model = await models.ensure(hearing.modelId, { signal, onProgress: () => advance(0) });
    return await blobs.withFile(pcm.key, async (wavPath) => {
      const { rateHz, decodingShare } = hearing;
      const onProgress = (fraction: number): void => advance(decodingShare + (1 - decodingShare) * fraction);
      const heard = await hearWithLess(deps, jobId, async (threads) => {
        const song = await decodeMono(tools, wavPath, {
          rateHz,
          channels: pcm.channels,
          folder,
          signal,
          onSeconds: (seconds) => advance((decodingShare * seconds * pcm.rateHz) / pcm.samples),
        });
        return await hearing.hear({ model, song, folder, threads, signal, onProgress });
      });
      return await blobs.put(key, bytesOf(heard));
    });
  } catch (error) {
    throw translated(error, hearing);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is heard, as bytes that anybody can read. */
export function asJson(heard: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(heard));
}

/** Want of memory is answered by a new process and a single thread, once. */
async function hearWithLess(
  { engine, log }: ListenDeps,
  jobId: string,
  hear: (threads: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  try {
    return await hear(engine.threads);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    log.warn({ err: error, jobId }, 'the engine failed; going on with one thread');
    // After a crash others may be in the new process already.
    if (!(error instanceof EngineCrashError)) await engine.reset();
    return await hear(1);
  }
}

/** Out of memory and out of disk are said to the musician; everything else is retried as it is. */
function translated(error: unknown, { modelId }: Hearing): unknown {
  if (isOutOfMemory(error)) return refusal('out-of-memory', { model: modelId });
  const code = error instanceof EngineTaskError ? error.failure.code : (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOSPC' ? refusal('no-space') : error;
}
