import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadFft } from './fft.ts';
import { createStft } from './stft.ts';
import { createTuningMeter } from './tuning.ts';
import { hannPeriodic } from './window.ts';

before(loadFft);

const RATE_HZ = 11_025;
const SIZE = 4096;

/** Spectra of a few notes with five partials each. */
function readTuning(cents: number): ReturnType<ReturnType<typeof createTuningMeter>['reading']> {
  const stft = createStft({ size: SIZE, hop: SIZE, window: hannPeriodic(SIZE), pad: 'none' });
  const meter = createTuningMeter(RATE_HZ / SIZE);
  for (const midi of [57, 60, 64, 69]) {
    const hz = 440 * 2 ** ((midi - 69 + cents / 100) / 12);
    const tone = Float32Array.from({ length: SIZE }, (_, n) =>
      [1, 2, 3, 4, 5].reduce((sum, k) => sum + Math.sin((2 * Math.PI * k * hz * n) / RATE_HZ) / k, 0),
    );
    const spectrum = stft.forward(tone);
    meter.push(
      Float32Array.from({ length: SIZE / 2 + 1 }, (_, k) => Math.hypot(spectrum[2 * k]!, spectrum[2 * k + 1]!)),
    );
  }
  return meter.reading();
}

for (const cents of [-45, -20, 0, 7, 33]) {
  test(`reads ${String(cents)} cents within 3`, () => {
    const reading = readTuning(cents);
    assert.ok(reading !== null && Math.abs(reading.cents - cents) < 3, JSON.stringify(reading));
    assert.ok(reading.agreement > 0.8);
  });
}

test('no peaks, no tuning', () => {
  const meter = createTuningMeter(RATE_HZ / SIZE);
  meter.push(new Float32Array(SIZE / 2 + 1));
  assert.equal(meter.reading(), null);
});
