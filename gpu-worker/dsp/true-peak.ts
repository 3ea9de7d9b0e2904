/** True peak after ITU-R BS.1770-4, Annex 2: the largest value of the oversampled signal, as a stream. */
import { createInterpolator } from './true-peak-interpolator.ts';
import type { Interpolator } from './true-peak-interpolator.ts';

export interface TruePeakMeter {
  /**
   * Takes the first `count` samples (default: all) of each channel. However a signal is cut into blocks, the reading is the
   * same to the last bit. Thrown RangeError where the number of channels is not the meter's.
   */
  push(channels: readonly Float32Array[], count?: number): void;
  /** Largest true peak of any channel as a factor, were the signal to end here; 0 for digital silence. */
  peak(): number;
  /** The same in dBTP; null for digital silence. */
  peakDbtp(): number | null;
}

/** Samples that share one test of whether they can hold the peak. At least as many as a filter looks back. */
const SPAN = 32;
/** Samples taken in at once, behind one span of older ones. */
const CHUNK = 128 * SPAN;
/** More than all rounding errors of a sum, so that the bound holds for what is computed as well. */
const BOUND_MARGIN = 1 + 1e-9;

/** 4 times oversampling below 96 kHz, 2 times below 192 kHz, none from there on. */
export function createTruePeakMeter(format: { readonly rateHz: number; readonly channels: number }): TruePeakMeter {
  const interpolator = format.rateHz < 192_000 ? createInterpolator(format.rateHz < 96_000 ? 4 : 2) : null;
  const buffers = Array.from({ length: format.channels }, () => new Float32Array(SPAN + CHUNK));
  let peak = 0;

  function take(buffer: Float32Array, channel: Float32Array, count: number): void {
    for (let start = 0; start < count; start += CHUNK) {
      const length = Math.min(CHUNK, count - start);
      buffer.set(channel.subarray(start, start + length), SPAN);
      peak = scan(interpolator, buffer, length, peak);
      buffer.copyWithin(0, length, length + SPAN);
    }
  }

  /** The filter's last outputs, after the last sample. */
  function peakOfTail(buffer: Float32Array, most: number): number {
    const tail = new Float32Array(2 * SPAN);
    tail.set(buffer.subarray(0, SPAN));
    return scan(interpolator, tail, SPAN, most);
  }

  function currentPeak(): number {
    return buffers.reduce((most, buffer) => peakOfTail(buffer, most), peak);
  }

  return {
    push(channels, count = channels[0]?.length ?? 0) {
      if (channels.length !== format.channels) {
        throw new RangeError(`${String(channels.length)} channels, ${String(format.channels)} wanted`);
      }
      buffers.forEach((buffer, index) => take(buffer, channels[index] as Float32Array, count));
    },
    peak: currentPeak,
    peakDbtp() {
      const most = currentPeak();
      return most === 0 ? null : 20 * Math.log10(most);
    },
  };
}

/**
 * The larger of `peak` and the true peak of the `length` samples behind the first span of `buffer`. What cannot pass `peak` is
 * not filtered: no output is above the filter's gain times the largest sample under it.
 */
function scan(interpolator: Interpolator | null, buffer: Float32Array, length: number, peak: number): number {
  let most = peak;
  let before = absolutePeak(buffer, 0, SPAN);
  for (let start = SPAN; start < SPAN + length; start += SPAN) {
    const end = Math.min(start + SPAN, SPAN + length);
    const here = absolutePeak(buffer, start, end);
    if (here > most) most = here;
    const around = Math.max(before, here) * BOUND_MARGIN;
    before = here;
    if (interpolator !== null && around * interpolator.gain > most) {
      most = scanSpan(interpolator, buffer, start, end, { around, peak: most });
    }
  }
  return most;
}

/** The outputs of one span, each again only where its two inner pairs leave room for a new peak. */
function scanSpan(
  { pairs, middle, even, odd, outerGain }: Interpolator,
  buffer: Float32Array,
  start: number,
  end: number,
  { around, peak }: { readonly around: number; readonly peak: number },
): number {
  const [m0, m1] = middle as unknown as readonly [number, number];
  const [a0, a1] = even as unknown as readonly [number, number];
  const [b0, b1] = odd as unknown as readonly [number, number];
  const outer = around * outerGain;
  let most = peak;
  for (let index = start; index < end; index++) {
    const left = index - pairs;
    const right = left + 1;
    const sum0 = (buffer[left] as number) + (buffer[right] as number);
    const sum1 = (buffer[left - 1] as number) + (buffer[right + 1] as number);
    const difference0 = (buffer[left] as number) - (buffer[right] as number);
    const difference1 = (buffer[left - 1] as number) - (buffer[right + 1] as number);
    let m = m0 * sum0 + m1 * sum1;
    let a = a0 * sum0 + a1 * sum1;
    let b = b0 * difference0 + b1 * difference1;
    if (Math.abs(a) + Math.abs(b) + outer <= most && Math.abs(m) + outer <= most) continue;
    for (let k = 2; k < pairs; k++) {
      const older = buffer[left - k] as number;
      const newer = buffer[right + k] as number;
      m += (middle[k] as number) * (older + newer);
      a += (even[k] as number) * (older + newer);
      b += (odd[k] as number) * (older - newer);
    }
    const value = Math.max(Math.abs(m), Math.abs(a) + Math.abs(b));
    if (value > most) most = value;
  }
  return most;
}

function absolutePeak(samples: Float32Array, start: number, end: number): number {
  let most = 0;
  for (let index = start; index < end; index++) {
    const value = Math.abs(samples[index] as number);
    if (value > most) most = value;
  }
  return most;
}
