import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { loadFft } from '../dsp/fft.ts';
import { FRAME_HOP_SAMPLES, PLANE_BINS } from './chord-grid.ts';
import { planePeaks, readSpectrum, SPECTRUM_BINS, spectrumPlanes } from './chord-spectrum.ts';
import { fourChords } from './four-chords.test-kit.ts';

/** The recipe kept every 7th value. */
const KEPT_EVERY = 7;
const EDGE_FRAMES = 3;

before(loadFft);

async function spectrumOf(t: TestContext, samples: Float32Array): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-chords-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'song.f32');
  await writeFile(path, samples);
  await using file = await open(path, 'r');
  return await readSpectrum(file, samples.length, () => {});
}

void test('sees what crema sees', async (t) => {
  const bytes = await readFile(join(import.meta.dirname, 'testdata/planes.f32'));
  const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const spectrum = await spectrumOf(t, fourChords());
  const frames = spectrum.length / SPECTRUM_BINS;
  assert.equal(frames, 64);
  const planes = spectrumPlanes(spectrum, planePeaks(spectrum), 0, frames);
  const errorsDb = Array.from(wanted, (db, index) => {
    const at = index * KEPT_EVERY;
    const [frame, bin, plane] = [Math.floor(at / 2 / PLANE_BINS), Math.floor(at / 2) % PLANE_BINS, at % 2];
    return { db, frame, error: Math.abs(planes[(plane * frames + frame) * PLANE_BINS + bin]! - db) };
  });
  const sorted = errorsDb.map(({ error }) => error).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  const loud = errorsDb.filter(({ db }) => db > -50);
  // At the song's ends, crema's resampler cuts off what ours rings on.
  const inner = loud.filter(({ frame }) => frame >= EDGE_FRAMES && frame < frames - EDGE_FRAMES);
  const worst = Math.max(...inner.map(({ error }) => error));
  const worstAtEnds = Math.max(...loud.map(({ error }) => error));
  t.diagnostic(
    `median ${median.toExponential(1)} dB, worst above -50 dB ${worst.toExponential(1)} dB, at the ends ${worstAtEnds.toFixed(2)} dB`,
  );
  assert.ok(median < 1e-3);
  assert.ok(worst < 0.05);
  assert.ok(worstAtEnds < 1);
  assert.ok(inner.length > 1000);
});

void test('a long song in blocks is seen as it is in one piece', async (t) => {
  const song = fourChords();
  const blockSamples = 256 * FRAME_HOP_SAMPLES;
  // The same six seconds across the border of two blocks, and in the middle of one.
  const shift = 96 * FRAME_HOP_SAMPLES;
  const across = new Float32Array(2 * blockSamples);
  across.set(song, blockSamples - 32 * FRAME_HOP_SAMPLES);
  const inside = new Float32Array(2 * blockSamples);
  inside.set(song, blockSamples - 32 * FRAME_HOP_SAMPLES - shift);
  const [first, second] = [await spectrumOf(t, across), await spectrumOf(t, inside)];
  assert.ok(first.some((magnitude) => magnitude > 1));
  for (let frame = 96; frame < 512; frame++) {
    for (let bin = 0; bin < SPECTRUM_BINS; bin++) {
      const [here, there] = [first[frame * SPECTRUM_BINS + bin]!, second[(frame - 96) * SPECTRUM_BINS + bin]!];
      assert.ok(Math.abs(here - there) < 1e-4, `frame ${String(frame)}, bin ${String(bin)}`);
    }
  }
});
