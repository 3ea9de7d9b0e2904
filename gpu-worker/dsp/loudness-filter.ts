/** The K-weighting of ITU-R BS.1770-4 and the energy behind it, for one channel. */
import type { BiquadCoefficients } from './biquad.ts';

export interface KWeighting {
  /** The head's high-frequency rise. */
  readonly shelf: BiquadCoefficients;
  /** The RLB high-pass; its numerator is 1, -2, 1 at every rate. */
  readonly highPass: BiquadCoefficients;
}

/**
 * BS.1770-4 gives coefficients for 48 kHz alone. These analogue prototypes, found by libebur128's authors, give the same
 * ones there to 1e-14 and carry the curve to other rates by the bilinear transform.
 */
export function kWeighting(rateHz: number): KWeighting {
  const shelfK = Math.tan((Math.PI * 1681.974450955533) / rateHz);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelfA0 = 1 + shelfK / shelfQ + shelfK * shelfK;
  const passK = Math.tan((Math.PI * 38.13547087602444) / rateHz);
  const passQ = 0.5003270373238773;
  const passA0 = 1 + passK / passQ + passK * passK;
  return {
    shelf: {
      b0: (high + (band * shelfK) / shelfQ + shelfK * shelfK) / shelfA0,
      b1: (2 * (shelfK * shelfK - high)) / shelfA0,
      b2: (high - (band * shelfK) / shelfQ + shelfK * shelfK) / shelfA0,
      a1: (2 * (shelfK * shelfK - 1)) / shelfA0,
      a2: (1 - shelfK / shelfQ + shelfK * shelfK) / shelfA0,
    },
    highPass: {
      b0: 1,
      b1: -2,
      b2: 1,
      a1: (2 * (passK * passK - 1)) / passA0,
      a2: (1 - passK / passQ + passK * passK) / passA0,
    },
  };
}

/** Below this a filter's memory counts as silence: denormal numbers would slow the loop a hundredfold. */
const REST = 1e-30;

/**
 * Filter memory of one channel and the sum of squares behind the filter since it was last taken.
 * Layout: shelf s1, s2; high-pass s1, s2; energy.
 */
export function createKState(): Float64Array {
  return new Float64Array(5);
}

/** Runs samples `start` to `end` through both sections and adds their squares to the state's energy. */
export function accumulateKEnergy(
  { shelf: { b0, b1, b2, a1, a2 }, highPass: { a1: c1, a2: c2 } }: KWeighting,
  state: Float64Array,
  samples: Float32Array,
  start: number,
  end: number,
): void {
  let s1 = state[0] as number;
  let s2 = state[1] as number;
  let t1 = state[2] as number;
  let t2 = state[3] as number;
  let energy = state[4] as number;
  for (let index = start; index < end; index++) {
    const x = samples[index] as number;
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    const z = y + t1;
    t1 = t2 - 2 * y - c1 * z;
    t2 = y - c2 * z;
    energy += z * z;
  }
  state[0] = s1;
  state[1] = s2;
  state[2] = t1;
  state[3] = t2;
  state[4] = energy;
}

/**
 * {@link accumulateKEnergy} for two channels at once, with the same results to the last bit: a filter waits for its own
 * last output, and two that wait together take little longer than one.
 */
export function accumulateKEnergyOfPair(
  { shelf: { b0, b1, b2, a1, a2 }, highPass: { a1: c1, a2: c2 } }: KWeighting,
  states: readonly [Float64Array, Float64Array],
  [left, right]: readonly [Float32Array, Float32Array],
  start: number,
  end: number,
): void {
  const [one, two] = states;
  let s1 = one[0] as number;
  let s2 = one[1] as number;
  let t1 = one[2] as number;
  let t2 = one[3] as number;
  let energyOne = one[4] as number;
  let u1 = two[0] as number;
  let u2 = two[1] as number;
  let v1 = two[2] as number;
  let v2 = two[3] as number;
  let energyTwo = two[4] as number;
  for (let index = start; index < end; index++) {
    const x = left[index] as number;
    const p = right[index] as number;
    const y = b0 * x + s1;
    const q = b0 * p + u1;
    s1 = b1 * x - a1 * y + s2;
    u1 = b1 * p - a1 * q + u2;
    s2 = b2 * x - a2 * y;
    u2 = b2 * p - a2 * q;
    const z = y + t1;
    const r = q + v1;
    t1 = t2 - 2 * y - c1 * z;
    v1 = v2 - 2 * q - c1 * r;
    t2 = y - c2 * z;
    v2 = q - c2 * r;
    energyOne += z * z;
    energyTwo += r * r;
  }
  one.set([s1, s2, t1, t2, energyOne]);
  two.set([u1, u2, v1, v2, energyTwo]);
}

/** The energy since the last call; brings a memory that has decayed to nothing to rest. */
export function takeKEnergy(state: Float64Array): number {
  const energy = state[4] as number;
  state[4] = 0;
  for (let index = 0; index < 4; index++) if (Math.abs(state[index] as number) < REST) state[index] = 0;
  return energy;
}
