/** From a song's chunks to one slot's samples: counts are added, scaled back and divided by the summed weights of the windows. */
import type { FileHandle } from 'node:fs/promises';
import type { Separator, WindowSpan } from '../models/separator.ts';
import { readPlane } from './chunk-file.ts';
import type { ChunkShape } from './chunk-file.ts';
import { createChunkReaders } from './chunk-readers.ts';

export interface StoredChunk {
  readonly path: string;
  readonly shape: ChunkShape;
}

export interface SlotJoin {
  readonly slot: number;
  readonly channels: number;
  readonly totalSamples: number;
  /** In order, every window in exactly one of them; none where the whole song is silent. */
  readonly chunks: readonly StoredChunk[];
  /** Of each stereo pair; null where the pair is silent. */
  readonly quanta: readonly (number | null)[];
  readonly windows: readonly WindowSpan[];
  readonly weight: Separator['weight'];
}

const BLOCK_SAMPLES = 1 << 17;

/**
 * Hands the slot's samples to `write` block by block, song order; memory does not grow with the song.
 *
 * @param write may keep nothing: the arrays are reused.
 */
export async function joinSlot(
  join: SlotJoin,
  write: (channels: readonly Float32Array[], count: number) => Promise<void>,
): Promise<void> {
  const counts = Array.from({ length: join.channels }, () => new Int32Array(BLOCK_SAMPLES));
  const samples = Array.from({ length: join.channels }, () => new Float32Array(BLOCK_SAMPLES));
  const scratch = new Int32Array(BLOCK_SAMPLES);
  const weightSums = createWeightSums(join.windows, join.weight);
  const readers = createChunkReaders();
  try {
    for (let start = 0; start < join.totalSamples; start += BLOCK_SAMPLES) {
      const end = Math.min(join.totalSamples, start + BLOCK_SAMPLES);
      for (const channel of counts) channel.fill(0);
      for (const chunk of join.chunks) {
        if (chunk.shape.outputEnd > start && chunk.shape.outputStart < end) {
          const handle = await readers.open(chunk.path);
          await addChunk({ handle, shape: chunk.shape }, join.slot, start, end, counts, scratch);
          if (chunk.shape.outputEnd <= end) await readers.close(chunk.path);
        }
      }
      const weights = weightSums(start, end);
      counts.forEach((channel, index) =>
        scaleBack(channel, end - start, join.quanta[index >> 1] ?? 0, weights, samples[index] as Float32Array),
      );
      await write(samples, end - start);
    }
  } finally {
    await readers.closeAll();
  }
}

async function addChunk(
  { handle, shape }: { readonly handle: FileHandle; readonly shape: ChunkShape },
  slot: number,
  start: number,
  end: number,
  counts: readonly Int32Array[],
  scratch: Int32Array,
): Promise<void> {
  const from = Math.max(start, shape.outputStart);
  const part = scratch.subarray(0, Math.min(end, shape.outputEnd) - from);
  for (const [channel, sums] of counts.entries()) {
    await readPlane(handle, shape, { slot, channel }, from - shape.outputStart, part);
    const at = from - start;
    for (let index = 0; index < part.length; index++) {
      sums[at + index] = (sums[at + index] as number) + (part[index] as number);
    }
  }
}

function scaleBack(
  counts: Int32Array,
  length: number,
  quantum: number,
  weights: Float64Array | null,
  into: Float32Array,
): void {
  if (weights === null) {
    for (let index = 0; index < length; index++) into[index] = (counts[index] as number) * quantum;
    return;
  }
  for (let index = 0; index < length; index++) {
    const weight = weights[index] as number;
    // Where all weights are zero nothing was contributed either.
    into[index] = weight > 0 ? ((counts[index] as number) * quantum) / weight : 0;
  }
}

/** Sums of the windows' weights over spans that are asked for in rising order; null where the separator has no weights. */
function createWeightSums(
  windows: readonly WindowSpan[],
  weight: Separator['weight'],
): (start: number, end: number) => Float64Array | null {
  const sums = new Float64Array(BLOCK_SAMPLES);
  const current = new Map<number, Float32Array>();
  let opened = 0;
  let weightless = false;
  return (start, end) => {
    sums.fill(0);
    for (; opened < windows.length && (windows[opened] as WindowSpan).outputStart < end; opened++) {
      const weights = weight(windows[opened] as WindowSpan);
      if (weights === null) weightless = true;
      else current.set(opened, weights);
    }
    if (weightless) return null;
    for (const [index, weights] of current) {
      const { outputStart, outputEnd } = windows[index] as WindowSpan;
      if (outputEnd <= start) {
        current.delete(index);
        continue;
      }
      const to = Math.min(end, outputEnd);
      for (let at = Math.max(start, outputStart); at < to; at++) {
        sums[at - start] = (sums[at - start] as number) + (weights[at - outputStart] as number);
      }
    }
    return sums;
  };
}
