/** What the chord network looks at: constant-Q magnitudes of a song, and from them planes of decibels. */
import type { FileHandle } from 'node:fs/promises';
import { createConstantQ } from '../dsp/constant-q.ts';
import { readAvailable } from '../engine/read-fully.ts';
import { BINS_PER_OCTAVE, CHORD_RATE_HZ, FRAME_HOP_SAMPLES, frameCount, LOWEST_HZ, OCTAVES, PLANE_BINS, PLANE_OCTAVES } from './chord-grid.ts'; // prettier-ignore

/** Of all octaves. */
export const SPECTRUM_BINS = OCTAVES * BINS_PER_OCTAVE;
/** Frames that are read and analysed at a time: 24 s. */
const BLOCK_FRAMES = 256;
/** Magnitudes below this count as this, and decibels so far below the loudest as those. */
const LEAST_MAGNITUDE = 1e-5;
const DEEPEST_DB = -80;

/**
 * Magnitudes, frames × {@link SPECTRUM_BINS}: 11 KB a second. `loadFft()` must have finished.
 * @param file of mono float32 samples and nothing else @param onBlock called with the share that is done
 * @throws RangeError for samples that are not finite.
 */
export async function readSpectrum(
  file: FileHandle,
  samples: number,
  onBlock: (fraction: number) => void,
): Promise<Float32Array> {
  const transform = createConstantQ({
    rateHz: CHORD_RATE_HZ,
    lowestHz: LOWEST_HZ,
    octaves: OCTAVES,
    binsPerOctave: BINS_PER_OCTAVE,
    hopSamples: FRAME_HOP_SAMPLES,
  });
  const frames = frameCount(samples);
  const spectrum = new Float32Array(frames * SPECTRUM_BINS);
  const block = new Float32Array(2 * transform.marginSamples + BLOCK_FRAMES * FRAME_HOP_SAMPLES);
  for (let frame = 0; frame < frames; frame += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - frame);
    await readSamples(file, frame * FRAME_HOP_SAMPLES - transform.marginSamples, block);
    if (!block.every((sample) => Number.isFinite(sample))) throw new RangeError('samples that are not finite');
    transform.analyse(block, count, spectrum.subarray(frame * SPECTRUM_BINS, (frame + count) * SPECTRUM_BINS));
    onBlock((frame + count) / frames);
  }
  return spectrum;
}

/** Zeros before the song's first sample and behind its last. */
async function readSamples(file: FileHandle, start: number, block: Float32Array): Promise<void> {
  block.fill(0);
  const inside = block.subarray(Math.max(0, -start));
  await readAvailable(file, inside, Math.max(0, start) * Float32Array.BYTES_PER_ELEMENT);
}

/** Of the whole song, the loudest magnitude of each plane. */
export function planePeaks(spectrum: Float32Array): number[] {
  return PLANE_OCTAVES.map((octave) => {
    let peak = 0;
    for (let row = octave * BINS_PER_OCTAVE; row < spectrum.length; row += SPECTRUM_BINS) {
      for (let bin = 0; bin < PLANE_BINS; bin++) peak = Math.max(peak, spectrum[row + bin]!);
    }
    return peak;
  });
}

/**
 * Decibels below each plane's peak for frames `from` .. `to - 1`: planes × frames × {@link PLANE_BINS}.
 * @param peaks as {@link planePeaks} finds them in the whole song
 */
export function spectrumPlanes(
  spectrum: Float32Array,
  peaks: readonly number[],
  from: number,
  to: number,
): Float32Array {
  const planes = new Float32Array(PLANE_OCTAVES.length * (to - from) * PLANE_BINS);
  let at = 0;
  PLANE_OCTAVES.forEach((octave, plane) => {
    const peak = Math.max(LEAST_MAGNITUDE, peaks[plane]!);
    for (let frame = from; frame < to; frame++) {
      const row = frame * SPECTRUM_BINS + octave * BINS_PER_OCTAVE;
      for (let bin = 0; bin < PLANE_BINS; bin++, at++) {
        const db = 20 * Math.log10(Math.max(LEAST_MAGNITUDE, spectrum[row + bin]!) / peak);
        planes[at] = Math.max(DEEPEST_DB, db);
      }
    }
  });
  return planes;
}
