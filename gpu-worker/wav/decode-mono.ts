import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { bestResampler, resampleAudio } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import { writeFully } from '../engine/write-fully.ts';

/** Far above what the longest song needs; a hung ffmpeg must end some day. */
const LIMITS = { timeoutMs: 600_000, cpuSeconds: 300 };

/** Float32 samples of one channel in a file, and nothing else. */
export interface MonoFile {
  readonly path: string;
  readonly samples: number;
}

export interface MonoDecoding {
  readonly rateHz: number;
  /** Of the WAV file. */
  readonly channels: number;
  /** Private; ffmpeg runs in it, and the file is made in it. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** How many seconds of the song there are so far. */
  readonly onSeconds?: (seconds: number) => void;
}

/**
 * A WAV file as networks want it: the mean of its channels, at their rate. Never more than a block of it is in memory.
 *
 * @throws MediaToolError; the reason of an aborted signal.
 */
export async function decodeMono(
  tools: MediaTools,
  wavPath: string,
  { rateHz, channels, folder, signal, onSeconds }: MonoDecoding,
): Promise<MonoFile> {
  const path = join(folder, `mono-${String(rateHz)}.f32`);
  let samples = 0;
  await using file = await open(path, 'w');
  await resampleAudio(tools, wavPath, {
    ...LIMITS,
    cwd: folder,
    ...(signal === undefined ? {} : { signal }),
    rateHz,
    meanOfChannels: channels,
    resampler: await bestResampler(tools, folder),
    async take(block) {
      const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
      await writeFully(file, bytes, samples * Float32Array.BYTES_PER_ELEMENT);
      samples += block.length;
      onSeconds?.(samples / rateHz);
    },
  });
  return { path, samples };
}
