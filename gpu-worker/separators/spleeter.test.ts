import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CPU, modelFile, separateSong, snrDb } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { testSeparatorProperties } from './separator-properties.test-kit.ts';
import { createSpleeter } from './spleeter.ts';
import { chord, roughSong } from './test-signals.test-kit.ts';
import { scalingInstrument, scalingSpleeter } from './tiny-models/tiny-spleeter.ts';

const SLOTS = ['vocals', 'accompaniment'];
/** A segment begins every 524,288 samples; this needs two. */
const SAMPLES = 512 * 1024 + 54_321;
/** Below the highest bin that the networks see, 11,025 Hz. */
const SEEN = 0.2;

for (const quality of ['fast', 'best'] as const) {
  testSeparatorProperties({
    name: `spleeter ${quality}`,
    network: () => scalingSpleeter({ vocals: 0.3, accompaniment: 0.6 }, 0.1),
    create: (path) => createSpleeter(SLOTS, [path], quality),
    lengths: [1, 520_193, SAMPLES],
  });
}

/** Shares of a mix whose two sources are everywhere in the same place. */
const SHARES = {
  /** e² / Σ e² */
  fast: [0.36, 0.64],
  /** A quarter of that, and three quarters of e^1.75 / Σ e^1.75; either with 2 % of the sum added to both estimates. */
  best: [3.14, 4.14].map(
    (e) => (0.25 * e ** 2) / (3.14 ** 2 + 4.14 ** 2) + (0.75 * e ** 1.75) / (3.14 ** 1.75 + 4.14 ** 1.75),
  ),
} as const;

const scaled = (mix: Stereo, gain: number): Float32Array[] => mix.map((channel) => channel.map((x) => x * gain));

for (const quality of ['fast', 'best'] as const) {
  void test(`${quality}: estimates of 3 to 4 share the mix as their law says, over all seams`, async (t) => {
    const path = await modelFile(t, scalingSpleeter({ vocals: 3, accompaniment: 4 }));
    const [left] = chord(SAMPLES, SEEN);
    const mix: Stereo = [left, left];
    const stems = await separateSong(createSpleeter(SLOTS, [path], quality), mix);
    stems.forEach((stem, slot) => {
      const level = snrDb(stem, scaled(mix, SHARES[quality][slot]!));
      assert.ok(level > 75, `${SLOTS[slot]}: ${level.toFixed(1)} dB`);
    });
  });
}

void test('fast: stems sum to the mix below 11 kHz, and hold nothing above', async (t) => {
  const path = await modelFile(t, scalingSpleeter({ vocals: 3, accompaniment: 4 }));
  const below = chord(SAMPLES, SEEN);
  // From 0.26 cycles per sample up.
  const above: Stereo = [
    below[0].map((x, n) => x * 2 * Math.cos(2 * Math.PI * 0.46 * n)),
    below[1].map((x, n) => x * 2 * Math.cos(2 * Math.PI * 0.46 * n)),
  ];
  const separator = createSpleeter(SLOTS, [path], 'fast');
  const mix: Stereo = [below[0].map((x, n) => x + above[0][n]!), below[1].map((x, n) => x + above[1][n]!)];
  const [vocals, accompaniment] = await separateSong(separator, mix);
  const sum = vocals!.map((channel, c) => channel.map((x, n) => x + accompaniment![c]![n]!));
  assert.ok(snrDb(sum, below) > 75, `${snrDb(sum, below).toFixed(1)} dB`);
});

void test('best: stems sum to the mix over the whole band', async (t) => {
  const path = await modelFile(t, scalingSpleeter({ vocals: 0.4, accompaniment: 0.6 }, 0.05));
  const mix = roughSong(SAMPLES, 3);
  const [vocals, accompaniment] = await separateSong(createSpleeter(SLOTS, [path], 'best'), mix);
  const sum = vocals!.map((channel, c) => channel.map((x, n) => x + accompaniment![c]![n]!));
  assert.ok(snrDb(sum, mix) > 110, `${snrDb(sum, mix).toFixed(1)} dB`);
  assert.ok(snrDb(vocals!, mix) < 10);
});

void test('graphs of one instrument each do what one graph of all does', async (t) => {
  const song = roughSong(100_000, 4);
  const together = await modelFile(t, scalingSpleeter({ vocals: 0.5, accompaniment: 0.25 }));
  const apart = [await modelFile(t, scalingInstrument(0.5)), await modelFile(t, scalingInstrument(0.25))];
  assert.deepEqual(
    await separateSong(createSpleeter(SLOTS, apart, 'fast'), song),
    await separateSong(createSpleeter(SLOTS, [together], 'fast'), song),
  );
});

void test('refuses another number of graphs, and graphs of other instruments', async (t) => {
  const path = await modelFile(t, scalingInstrument(0.5));
  await assert.rejects(createSpleeter(SLOTS, [path, path, path], 'fast').open(CPU), RangeError);
  await assert.rejects(createSpleeter(SLOTS, [path], 'best').open(CPU), RangeError);
});
