import assert from 'node:assert/strict';
import { test } from 'node:test';
import { biquadMagnitude, createBiquad } from './biquad.ts';
import { kWeighting } from './loudness-filter.ts';
import { createLoudnessMeter } from './loudness.ts';
import type { LoudnessMeter } from './loudness.ts';

/** Seconds, and the level of each channel in dBFS (sine peak); null is silence. */
type Passage = readonly [seconds: number, ...levelsDb: (number | null)[]];

/** 1 kHz sines, as EBU Tech 3341 and 3342 describe their signals. */
function synthesize(passages: readonly Passage[], rateHz = 48_000): Float32Array[] {
  const channels = (passages[0]?.length ?? 2) - 1;
  const boundaries = [0];
  for (const [seconds] of passages) boundaries.push((boundaries.at(-1) as number) + Math.round(seconds * rateHz));
  return Array.from({ length: channels }, (_, channel) => {
    const signal = new Float32Array(boundaries.at(-1) as number);
    passages.forEach(([, ...levelsDb], passage) => {
      const levelDb = levelsDb[channel] ?? null;
      if (levelDb === null) return;
      const gain = 10 ** (levelDb / 20);
      for (let index = boundaries[passage] as number; index < (boundaries[passage + 1] as number); index++) {
        signal[index] = gain * Math.sin((2 * Math.PI * 1000 * index) / rateHz);
      }
    });
    return signal;
  });
}

function stereo(...passages: readonly (readonly [seconds: number, levelDb: number | null])[]): Passage[] {
  return passages.map(([seconds, levelDb]) => [seconds, levelDb, levelDb]);
}

function repeat<T>(times: number, passages: readonly T[]): T[] {
  return Array.from({ length: times }, () => passages).flat();
}

function measure(signal: readonly Float32Array[], rateHz = 48_000): LoudnessMeter {
  const meter = createLoudnessMeter({ rateHz, channels: signal.length });
  meter.push(signal);
  return meter;
}

function assertNear(found: number | null, wanted: number, tolerance: number, what = ''): void {
  assert.ok(
    found !== null && Math.abs(found - wanted) <= tolerance,
    `${what} ${String(found)}, wanted ${String(wanted)}`,
  );
}

/** The standard allows 0.1 LU; what is measured here is closer. */
const TOLERANCE_LU = 0.02;

for (const [name, rateHz, passages, wanted, tolerance] of [
  ['3341-1', 48_000, stereo([20, -23]), -23, TOLERANCE_LU],
  ['3341-2', 48_000, stereo([20, -33]), -33, TOLERANCE_LU],
  ['3341-3', 48_000, stereo([10, -36], [60, -23], [10, -36]), -23, TOLERANCE_LU],
  ['3341-4', 48_000, stereo([10, -72], [10, -36], [60, -23], [10, -36], [10, -72]), -23, TOLERANCE_LU],
  ['3341-5', 48_000, stereo([20, -26], [20.1, -20], [20, -26]), -23, 0.04],
  ['3341-6', 48_000, [[20, -28, -28, -24, -30, -30]], -23, TOLERANCE_LU],
  ['3341-6 with an LFE that does not count', 48_000, [[20, -28, -28, -24, 0, -30, -30]], -23, TOLERANCE_LU],
  ['3341-3 at 44.1 kHz', 44_100, stereo([10, -36], [60, -23], [10, -36]), -23, TOLERANCE_LU],
  [
    '3341-3 at 22.05 kHz, where 10 ms are no whole samples',
    22_050,
    stereo([10, -36], [60, -23], [10, -36]),
    -23,
    TOLERANCE_LU,
  ],
  ['3341-1 at 96 kHz', 96_000, stereo([20, -23]), -23, TOLERANCE_LU],
  ['3341-1 at 192 kHz', 192_000, stereo([5, -23]), -23, 0.03],
  ['BS.1770: 0 dBFS in one channel of 997 Hz is -3.01', 48_000, [[5, 0, null]], -3.01, 0.03],
  ['a mono file is one channel', 48_000, [[5, -20]], -23.01, 0.03],
] as const satisfies readonly (readonly [string, number, readonly Passage[], number, number])[]) {
  test(`integrated loudness: ${name}`, () => {
    assertNear(measure(synthesize(passages, rateHz), rateHz).integratedLufs(), wanted, tolerance);
  });
}

test('momentary, short-term and integrated loudness agree on a steady tone (3341-1, 3341-2)', () => {
  for (const levelDb of [-23, -33]) {
    const meter = measure(synthesize(stereo([20, levelDb])));
    assertNear(meter.momentaryLufs(), levelDb, TOLERANCE_LU);
    assertNear(meter.shortTermLufs(), levelDb, TOLERANCE_LU);
  }
});

for (const [name, passages, seconds, read] of [
  ['short-term, 3341-9', repeat(5, stereo([1.34, -20], [1.66, -30])), 3, (meter) => meter.shortTermLufs()],
  ['momentary, 3341-12', repeat(25, stereo([0.18, -20], [0.22, -30])), 1, (meter) => meter.momentaryLufs()],
] as const satisfies readonly (readonly [string, Passage[], number, (meter: LoudnessMeter) => number | null])[]) {
  test(`reads a constant -23 LUFS from a beating tone (${name})`, () => {
    const [left, right] = synthesize(passages) as [Float32Array, Float32Array];
    const meter = createLoudnessMeter({ rateHz: 48_000, channels: 2 });
    for (let start = 0; start + 480 <= left.length; start += 480) {
      meter.push([left.subarray(start, start + 480), right.subarray(start, start + 480)]);
      if (start + 480 >= seconds * 48_000) assertNear(read(meter), -23, 0.1, `at ${String(start)}`);
    }
  });
}

test('finds the largest short-term loudness wherever a tone begins (3341-10)', () => {
  for (let file = 0; file < 20; file++) {
    const passages = stereo([file * 0.15, null], [3, -23], [1, null]);
    assertNear(measure(synthesize(passages)).maxShortTermLufs(), -23, TOLERANCE_LU, `file ${String(file)}`);
  }
});

test('finds the largest momentary loudness wherever a tone begins (3341-13)', () => {
  for (let file = 0; file < 20; file++) {
    const passages = stereo([file * 0.02, null], [0.4, -23], [1, null]);
    assertNear(measure(synthesize(passages)).maxMomentaryLufs(), -23, TOLERANCE_LU, `file ${String(file)}`);
  }
});

for (const [name, passages, wanted] of [
  ['3342-1', stereo([20, -20], [20, -30]), 10],
  ['3342-2', stereo([20, -20], [20, -15]), 5],
  ['3342-3', stereo([20, -40], [20, -20]), 20],
  ['3342-4', stereo([20, -50], [20, -35], [20, -20], [20, -35], [20, -50]), 15],
] as const) {
  test(`loudness range: ${name}`, () => {
    assertNear(measure(synthesize(passages)).rangeLu(), wanted, 0.1);
  });
}

test('the weighting is the one that BS.1770 tabulates for 48 kHz', () => {
  const { shelf, highPass } = kWeighting(48_000);
  const found = [shelf.b0, shelf.b1, shelf.b2, shelf.a1, shelf.a2, highPass.a1, highPass.a2];
  const table = [
    1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585, -1.99004745483398,
    0.99007225036621,
  ];
  found.forEach((value, index) => assertNear(value, table[index] as number, 1e-13));
});

test('the weighting is the same curve at every rate', () => {
  const gainDb = (frequencyHz: number, rateHz: number): number => {
    const { shelf, highPass } = kWeighting(rateHz);
    const gain = biquadMagnitude(shelf, frequencyHz, rateHz) * biquadMagnitude(highPass, frequencyHz, rateHz);
    return 20 * Math.log10(gain);
  };
  for (const rateHz of [44_100, 96_000, 192_000]) {
    for (const frequencyHz of [20, 40, 100, 1000, 2000, 5000]) {
      assertNear(gainDb(frequencyHz, rateHz), gainDb(frequencyHz, 48_000), 0.05, `${String(frequencyHz)} Hz`);
    }
  }
});

function noise(seed: number, samples: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

test('the fused filters are the plain biquads', () => {
  const signal = noise(1, 44_100);
  const { shelf, highPass } = kWeighting(44_100);
  const plain = Float64Array.from(signal);
  createBiquad(shelf).process(plain, plain);
  createBiquad(highPass).process(plain, plain);
  const power = plain.reduce((sum, value) => sum + value * value, 0) / plain.length;
  // 1 s of steady noise: the mean of its slices is the mean of the second.
  const lufs = -0.691 + 10 * Math.log10(power);
  const single = createLoudnessMeter({ rateHz: 44_100, channels: 1 });
  single.push([signal]);
  assertNear(single.integratedLufs(), lufs, 0.05);
  const pair = createLoudnessMeter({ rateHz: 44_100, channels: 2, weights: [1, 0] });
  pair.push([signal, noise(2, 44_100)]);
  assert.equal(pair.integratedLufs(), single.integratedLufs());
});

test('gives the same bits however the signal is cut into blocks', () => {
  const signal = [noise(3, 200_000), noise(4, 200_000), noise(5, 200_000)];
  const whole = measure(signal, 44_100);
  const pieces = createLoudnessMeter({ rateHz: 44_100, channels: 3 });
  for (let start = 0, length = 1; start < 200_000; start += length, length = (length * 7) % 9973) {
    pieces.push(signal.map((channel) => channel.subarray(start, start + length)));
  }
  assert.equal(pieces.integratedLufs(), whole.integratedLufs());
  assert.equal(pieces.rangeLu(), whole.rangeLu());
  assert.equal(pieces.maxMomentaryLufs(), whole.maxMomentaryLufs());
});

test('silence, and less than 400 ms, have no loudness', () => {
  const silence = measure([new Float32Array(96_000), new Float32Array(96_000)]);
  assert.equal(silence.integratedLufs(), null);
  assert.equal(silence.maxMomentaryLufs(), null);
  assert.equal(silence.rangeLu(), null);
  assert.equal(measure(synthesize(stereo([0.39, -20]))).integratedLufs(), null);
  assert.equal(measure(synthesize(stereo([20, -75]))).integratedLufs(), null);
});

test('refuses a block with another number of channels', () => {
  const meter = createLoudnessMeter({ rateHz: 44_100, channels: 2 });
  assert.throws(() => meter.push([new Float32Array(1)]), RangeError);
});
