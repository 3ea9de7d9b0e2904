import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadFft } from '../dsp/fft.ts';
import { madeUpSong } from './made-up-song.test-kit.ts';
import { heardWindows, HOP_SAMPLES, STYLE_RATE_HZ, WINDOW_SAMPLES, windowCount, windowStart } from './style-grid.ts';
import { createStyleSpectrogram } from './style-spectrogram.ts';

const KEPT_EVERY = 11;

test('the spectrogram is the one that librosa makes for musicnn', async () => {
  await loadFft();
  const start = windowStart(1);
  const samples = madeUpSong(10 * STYLE_RATE_HZ).subarray(start, start + WINDOW_SAMPLES);
  const kept = createStyleSpectrogram()
    .compute(samples)
    .filter((_, at) => at % KEPT_EVERY === 0);
  const bytes = await readFile(join(import.meta.dirname, 'testdata/spectrogram.f32'));
  const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  assert.equal(kept.length, wanted.length);
  assert.ok(wanted.some((value) => value > 4));
  kept.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]!) < 1e-4, `${value}, not ${wanted[at]} at ${at}`));
});

test('a song has a window for each whole 3 s', () => {
  const shortest = 186 * HOP_SAMPLES;
  assert.deepEqual([0, shortest - 1, shortest, 373 * HOP_SAMPLES].map(windowCount), [0, 0, 1, 2]);
  assert.equal(windowCount(180 * STYLE_RATE_HZ), 60);
  assert.equal(windowStart(0), -256);
});

test('the windows that are heard are spread over the whole song', () => {
  assert.deepEqual(heardWindows(0, 30), []);
  assert.deepEqual(heardWindows(3, 30), [0, 1, 2]);
  assert.deepEqual(heardWindows(9, 3), [1, 4, 7]);
  for (const windows of [31, 60, 601]) {
    const heard = heardWindows(windows, 30);
    assert.equal(new Set(heard).size, 30);
    assert.ok(heard[0]! < windows / 30 && heard.at(-1)! >= windows - 1 - windows / 30 && heard.at(-1)! < windows);
  }
});
