/**
 * Overlap-add in fixed point: windows' contributions become 32-bit integers before they are added. Integer addition is associative,
 * so how windows are grouped into chunks, and on which thread they run, changes no bit of the result.
 */

/** Counts from zero to the mix's peak: 2^26, 156 dB; five bits above it are headroom for contributions beyond the peak. */
const PEAK_BITS = 26;
const LARGEST_COUNT = 2 ** 31 - 1;

/** How samples of one song (one stereo pair of it) map to counts. */
export interface FixedPointScale {
  /** Value of one count; a power of two, so scaling by it is exact. */
  readonly quantum: number;
  /** Largest count of one contribution; that many overlapping contributions cannot overflow. */
  readonly limit: number;
}

/**
 * @param peak largest absolute sample of the mix; above 0 and finite.
 * @param maxOverlap how many windows at most contribute to one sample.
 */
export function fixedPointScale(peak: number, maxOverlap: number): FixedPointScale {
  if (!(peak > 0 && peak < Infinity)) throw new RangeError(`a peak of ${String(peak)}`);
  return {
    quantum: 2 ** (powerOfTwoAtLeast(peak) - PEAK_BITS),
    limit: Math.floor(LARGEST_COUNT / Math.max(1, maxOverlap)),
  };
}

/** Exponent of the smallest power of two that is not below `value`, from the bits: `Math.log2` may differ between machines. */
function powerOfTwoAtLeast(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const exponent = (high >>> 20) - 1023;
  const isPower = (high & 0xf_ffff) === 0 && bits.getUint32(4) === 0;
  return isPower ? exponent : exponent + 1;
}

/**
 * Adds `count` samples of `contribution`, from `from` on, to the counts at `at`. Beyond the limit they saturate.
 *
 * @throws RangeError when a sample is not a number: a network that diverged must not become a gap of silence.
 */
export function addContribution(
  counts: Int32Array,
  at: number,
  contribution: Float32Array,
  from: number,
  count: number,
  { quantum, limit }: FixedPointScale,
): void {
  const perQuantum = 1 / quantum;
  let notNumber = -1;
  // No branch but the one never taken, and floor for Math.round (the sum of a 24-bit float and 0.5 is exact): a third of the time.
  for (let index = 0; index < count; index++) {
    const scaled = (contribution[from + index] as number) * perQuantum;
    if (Number.isNaN(scaled)) notNumber = index;
    const kept = Math.min(limit, Math.max(-limit, scaled));
    counts[at + index] = (counts[at + index] as number) + (Math.floor(kept + 0.5) | 0);
  }
  if (notNumber >= 0) throw new RangeError(`sample ${String(from + notNumber)} of a window is not a number`);
}
