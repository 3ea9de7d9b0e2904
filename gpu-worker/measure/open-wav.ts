/** Reading a song's files side by side, block by block. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createFrameReader, readWavHeader } from '../wav/read-wav.ts';
import type { WavHeader } from '../wav/wav-header.ts';

/** Small enough for a block of each file to stay in the processor's cache. */
export const BLOCK_SAMPLES = 1 << 14;

/** Share of the pass that is done, 0 to 1; called at most 50 times. */
export type OnProgress = (fraction: number) => void;

export interface OpenWav extends AsyncDisposable {
  readonly header: WavHeader;
  /** Planar samples of the last block that was read. */
  readonly block: readonly Float32Array[];
  read(start: number, count: number): Promise<void>;
}

export async function openWav(path: string): Promise<OpenWav> {
  const handle: FileHandle = await open(path, 'r');
  const header = await readWavHeader(handle);
  const block = Array.from({ length: header.channels }, () => new Float32Array(BLOCK_SAMPLES));
  const reader = createFrameReader(handle, header);
  return {
    header,
    block,
    read: (start, count) => reader.read(start, count, block),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

export async function* blocksOf(
  samples: number,
  onProgress: OnProgress,
): AsyncGenerator<{ readonly start: number; readonly count: number }> {
  let reported = 0;
  for (let start = 0; start < samples; start += BLOCK_SAMPLES) {
    const count = Math.min(BLOCK_SAMPLES, samples - start);
    yield { start, count };
    const done = (start + count) / samples;
    if (done < 1 && done - reported < 0.02) continue;
    reported = done;
    onProgress(done);
  }
}

/** @throws RangeError where they differ. */
export function checkShape(found: WavHeader, wanted: WavHeader): void {
  if (found.rateHz === wanted.rateHz && found.channels === wanted.channels && found.samples === wanted.samples) return;
  const words = ({ rateHz, channels, samples }: WavHeader): string =>
    `${String(rateHz)} Hz × ${String(channels)} × ${String(samples)}`;
  throw new RangeError(`a stem of ${words(found)} for a recording of ${words(wanted)}`);
}
