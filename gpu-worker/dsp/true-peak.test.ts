import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createTruePeakMeter } from './true-peak.ts';

const RATE_HZ = 48_000;

/** One second with fades of 10 ms: a tone that begins at once has higher true peaks than it shows. */
function faded(value: (index: number) => number, samples: number, fadeSamples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, index) => {
    return value(index) * Math.min(1, index / fadeSamples, (samples - 1 - index) / fadeSamples);
  });
}

function tone(divisor: number, amplitude: number, degrees: number): Float32Array {
  const phase = (degrees * Math.PI) / 180;
  return Float32Array.from(
    faded((index) => amplitude * Math.sin((2 * Math.PI * index) / divisor + phase), RATE_HZ, RATE_HZ / 100),
  );
}

/** A tone of rate/6 with one period of rate/4 at twice its height, made at four times the rate and thinned out. */
function burst(offset: number): Float32Array {
  const start = 24 * (RATE_HZ / 12);
  const value = (index: number): number => {
    if (index < start) return 0.5 * Math.sin((2 * Math.PI * (index - start)) / 24);
    if (index < start + 16) return Math.sin((2 * Math.PI * (index - start)) / 16);
    return 0.5 * Math.sin((2 * Math.PI * (index - start - 16)) / 24);
  };
  const fine = faded(value, 4 * RATE_HZ, RATE_HZ / 25);
  return Float32Array.from({ length: RATE_HZ }, (_, index) => fine[4 * index + offset] as number);
}

function truePeakDb(signal: readonly Float32Array[], rateHz = RATE_HZ): number | null {
  const meter = createTruePeakMeter({ rateHz, channels: signal.length });
  meter.push(signal);
  return meter.peakDbtp();
}

for (const [name, signal, wantedDb] of [
  ['3341-15', tone(4, 0.5, 0), -6],
  ['3341-16', tone(4, 0.5, 45), -6],
  ['3341-17', tone(6, 0.5, 60), -6],
  ['3341-18', tone(8, 0.5, 67.5), -6],
  ['3341-19', tone(4, 1.41, 45), 3],
  ['3341-20', burst(0), 0],
  ['3341-21', burst(1), 0],
  ['3341-22', burst(2), 0],
  ['3341-23', burst(3), 0],
] as const) {
  test(`true peak of EBU Tech ${name}`, () => {
    const found = truePeakDb([new Float32Array(RATE_HZ), signal]);
    assert.ok(found !== null && found <= wantedDb + 0.2 && found >= wantedDb - 0.4, `${String(found)} dBTP`);
  });
}

test('tells the true peak of a tone whose samples all lie 3 dB below it', () => {
  const signal = tone(4, 0.5, 45);
  assert.ok(Math.abs(20 * Math.log10(Math.max(...signal)) + 9.03) < 0.01);
  const found = truePeakDb([signal]);
  assert.ok(found !== null && Math.abs(found + 6.02) < 0.05, String(found));
});

/** The standard's way: every phase of the windowed sinc at every sample, tail included. */
function plainTruePeak(signal: Float32Array, factor: number): number {
  let most = 0;
  for (let output = 0; output < (signal.length + 48) * factor; output++) {
    let sum = 0;
    for (let tap = output % factor; tap < 49; tap += factor) {
      const x = ((tap - 24) * Math.PI) / factor;
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * tap) / 48);
      sum += (signal[(output - tap) / factor] ?? 0) * window * (x === 0 ? 1 : Math.sin(x) / x);
    }
    most = Math.max(most, Math.abs(sum));
  }
  return most;
}

const anySignal = fc.record({
  samples: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }),
  /** Quiet stretches are where the fast path skips. */
  gains: fc.array(fc.constantFrom(0, 0.001, 0.3, 1, 8), { minLength: 1, maxLength: 6 }),
});

for (const [rateHz, factor] of [
  [44_100, 4],
  [96_000, 2],
] as const) {
  test(`leaving out what cannot be the peak changes nothing (${String(factor)} times)`, () => {
    fc.assert(
      fc.property(anySignal, ({ samples, gains }) => {
        const signal = Float32Array.from(samples, (value, index) => value * (gains[index % gains.length] as number));
        const meter = createTruePeakMeter({ rateHz, channels: 1 });
        meter.push([signal]);
        const plain = plainTruePeak(signal, factor);
        assert.ok(
          Math.abs(meter.peak() - plain) <= 1e-12 * Math.max(1, plain),
          `${String(meter.peak())} ${String(plain)}`,
        );
      }),
      { numRuns: 200 },
    );
  });
}

test('gives the same bits however the signal is cut into blocks', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }),
      (seed, cuts) => {
        let state = seed >>> 0;
        const signal = Float32Array.from({ length: 12_000 }, () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 2 ** 31 - 1;
        });
        const meter = createTruePeakMeter({ rateHz: 44_100, channels: 1 });
        for (let start = 0, cut = 0; start < signal.length; cut++) {
          const length = cuts[cut % cuts.length] as number;
          meter.push([signal.subarray(start, start + length)]);
          start += length;
        }
        const whole = createTruePeakMeter({ rateHz: 44_100, channels: 1 });
        whole.push([signal]);
        assert.equal(meter.peak(), whole.peak());
      },
    ),
    { numRuns: 30 },
  );
});

test('counts plain samples from 192 kHz on', () => {
  assert.equal(truePeakDb([Float32Array.of(0.5, -0.5, 0.5)], 192_000), 20 * Math.log10(0.5));
});

test('silence has no true peak', () => {
  assert.equal(truePeakDb([new Float32Array(1000)]), null);
});

test('reading twice, or on the way, changes nothing', () => {
  const meter = createTruePeakMeter({ rateHz: 44_100, channels: 1 });
  meter.push([tone(6, 0.5, 60)]);
  const first = meter.peak();
  assert.equal(meter.peak(), first);
  meter.push([new Float32Array(100)]);
  assert.equal(meter.peak(), first);
});
