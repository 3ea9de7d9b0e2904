import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createRealFft, isFftSize, loadFft } from './fft.ts';

const SEPARATOR_SIZES = [2048, 4096, 6144, 7680, 8192, 16384];

before(loadFft);

/** Park-Miller, so that every run sees the same noise. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

function snrDb(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  let signal = 0;
  let error = 0;
  for (let n = 0; n < reference.length; n++) {
    signal += (reference[n] ?? 0) ** 2;
    error += ((reference[n] ?? 0) - (actual[n] ?? Number.NaN)) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(error, 1e-300));
}

function naiveSpectrum(input: Float32Array): Float64Array {
  const spectrum = new Float64Array(input.length + 2);
  for (let k = 0; k <= input.length / 2; k++) {
    for (let n = 0; n < input.length; n++) {
      const angle = (-2 * Math.PI * ((k * n) % input.length)) / input.length;
      spectrum[2 * k] = (spectrum[2 * k] ?? 0) + (input[n] ?? 0) * Math.cos(angle);
      spectrum[2 * k + 1] = (spectrum[2 * k + 1] ?? 0) + (input[n] ?? 0) * Math.sin(angle);
    }
  }
  return spectrum;
}

for (const size of [32, 64, 96, 160, 288, 480, 800]) {
  void test(`agrees with the definition of the DFT at ${String(size)} samples`, () => {
    const input = noise(size, 7);
    const spectrum = new Float32Array(size + 2);
    createRealFft(size).forward(input, spectrum);
    const level = snrDb(naiveSpectrum(input), spectrum);
    assert.ok(level > 120, `${level.toFixed(1)} dB`);
  });
}

for (const size of SEPARATOR_SIZES) {
  void test(`returns the input to 120 dB after a round trip of ${String(size)} samples`, () => {
    const input = noise(size, 11);
    const spectrum = new Float32Array(size + 2);
    const output = new Float32Array(size);
    const fft = createRealFft(size);
    fft.forward(input, spectrum);
    fft.inverse(spectrum, output);
    assert.ok(snrDb(input, output) > 120, `${snrDb(input, output).toFixed(1)} dB`);
  });

  void test(`keeps the energy (Parseval) at ${String(size)} samples`, () => {
    const input = noise(size, 13);
    const spectrum = new Float32Array(size + 2);
    createRealFft(size).forward(input, spectrum);
    const energy = input.reduce((sum, x) => sum + x * x, 0);
    let doubled = 0;
    for (let k = 0; k <= size / 2; k++) {
      const power = (spectrum[2 * k] ?? 0) ** 2 + (spectrum[2 * k + 1] ?? 0) ** 2;
      doubled += k === 0 || k === size / 2 ? power : 2 * power;
    }
    assert.ok(Math.abs(doubled / size / energy - 1) < 1e-5);
  });

  void test(`puts a cosine of bin 37 into that bin alone at ${String(size)} samples`, () => {
    const input = Float32Array.from({ length: size }, (_, n) => Math.cos((2 * Math.PI * 37 * n) / size + 0.5));
    const spectrum = new Float32Array(size + 2);
    createRealFft(size).forward(input, spectrum);
    assert.ok(Math.abs((spectrum[74] ?? 0) - (size / 2) * Math.cos(0.5)) < size * 1e-5);
    assert.ok(Math.abs((spectrum[75] ?? 0) - (size / 2) * Math.sin(0.5)) < size * 1e-5);
    spectrum[74] = spectrum[75] = 0;
    assert.ok(spectrum.every((x) => Math.abs(x) < size * 1e-5));
  });
}

void test('spreads an impulse evenly and gives real first and last bins', () => {
  const input = new Float32Array(96);
  input[0] = 1;
  const spectrum = new Float32Array(98);
  createRealFft(96).forward(input, spectrum);
  for (let k = 0; k <= 48; k++) {
    assert.ok(Math.abs((spectrum[2 * k] ?? 0) - 1) < 1e-6);
    assert.ok(Math.abs(spectrum[2 * k + 1] ?? 1) < 1e-6);
  }
});

void test('leaves the caller arrays of an inverse as they were, and ignores the imaginary parts of the first and last bin', () => {
  const input = noise(64, 3);
  const fft = createRealFft(64);
  const spectrum = new Float32Array(66);
  fft.forward(input, spectrum);
  spectrum[1] = 5;
  spectrum[65] = -5;
  const untouched = spectrum.slice();
  const output = new Float32Array(64);
  fft.inverse(spectrum, output);
  assert.deepEqual(spectrum, untouched);
  assert.ok(snrDb(input, output) > 120);
});

void test('keeps working on an old transform after many others have grown the memory', () => {
  const old = createRealFft(128);
  const input = noise(128, 5);
  const wanted = new Float32Array(130);
  old.forward(input, wanted);
  for (let size = 2 ** 20; size <= 2 ** 22; size *= 2) createRealFft(size);
  const spectrum = new Float32Array(130);
  old.forward(input, spectrum);
  assert.deepEqual(spectrum, wanted);
});

void test('refuses sizes that the kernels cannot do, and arrays of another length', () => {
  for (const size of [0, 16, 33, 48, 224, 4096.5, 4100]) {
    assert.equal(isFftSize(size), false, String(size));
    assert.throws(() => createRealFft(size), RangeError);
  }
  assert.throws(() => createRealFft(64).forward(new Float32Array(63), new Float32Array(66)), RangeError);
  assert.throws(() => createRealFft(64).inverse(new Float32Array(64), new Float32Array(64)), RangeError);
});
