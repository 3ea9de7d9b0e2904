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
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import type { HeardSheet } from '../../workflows/contract/sheets.ts';
import { EngineTaskError, isOutOfMemory } from '../engine/engine-error.ts';
import type { Engine } from '../engine/engine.ts';
import type { EnsuredModel, ModelStore } from '../models/model-store.ts';
import { decodeMono } from '../wav/decode-mono.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { bytesOf } from './finished-record.ts';
import { heardKey } from './heard-record.ts';
import { createMeasureProgress } from './measure-work.ts';

export interface ListenDeps {
  readonly blobs: BlobStore;
  readonly models: Pick<ModelStore, 'ensure'>;
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
  readonly what: 'lyrics' | 'notes';
  readonly modelId: string;
  readonly rateHz: number;
  /** Of the work, 0 to 1; hearing is the rest. */
  readonly decodingShare: number;
  /** What decides the result beside the samples, the model and the code. */
  readonly said: unknown;
  /** @returns what is kept, as JSON. */
  readonly hear: (run: Listening) => Promise<unknown>;
}

/** Finds what was heard in these samples, or hears it. Within an activity. */
export async function hearOnce(
  deps: ListenDeps,
  { jobId, pcm }: { readonly jobId: string; readonly pcm: PcmBlob },
  hearing: Hearing,
): Promise<HeardSheet> {
  const { blobs, models, tools } = deps;
  const { cancellationSignal: signal } = Context.current();
  const progress = createMeasureProgress(deps, jobId, 'listen');
  const folder = await mkdtemp(join(deps.scratchDir, 'listen-'));
  try {
    const model = await models.ensure(hearing.modelId, { signal, onProgress: () => progress.advance(0) });
    const resampler = await bestResampler(tools, folder);
    const key = heardKey(hearing.what, [
      pcm.sha256,
      resampler,
      model.weightsSha256,
      model.compiledSha256s,
      hearing.said,
    ]);
    const found = await blobs.head(key);
    const heard =
      found ??
      (await blobs.withFile(pcm.key, async (wavPath) => {
        const { rateHz, decodingShare } = hearing;
        const onProgress = (fraction: number): void => progress.advance(decodingShare + (1 - decodingShare) * fraction);
        const result = await hearWithLess(deps, jobId, async (threads) => {
          const song = await decodeMono(tools, wavPath, {
            rateHz,
            channels: pcm.channels,
            folder,
            signal,
            onSeconds: (seconds) => progress.advance((decodingShare * seconds * pcm.rateHz) / pcm.samples),
          });
          return await hearing.hear({ model, song, folder, threads, signal, onProgress });
        });
        return await blobs.put(key, bytesOf(Buffer.from(JSON.stringify(result))));
      }));
    progress.advance(1);
    return { heard };
  } catch (error) {
    throw translated(error, hearing);
  } finally {
    await progress.reported();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Want of memory is answered by a new process and a single thread, once. */
async function hearWithLess(
  { engine, log }: ListenDeps,
  jobId: string,
  hear: (threads: number) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await hear(engine.threads);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    log.warn({ err: error, jobId }, 'the engine failed; going on with one thread');
    await engine.reset();
    return await hear(1);
  }
}

/** Out of memory and out of disk are said to the musician; everything else is retried as it is. */
function translated(error: unknown, { modelId }: Hearing): unknown {
  if (isOutOfMemory(error)) return refusal('out-of-memory', { model: modelId });
  const code = error instanceof EngineTaskError ? error.failure.code : (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOSPC' ? refusal('no-space') : error;
}
