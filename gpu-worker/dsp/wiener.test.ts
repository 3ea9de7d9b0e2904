import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStereoWiener } from './wiener.ts';
import type { StereoFrame } from './wiener.ts';

const BINS = 8;
const FRAMES = 400;

/** Gaussian-like noise of its own seed. */
function createNoise(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  return () => uniform() + uniform() + uniform();
}

/** Source 0 sits in the middle, source 1 left with a phase turned by 90° on the right; loud at different times. */
function scene(): { readonly sources: Float32Array[]; readonly mix: Float32Array; readonly powers: Float64Array[][] } {
  const noise = createNoise(67);
  const values = FRAMES * BINS * 4;
  const sources = [new Float32Array(values), new Float32Array(values)];
  const powers: Float64Array[][] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const gains = [1 + Math.sin(frame * 0.3), 1 + Math.cos(frame * 0.17)];
    powers.push(gains.map((gain) => new Float64Array(BINS).fill(gain * gain)));
    for (let bin = 0; bin < BINS; bin++) {
      const left = frame * BINS * 4 + 2 * bin;
      const right = left + BINS * 2;
      for (const [j, target] of sources.entries()) {
        const re = gains[j]! * noise();
        const im = gains[j]! * noise();
        target[left] = re;
        target[left + 1] = im;
        target[right] = j === 0 ? re : -0.4 * im;
        target[right + 1] = j === 0 ? im : 0.4 * re;
      }
    }
  }
  return { sources, mix: sources[0]!.map((x, n) => x + sources[1]![n]!), powers };
}

const frameAt = (values: Float32Array, frame: number): StereoFrame => ({
  values,
  left: frame * BINS * 4,
  right: frame * BINS * 4 + BINS * 2,
});

function snrDb(reference: Float32Array, actual: Float32Array): number {
  let signal = 0;
  let error = 0;
  for (let n = 0; n < reference.length; n++) {
    signal += reference[n]! ** 2;
    error += (reference[n]! - actual[n]!) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(error, 1e-300));
}

/** Learns each source's place from the source itself, then parts the mix. */
function separate(loading: number): { readonly outputs: Float32Array[]; readonly scene: ReturnType<typeof scene> } {
  const known = scene();
  const places = createStereoWiener({ sources: 2, bins: BINS, loading });
  const all = new Float64Array(BINS).fill(1);
  const none = new Float64Array(BINS);
  places.reset();
  for (let frame = 0; frame < FRAMES; frame++) {
    places.learn(frameAt(known.sources[0]!, frame), [all, none], [all, none]);
    places.learn(frameAt(known.sources[1]!, frame), [none, all], [none, all]);
  }
  places.settle();
  const outputs = known.sources.map((source) => new Float32Array(source.length));
  for (let frame = 0; frame < FRAMES; frame++) {
    places.filter(
      frameAt(known.mix, frame),
      known.powers[frame]!,
      outputs.map((values) => frameAt(values, frame)),
    );
  }
  return { outputs, scene: known };
}

void test('parts two sources that play at once from two places by 40 dB, where a mask could not', () => {
  const { outputs, scene: known } = separate(1e-6);
  outputs.forEach((output, j) => {
    const level = snrDb(known.sources[j]!, output);
    assert.ok(level > 40, `source ${String(j)}: ${level.toFixed(1)} dB`);
  });
});

for (const loading of [1e-6, 1e-3, 0.1]) {
  void test(`the sources sum to the mix with a loading of ${String(loading)}`, () => {
    const { outputs, scene: known } = separate(loading);
    const sum = outputs[0]!.map((x, n) => x + outputs[1]![n]!);
    assert.ok(snrDb(known.mix, sum) > 110, `${snrDb(known.mix, sum).toFixed(1)} dB`);
  });
}

void test('is the plain Wiener gain, v / Σ v, where all sources are in one place', () => {
  const wiener = createStereoWiener({ sources: 2, bins: BINS, loading: 1e-3 });
  const mono = new Float32Array(BINS * 4).fill(0.5);
  const all = new Float64Array(BINS).fill(1);
  wiener.reset();
  wiener.learn(frameAt(mono, 0), [all, all], [all, all]);
  wiener.settle();
  const outputs = [new Float32Array(BINS * 4), new Float32Array(BINS * 4)];
  const powers = [new Float64Array(BINS).fill(3), new Float64Array(BINS).fill(1)];
  wiener.filter(
    frameAt(mono, 0),
    powers,
    outputs.map((values) => frameAt(values, 0)),
  );
  assert.ok(outputs[0]!.every((x) => Math.abs(x - 0.375) < 1e-6));
  assert.ok(outputs[1]!.every((x) => Math.abs(x - 0.125) < 1e-6));
});

void test('shares evenly what no source claims, and keeps silence silent', () => {
  const wiener = createStereoWiener({ sources: 2, bins: BINS, loading: 1e-3 });
  wiener.reset();
  wiener.settle();
  const outputs = [new Float32Array(BINS * 4), new Float32Array(BINS * 4)];
  const targets = outputs.map((values) => frameAt(values, 0));
  const nothing = [new Float64Array(BINS), new Float64Array(BINS)];
  wiener.filter(frameAt(new Float32Array(BINS * 4).fill(0.5), 0), nothing, targets);
  assert.ok(outputs.flatMap((values) => [...values]).every((x) => x === 0.25));
  wiener.filter(frameAt(new Float32Array(BINS * 4), 0), nothing, targets);
  assert.ok(outputs.flatMap((values) => [...values]).every((x) => x === 0));
});
