// Separators that need no model: what they share, and what each parts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Separator } from '../models/separator.ts';
import { createHpss } from './hpss.ts';
import { createLowBand } from './low-band.ts';
import { createMidSide } from './mid-side.ts';
import { separateSong, snrDb } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { testSeparatorProperties } from './separator-properties.test-kit.ts';
import { roughSong } from './test-signals.test-kit.ts';
import { seededNumbers } from './tiny-models/seeded-numbers.ts';

const RATE_HZ = 44_100;
/** A little over one window, and no multiple of any hop. */
const SAMPLES = 2 ** 18 + 12_345;

const separators: readonly (readonly [string, () => Separator])[] = [
  ['hpss', createHpss],
  ['low-band', createLowBand],
  ['mid-side', createMidSide],
];

for (const [name, create] of separators) {
  testSeparatorProperties({ name, create, network: () => new Uint8Array(), lengths: [1, 1023, 2 ** 18, SAMPLES] });

  void test(`${name}: outputs sum to the input, and neither is all of it`, async () => {
    const song = roughSong(SAMPLES, 37);
    const [first, second] = await separateSong(create(), song);
    const sum = first!.map((channel, c) => channel.map((x, n) => x + second![c]![n]!));
    assert.ok(snrDb(sum, song) > 140, `${snrDb(sum, song).toFixed(1)} dB`);
    assert.ok(snrDb(first!, song) < 30);
    assert.ok(snrDb(second!, song) < 30);
  });
}

void test('hpss parts clicks from a chord by 12 dB and more', async () => {
  const chord = Float32Array.from({ length: SAMPLES }, (_, n) =>
    [220, 277.18, 329.63, 880].reduce((sum, hz) => sum + 0.1 * Math.sin((2 * Math.PI * hz * n) / RATE_HZ), 0),
  );
  const noise = seededNumbers(53, SAMPLES, 1);
  const clicks = noise.map((x, n) => (n % 22_050 < 400 ? x * 0.8 * Math.exp(-(n % 22_050) / 80) : 0));
  const mix = chord.map((x, n) => x + clicks[n]!);
  const [percussive, harmonic] = await separateSong(createHpss(), [mix, mix]);
  assert.ok(
    snrDb(percussive!, [clicks, clicks]) > 12,
    `${snrDb(percussive!, [clicks, clicks]).toFixed(1)} dB percussive`,
  );
  assert.ok(snrDb(harmonic!, [chord, chord]) > 12, `${snrDb(harmonic!, [chord, chord]).toFixed(1)} dB harmonic`);
});

void test('low-band parts a bass note from a melody by 60 dB', async () => {
  const tone = (hz: number): Float32Array =>
    Float32Array.from({ length: SAMPLES }, (_, n) => {
      const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SAMPLES);
      return 0.3 * swell * Math.sin((2 * Math.PI * hz * n) / RATE_HZ);
    });
  const bass = tone(82.41);
  const melody = tone(440);
  const mix = bass.map((x, n) => x + melody[n]!);
  const [low, rest] = await separateSong(createLowBand(), [mix, mix]);
  assert.ok(snrDb(low!, [bass, bass]) > 60, `${snrDb(low!, [bass, bass]).toFixed(1)} dB`);
  assert.ok(snrDb(rest!, [melody, melody]) > 60);
});

void test('mid-side gives the centre to mid', async () => {
  const [centre, wide] = roughSong(SAMPLES, 59);
  const mix: Stereo = [centre.map((x, n) => x + wide[n]!), centre.map((x, n) => x - wide[n]!)];
  const [mid, side] = await separateSong(createMidSide(), mix);
  assert.ok(snrDb(mid!, [centre, centre]) > 120);
  assert.ok(snrDb(side!, [wide, wide.map((x) => -x)]) > 120);
});
