import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadFft } from './fft.ts';
import { logSpectrogram, ONSET_FRAMES_PER_SECOND, onsetFlux, slowFlux } from './onset-flux.ts';

const RATE_HZ = 22_050;
const EDGES_HZ = [30, 150, 1500, 5000, 11_000];

before(loadFft);

function tone(hz: number, startSeconds: number, riseSeconds: number): Float32Array {
  return Float32Array.from({ length: 2 * RATE_HZ }, (_, n) => {
    const t = n / RATE_HZ - startSeconds;
    // It dies away, so that its end is no onset.
    return t < 0
      ? 0
      : Math.min(1, t / riseSeconds) * Math.min(1, 4 * Math.max(0, 1.2 - t)) * Math.sin(2 * Math.PI * hz * t);
  });
}

function peakSeconds(flux: Float32Array): number {
  return flux.indexOf(Math.max(...flux)) / ONSET_FRAMES_PER_SECOND;
}

void test('shows where a tone begins, in its band', () => {
  for (const [band, hz] of [80, 700, 3000, 8000].entries()) {
    const bands = onsetFlux(logSpectrogram(tone(hz, 0.7, 0.002), RATE_HZ), EDGES_HZ);
    const strongest = bands.map((flux) => flux.reduce((sum, x) => sum + x, 0));
    assert.ok(
      Math.abs(peakSeconds(bands[band]!) - 0.7) <= 0.02,
      `${String(hz)} Hz at ${String(peakSeconds(bands[band]!))}`,
    );
    // A tone that begins at once clicks in all bands, and stays in its own.
    assert.equal(strongest.indexOf(Math.max(...strongest)), band);
  }
});

void test('does not depend on the level, and shows nothing in silence', () => {
  const samples = tone(440, 0.7, 0.01);
  const quiet = samples.map((x) => x * 2 ** -12);
  assert.deepEqual(
    onsetFlux(logSpectrogram(quiet, RATE_HZ), EDGES_HZ),
    onsetFlux(logSpectrogram(samples, RATE_HZ), EDGES_HZ),
  );
  const silence = logSpectrogram(new Float32Array(RATE_HZ), RATE_HZ);
  assert.ok([...onsetFlux(silence, EDGES_HZ), slowFlux(silence)].every((flux) => flux.every((x) => x === 0)));
});

void test('slow flux shows where a swelling tone with a tremolo begins, and not the tremolo', () => {
  const samples = tone(440, 0.8, 0.1).map((x, n) => x * (1 + 0.4 * Math.sin((2 * Math.PI * 6.25 * n) / RATE_HZ)));
  const flux = slowFlux(logSpectrogram(samples, RATE_HZ));
  assert.ok(Math.abs(peakSeconds(flux) - 0.8) <= 0.05, String(peakSeconds(flux)));
  const later = flux.slice(1.1 * ONSET_FRAMES_PER_SECOND, 1.8 * ONSET_FRAMES_PER_SECOND);
  assert.ok(Math.max(...later) < 0.1 * Math.max(...flux));
});
