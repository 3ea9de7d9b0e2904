import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadFft } from './fft.ts';
import { createStft } from './stft.ts';
import { hannPeriodic, rectangular } from './window.ts';

before(loadFft);

function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

function snrDb(reference: Float32Array, actual: Float32Array, from = 0, to = reference.length): number {
  let signal = 0;
  let error = 0;
  for (let n = from; n < to; n++) {
    signal += reference[n]! ** 2;
    error += (reference[n]! - (actual[n] ?? Number.NaN)) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(error, 1e-300));
}

const conventions = [
  { size: 4096, hop: 1024, window: hannPeriodic(4096), name: 'Hann 4096/1024' },
  { size: 6144, hop: 1024, window: hannPeriodic(6144), name: 'Hann 6144/1024' },
  { size: 7680, hop: 1024, window: hannPeriodic(7680), name: 'Hann 7680/1024' },
  { size: 2048, hop: 441, window: hannPeriodic(2048), name: 'Hann 2048/441' },
  { size: 4096, hop: 1024, window: rectangular(4096).map((w) => w / 64), name: 'scaled rectangle 4096/1024' },
] as const;

for (const { name, ...options } of conventions) {
  for (const pad of ['centre-reflect', 'centre-zero'] as const) {
    void test(`inverts itself to 120 dB over the whole signal: ${name}, ${pad}`, () => {
      const samples = options.hop * 20;
      const signal = noise(samples, 17);
      const stft = createStft({ ...options, pad });
      const spectra = stft.forward(signal);
      assert.equal(spectra.length, 21 * stft.stride);
      const level = snrDb(signal, stft.inverse(spectra, samples));
      assert.ok(level > 120, `${level.toFixed(1)} dB`);
    });
  }
}

void test('without padding inverts all but the first sample, where the Hann window is zero', () => {
  const signal = noise(4096 * 3, 19);
  const stft = createStft({ size: 4096, hop: 1024, window: hannPeriodic(4096), pad: 'none' });
  assert.equal(stft.frameCount(signal.length), 9);
  const back = stft.inverse(stft.forward(signal), signal.length);
  assert.equal(back[0], 0);
  // Where the window nearly vanishes the quotient loses digits, so look a little further in.
  assert.ok(snrDb(signal, back, 64, signal.length - 64) > 100);
});

void test('frame f of a centred transform is centred on sample f·hop', () => {
  const signal = new Float32Array(4096);
  signal[1024] = 1;
  const stft = createStft({ size: 512, hop: 256, window: hannPeriodic(512), pad: 'centre-zero' });
  const spectra = stft.forward(signal);
  const energy = Array.from({ length: 17 }, (_, f) =>
    Math.hypot(...spectra.subarray(f * stft.stride, (f + 1) * stft.stride)),
  );
  assert.equal(energy.indexOf(Math.max(...energy)), 4);
  // At the centre the impulse is sample size/2 of the frame: bins alternate in sign, at the window's peak.
  for (let bin = 0; bin <= 256; bin++) {
    assert.ok(Math.abs(spectra[4 * stft.stride + 2 * bin]! - (bin % 2 === 0 ? 1 : -1)) < 1e-5);
  }
});

void test('mirrors the ends about the end samples', () => {
  const signal = Float32Array.from({ length: 65 }, (_, n) => n + 1);
  const stft = createStft({ size: 64, hop: 32, window: rectangular(64), pad: 'centre-reflect' });
  const spectra = stft.forward(signal);
  // Frame 0 is samples 33 .. 2 and then 1 .. 32: bin 0 is their sum.
  assert.ok(Math.abs(spectra[0]! - (17.5 * 32 + 16.5 * 32)) < 1e-2);
  // The last frame is samples 33 .. 64, 65, then 64 .. 34.
  const last = (stft.frameCount(65) - 1) * stft.stride;
  assert.ok(Math.abs(spectra[last]! - (48.5 * 32 + 65 + 49 * 31)) < 1e-2);
});

void test('a frame outside the signal is silent, and what falls outside the output is dropped', () => {
  const stft = createStft({ size: 64, hop: 32, window: rectangular(64), pad: 'none' });
  const signal = noise(100, 23);
  const spectra = new Float32Array(stft.stride);
  for (const start of [-64, -200, 100, 300]) {
    spectra.fill(9);
    stft.analyse(signal, start, spectra, 0);
    assert.ok(
      spectra.every((x) => x === 0),
      String(start),
    );
  }
  stft.analyse(signal, -20, spectra, 0);
  const output = new Float32Array(10);
  stft.synthesise(spectra, 0, output, -30);
  // Output 0 is frame sample 30, which is signal sample 10.
  assert.ok(snrDb(signal.subarray(10, 20), output) > 120);
});

void test('refuses a window of another length, a hop that leaves gaps, and a signal too short to mirror', () => {
  const window = rectangular(64);
  assert.throws(() => createStft({ size: 96, hop: 32, window, pad: 'none' }), RangeError);
  assert.throws(() => createStft({ size: 64, hop: 65, window, pad: 'none' }), RangeError);
  const stft = createStft({ size: 64, hop: 16, window, pad: 'centre-reflect' });
  assert.throws(() => stft.forward(new Float32Array(32)), RangeError);
});
