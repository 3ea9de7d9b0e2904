// What holds for every separator that needs no model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Separator, WindowSpan } from '../models/separator.ts';
import { createHpss } from './hpss.ts';
import { createLowBand } from './low-band.ts';
import { createMidSide } from './mid-side.ts';

const RATE_HZ = 44_100;
/** A little over two windows, and no multiple of any hop. */
const SAMPLES = 2 * 2 ** 18 + 12_345;

type Signal = readonly [Float32Array, Float32Array];

const separators: readonly (readonly [string, () => Separator])[] = [
  ['hpss', createHpss],
  ['low-band', createLowBand],
  ['mid-side', createMidSide],
];

function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

function cut(signal: Signal, span: WindowSpan): Float32Array[] {
  return signal.map((channel) => {
    const piece = new Float32Array(span.inputEnd - span.inputStart);
    const from = Math.max(0, span.inputStart);
    piece.set(channel.subarray(from, Math.min(channel.length, span.inputEnd)), from - span.inputStart);
    return piece;
  });
}

/** Runs the windows in the given order and adds their contributions up. */
async function separate(
  create: () => Separator,
  signal: Signal,
  order: (spans: readonly WindowSpan[]) => readonly WindowSpan[] = (spans) => spans,
): Promise<Signal[]> {
  const separator = create();
  const statistics = { peak: 1, meanMono: 0, standardDeviationMono: 1 };
  const session = await separator.open({ device: 'cpu', threads: 1 });
  const totals = separator.slots.map((): Signal => [new Float32Array(SAMPLES), new Float32Array(SAMPLES)]);
  for (const span of order(separator.windows(SAMPLES))) {
    assert.equal(separator.weight(span), null);
    const slots = await session.process(span, cut(signal, span), statistics);
    slots.forEach((channels, slot) =>
      channels.forEach((channel, index) => {
        assert.equal(channel.length, span.outputEnd - span.outputStart);
        const total = totals[slot]![index]!;
        channel.forEach((x, n) => (total[span.outputStart + n]! += x));
      }),
    );
  }
  await session.close();
  return totals;
}

function snrDb(reference: Float32Array, actual: Float32Array): number {
  let signal = 0;
  let error = 0;
  for (let n = 0; n < reference.length; n++) {
    signal += reference[n]! ** 2;
    error += (reference[n]! - actual[n]!) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(error, 1e-300));
}

for (const [name, create] of separators) {
  test(`${name}: outputs sum to the input`, async () => {
    const signal: Signal = [noise(SAMPLES, 37), noise(SAMPLES, 41)];
    const [first, second] = await separate(create, signal);
    for (const channel of [0, 1] as const) {
      const sum = first![channel].map((x, n) => x + second![channel][n]!);
      assert.ok(snrDb(signal[channel], sum) > 140);
      assert.ok(snrDb(signal[channel], first![channel]) < 20, 'all of the input is in one output');
    }
  });

  test(`${name}: no bit depends on the order of the windows or on what ran before`, async () => {
    const signal: Signal = [noise(SAMPLES, 43), noise(SAMPLES, 47)];
    const backwards = await separate(create, signal, (spans) => spans.toReversed());
    assert.deepEqual(backwards, await separate(create, signal));
  });

  test(`${name}: silence stays silent`, async () => {
    const slots = await separate(create, [new Float32Array(SAMPLES), new Float32Array(SAMPLES)]);
    for (const channels of slots) for (const channel of channels) assert.ok(channel.every((x) => x === 0));
  });

  test(`${name}: covers each sample of songs of any length once`, () => {
    for (const samples of [0, 1, 1023, 2 ** 18, 2 ** 18 + 1, 5_000_000]) {
      let reached = 0;
      for (const span of create().windows(samples)) {
        assert.equal(span.outputStart, reached);
        assert.ok(span.outputEnd > span.outputStart);
        reached = span.outputEnd;
      }
      assert.equal(reached, samples);
    }
  });
}

test('hpss parts clicks from a chord by 15 dB and more', async () => {
  const chord = Float32Array.from({ length: SAMPLES }, (_, n) =>
    [220, 277.18, 329.63, 880].reduce((sum, hz) => sum + 0.1 * Math.sin((2 * Math.PI * hz * n) / RATE_HZ), 0),
  );
  const bursts = noise(SAMPLES, 53).map((x, n) => (n % 22_050 < 400 ? x * 0.8 * Math.exp(-(n % 22_050) / 80) : 0));
  const mix = chord.map((x, n) => x + bursts[n]!);
  const [percussive, harmonic] = await separate(createHpss, [mix, mix]);
  assert.ok(snrDb(bursts, percussive![0]) > 15, `${snrDb(bursts, percussive![0]).toFixed(1)} dB percussive`);
  assert.ok(snrDb(chord, harmonic![1]) > 15, `${snrDb(chord, harmonic![1]).toFixed(1)} dB harmonic`);
});

test('low-band parts a bass note from a melody by 60 dB', async () => {
  const tone = (hz: number): Float32Array =>
    Float32Array.from({ length: SAMPLES }, (_, n) => {
      const edge = Math.min(1, n / 20_000, (SAMPLES - 1 - n) / 20_000);
      return 0.3 * Math.sin((2 * Math.PI * hz * n) / RATE_HZ) * (0.5 - 0.5 * Math.cos(Math.PI * edge));
    });
  const bass = tone(82.41);
  const melody = tone(440);
  const mix = bass.map((x, n) => x + melody[n]!);
  const [low, rest] = await separate(createLowBand, [mix, bass]);
  assert.ok(snrDb(bass, low![0]) > 60, `${snrDb(bass, low![0]).toFixed(1)} dB`);
  assert.ok(snrDb(melody, rest![0]) > 60);
  assert.ok(snrDb(bass, low![1]) > 60);
});

test('mid-side gives the centre to mid', async () => {
  const centre = noise(SAMPLES, 59);
  const wide = noise(SAMPLES, 61);
  const [mid, side] = await separate(createMidSide, [
    centre.map((x, n) => x + wide[n]!),
    centre.map((x, n) => x - wide[n]!),
  ]);
  assert.ok(snrDb(centre, mid![0]) > 120);
  assert.ok(snrDb(wide, side![0]) > 120);
});
