/**
 * What no stem carries. The promise: stems and residual, added in double precision and rounded to the grid of 2^-23, give every
 * sample of the recording. A residual below 1 keeps it by itself, as float32 is finer than the grid there. From 1 on float32
 * is as coarse as the grid, then coarser; the smallest stem takes over what is left.
 */

/** The grid of canonical PCM. */
const GRID = 2 ** -23;
/** How far a sum may be off the recording and still round to it, whatever the order of summation. */
const TOLERANCE = 0.49 * GRID;
/** Anything beyond is no sound but a separator gone wrong. */
const LARGEST_SAMPLE = 2 ** 20;

/** Thrown when stems hold NaN, infinity or numbers far beyond any sound. */
export class BrokenStemError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenStemError';
  }
}

export interface SubtractedBlock {
  /** Sums of squares: of the recording, and of the recording minus its stems. */
  readonly mixEnergy: number;
  readonly residualEnergy: number;
  /** Largest square of the recording's samples. */
  readonly mixPeakSquare: number;
  /** Which stems had to give a last bit; `stems` holds their new samples. */
  readonly changedStems: ReadonlySet<number>;
}

/**
 * One channel: `residual = mix - sum of stems`, for `count` samples. Where only that keeps the promise, samples of `stems` are
 * changed in place, by less than 2^-20 for any stem that is not itself beyond full scale.
 *
 * @throws BrokenStemError
 */
export function subtractStems(
  mix: Float32Array,
  stems: readonly Float32Array[],
  count: number,
  residual: Float32Array,
): SubtractedBlock {
  const rests = new Float64Array(SPAN);
  let mixEnergy = 0;
  let residualEnergy = 0;
  let mixPeakSquare = 0;
  const changedStems = new Set<number>();
  for (let start = 0; start < count; start += SPAN) {
    const end = Math.min(count, start + SPAN);
    restsOf(mix, stems, start, end, rests);
    for (let index = start; index < end; index++) {
      const square = (mix[index] as number) ** 2;
      const rest = rests[index - start] as number;
      if (square > mixPeakSquare) mixPeakSquare = square;
      mixEnergy += square;
      residualEnergy += rest * rest;
      residual[index] = rest;
      if (rest >= 1 || rest <= -1) settleAt(index, mix, stems, residual, changedStems);
    }
  }
  // NaN and infinity reach the sum.
  if (!Number.isFinite(residualEnergy)) throw new BrokenStemError('a stem holds a sample that is not a number');
  return { mixEnergy, residualEnergy, mixPeakSquare, changedStems };
}

/** Taken at once, so that the differences stay in the fastest cache. */
const SPAN = 2048;

function restsOf(
  mix: Float32Array,
  stems: readonly Float32Array[],
  start: number,
  end: number,
  rests: Float64Array,
): void {
  for (let index = start; index < end; index++) rests[index - start] = mix[index] as number;
  for (const stem of stems) {
    for (let index = start; index < end; index++) {
      rests[index - start] = (rests[index - start] as number) - (stem[index] as number);
    }
  }
}

function settleAt(
  index: number,
  mix: Float32Array,
  stems: readonly Float32Array[],
  residual: Float32Array,
  changedStems: Set<number>,
): void {
  const values = stems.map((stem) => stem[index] as number);
  const settled = settleSample(mix[index] as number, values);
  residual[index] = settled.residual;
  settled.stems.forEach((value, stem) => {
    if (value === values[stem]) return;
    (stems[stem] as Float32Array)[index] = value;
    changedStems.add(stem);
  });
}

interface SettledSample {
  readonly stems: readonly number[];
  readonly residual: number;
}

/**
 * Float32 values whose sum rounds to `mix`, a multiple of 2^-23: the residual, and the stems with at most one of them changed.
 *
 * @throws BrokenStemError
 */
export function settleSample(mix: number, stems: readonly number[]): SettledSample {
  if (!stems.every((value) => Math.abs(value) <= LARGEST_SAMPLE)) {
    throw new BrokenStemError('a stem holds a sample that is beyond any sound');
  }
  const exact = mix - sumOf(stems);
  const nearest = Math.fround(exact);
  if (Math.abs(exact - nearest) <= TOLERANCE) return { stems, residual: nearest };
  const smallest = stems.reduce(
    (best, value, stem) => (Math.abs(value) < Math.abs(stems[best] as number) ? stem : best),
    0,
  );
  const step = ulp(nearest);
  for (const residual of [nearest, nearest - step, nearest + step]) {
    const settled = withRest(mix, stems, smallest, Math.fround(residual));
    if (settled !== null) return settled;
  }
  // All stems are above 2, where float32 has no odd multiples of the grid: the smallest one gives way to where it has.
  const lowered = stems.with(smallest, Math.sign(stems[smallest] as number));
  const settled = withRest(mix, lowered, smallest, Math.fround(mix - sumOf(lowered)));
  if (settled === null) throw new Error(`no stems and residual for ${String(mix)} from ${stems.join(', ')}`);
  return settled;
}

/** Gives what the residual leaves over to one stem; null where float32 cannot hold that. */
function withRest(mix: number, stems: readonly number[], stem: number, residual: number): SettledSample | null {
  const wanted = mix - residual - sumOf(stems.with(stem, 0));
  const given = Math.fround(wanted);
  return Math.abs(wanted - given) <= TOLERANCE ? { stems: stems.with(stem, given), residual } : null;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Distance between float32 values at this magnitude. */
function ulp(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - 23);
}
