import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { loadFft } from '../dsp/fft.ts';
import { melOfHz } from '../dsp/mel-filters.ts';
import { BEAT_RATE_HZ, frameCount, MEL_BANDS } from './beat-grid.ts';
import { createBeatSpectrogram } from './beat-spectrogram.ts';
import { readFrameSamples } from './frame-samples.ts';
import { largestDifference, readGolden } from './golden.test-kit.ts';
import { madeUpSong } from './tiny-beat-network.test-kit.ts';

type Frames = (start: number, end: number) => Promise<Float32Array>;

/** Spectra of some of a song's frames, from its file. */
async function openSong(t: TestContext, samples: Float32Array): Promise<Frames> {
  await loadFft();
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-beats-'));
  const path = join(folder, 'song.f32');
  await writeFile(path, samples);
  const file = await open(path, 'r');
  t.after(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });
  const spectrogram = createBeatSpectrogram();
  return async (start, end) => {
    const frames = new Float32Array((end - start) * MEL_BANDS);
    spectrogram.compute(await readFrameSamples(file, samples.length, { start, end }), frames);
    return frames;
  };
}

void test("a song's spectrogram is that of Beat This, to the ends of the song", async (t) => {
  const framesOf = await openSong(t, madeUpSong(12_000));
  const found = await framesOf(0, frameCount(12_000));
  const wanted = await readGolden('spectrogram.f32');
  const worst = largestDifference(found, wanted);
  t.diagnostic(`at most ${worst.toExponential(1)} of ${Math.max(...wanted).toFixed(1)}`);
  assert.ok(worst < 2e-4, String(worst));
});

void test('frames by themselves are those of the whole song', async (t) => {
  for (const length of [513, 700, 5000]) {
    const framesOf = await openSong(t, madeUpSong(length));
    const frames = frameCount(length);
    const whole = await framesOf(0, frames);
    for (let frame = 0; frame < frames; frame++) {
      assert.deepEqual(await framesOf(frame, frame + 1), whole.slice(frame * MEL_BANDS, (frame + 1) * MEL_BANDS));
    }
  }
});

void test('silence is 0; a tone of full level is loudest in its band, at about log(1 + 1000 · 8)', async (t) => {
  const silence = await openSong(t, new Float32Array(2000));
  assert.ok((await silence(0, 5)).every((value) => value === 0));
  // On a bin: a Hann window gives half of half the frame's length there, over its root: 8.
  const hz = (200 * BEAT_RATE_HZ) / 1024;
  const tone = await openSong(
    t,
    Float32Array.from({ length: 8820 }, (_, n) => Math.sin((2 * Math.PI * hz * n) / BEAT_RATE_HZ)),
  );
  const frame = await tone(10, 11);
  const top = Math.max(...frame);
  assert.ok(top > Math.log1p(1000 * 8 * 0.5) && top < Math.log1p(1000 * 8 * 2), String(top));
  const mels = (ofHz: number): number => (129 * (melOfHz(ofHz) - melOfHz(30))) / (melOfHz(11_000) - melOfHz(30));
  assert.equal(frame.indexOf(top), Math.round(mels(hz)) - 1);
});
