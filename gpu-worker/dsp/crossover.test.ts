import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createLowPass, lowPassReach } from './crossover.ts';
import { createRealFft, loadFft } from './fft.ts';

const options = { rateHz: 44_100, cutoffHz: 220, transitionHz: 80 };
const SIZE = 2 ** 15;

before(loadFft);

/** Gain in dB at every multiple of rate/SIZE, from the impulse response. */
function responseDb(): { readonly gainDb: (hz: number) => number; readonly impulse: Float32Array } {
  const reach = lowPassReach(options);
  const input = new Float32Array(SIZE + 2 * reach);
  input[reach + SIZE / 2] = 1;
  const impulse = new Float32Array(SIZE);
  createLowPass(options).filter(input, impulse);
  const spectrum = new Float32Array(SIZE + 2);
  createRealFft(SIZE).forward(impulse, spectrum);
  const gainDb = (hz: number): number => {
    const bin = Math.round((hz * SIZE) / options.rateHz);
    return 20 * Math.log10(Math.hypot(spectrum[2 * bin]!, spectrum[2 * bin + 1]!));
  };
  return { gainDb, impulse };
}

void test('passes below, halves at the cutoff, stops above', () => {
  const { gainDb } = responseDb();
  for (const hz of [10, 41, 82, 110, 165, 179]) assert.ok(Math.abs(gainDb(hz)) < 0.01, `${String(hz)} Hz`);
  assert.ok(Math.abs(gainDb(220) + 6.02) < 0.5);
  for (const hz of [262, 300, 440, 1000, 5000, 20_000]) assert.ok(gainDb(hz) < -85, `${String(hz)} Hz`);
});

void test('delays nothing: the impulse response is symmetrical about the impulse', () => {
  const { impulse } = responseDb();
  const centre = SIZE / 2;
  const peak = impulse[centre]!;
  assert.ok(peak > 0.009);
  for (let n = 1; n <= lowPassReach(options); n++) {
    assert.ok(Math.abs(impulse[centre - n]! - impulse[centre + n]!) < 1e-6 * peak);
    assert.ok(impulse[centre + n]! < peak);
  }
});

void test('the same samples come out whether a signal is filtered in one piece or in two, to rounding', () => {
  const lowPass = createLowPass(options);
  const { reach } = lowPass;
  const input = Float32Array.from(
    { length: 40_000 + 2 * reach },
    (_, n) => Math.sin(n * 0.011) + Math.sin(n * n * 1e-6),
  );
  const whole = new Float32Array(40_000);
  lowPass.filter(input, whole);
  const tail = new Float32Array(40_000 - 12_345);
  lowPass.filter(input.subarray(12_345), tail);
  for (let n = 0; n < tail.length; n++) assert.ok(Math.abs(tail[n]! - whole[12_345 + n]!) < 1e-6);
});

void test('refuses bands that do not fit, and too little input', () => {
  assert.throws(() => createLowPass({ ...options, cutoffHz: 20 }), RangeError);
  assert.throws(() => createLowPass({ ...options, cutoffHz: 22_040 }), RangeError);
  assert.throws(() => createLowPass(options).filter(new Float32Array(100), new Float32Array(100)), RangeError);
});
