/** The engine's work on one thread: windows of a mix through a separator, into a chunk file. */
import { open } from 'node:fs/promises';
import type { MixStatistics, Separator, SeparatorSession, WindowSpan } from '../models/separator.ts';
import { payloadLength, planeOffset, writeChunkFile } from './chunk-file.ts';
import type { ChunkShape } from './chunk-file.ts';
import type { WindowRange } from './chunk-plan.ts';
import type { PreparedMix } from './engine-tasks.ts';
import { addContribution, fixedPointScale } from './fixed-point.ts';
import type { FixedPointScale } from './fixed-point.ts';
import { readWindow } from './mix-reader.ts';
import type { WindowBuffers } from './window-buffers.ts';

export function chunkShape(separator: Separator, mix: PreparedMix, range: WindowRange): ChunkShape {
  const windows = separator.windows(mix.samples).slice(range.first, range.last + 1);
  const starts = windows.map((window) => window.outputStart);
  const ends = windows.map((window) => window.outputEnd);
  const outputStart = clip(Math.min(...starts), mix.samples);
  const outputEnd = clip(Math.max(...ends), mix.samples);
  return { ...range, slots: separator.slots.length, channels: mix.channels, outputStart, outputEnd };
}

function clip(sample: number, samples: number): number {
  return Math.min(samples, Math.max(0, sample));
}

/** Of each stereo pair; null where it is silent. */
export function pairScales(mix: PreparedMix): (FixedPointScale | null)[] {
  return mix.statistics.map(({ peak }) => (peak > 0 ? fixedPointScale(peak, mix.grid.maxOverlap) : null));
}

export interface ChunkJob {
  readonly separator: Separator;
  readonly session: SeparatorSession;
  readonly mixPath: string;
  readonly mix: PreparedMix;
  readonly range: WindowRange;
  readonly chunkPath: string;
  readonly buffers: WindowBuffers;
  readonly control: TaskControl;
}

/** What a task asks and tells between two windows, or two blocks of samples. */
export interface TaskControl {
  /** Thrown TaskStoppedError when the task is to end here. @param fraction of the task, 0 to 1, where it is known */
  checkpoint(fraction?: number): void;
}

/**
 * Computes the chunk's windows one after the other and writes the file.
 *
 * @returns the file's SHA-256 in lower-case hex.
 * @throws what `control.checkpoint` throws between two windows.
 */
export async function computeChunk(job: ChunkJob): Promise<string> {
  const { separator, mix, range } = job;
  const shape = chunkShape(separator, mix, range);
  const counts = job.buffers.counts(payloadLength(shape));
  const scales = pairScales(mix);
  await using handle = await open(job.mixPath, 'r');
  for (const window of separator.windows(mix.samples).slice(range.first, range.last + 1)) {
    const input = await readWindow(handle, mix, window, job.buffers);
    for (const [pair, scale] of scales.entries()) {
      job.control.checkpoint();
      if (scale === null) continue;
      const channels = [input[2 * pair] as Float32Array, input[2 * pair + 1] as Float32Array];
      const slots = await job.session.process(window, channels, mix.statistics[pair] as MixStatistics);
      addWindow(slots, window, { pair, scale, shape, counts });
    }
  }
  return await writeChunkFile(job.chunkPath, shape, counts);
}

function addWindow(
  slots: readonly (readonly Float32Array[])[],
  window: WindowSpan,
  to: {
    readonly pair: number;
    readonly scale: FixedPointScale;
    readonly shape: ChunkShape;
    readonly counts: Int32Array;
  },
): void {
  const { shape } = to;
  const length = window.outputEnd - window.outputStart;
  const from = Math.max(window.outputStart, shape.outputStart);
  const count = Math.min(window.outputEnd, shape.outputEnd) - from;
  if (slots.length !== shape.slots) throw new RangeError(`${String(slots.length)} slots of ${String(shape.slots)}`);
  slots.forEach((channels, slot) => {
    for (const side of [0, 1]) {
      const contribution = channels[side];
      if (contribution?.length !== length) {
        throw new RangeError(`a window gave ${String(contribution?.length)} samples of ${String(length)}`);
      }
      if (count <= 0) continue;
      const at = planeOffset(shape, slot, 2 * to.pair + side) + from - shape.outputStart;
      addContribution(to.counts, at, contribution, from - window.outputStart, count, to.scale);
    }
  });
}
