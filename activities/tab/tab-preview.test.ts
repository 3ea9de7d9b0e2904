import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTab } from './make-tab.ts';
import { pluckedString } from './plucked-string.ts';
import { heard, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';
import { tabPreview } from './tab-preview.ts';

const RATE_HZ = 44_100;
const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

/** The energy at one frequency, by Goertzel's algorithm. */
function energyAt(sound: Float32Array, frequencyHz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * frequencyHz) / RATE_HZ);
  let [last, before] = [0, 0];
  for (const value of sound) [last, before] = [value + turn * last - before, last];
  return last ** 2 + before ** 2 - turn * last * before;
}

function rms(sound: Float32Array): number {
  return Math.sqrt(sound.reduce((sum, value) => sum + value * value, 0) / sound.length);
}

for (const frequencyHz of [41.2, 82.41, 196, 440, 1046.5]) {
  test(`a string of ${frequencyHz} Hz is in tune within 2 cents, and dies away`, () => {
    const sound = pluckedString(frequencyHz, RATE_HZ, RATE_HZ);
    let best = 0;
    let most = 0;
    for (let cents = -20; cents <= 20; cents++) {
      const energy = energyAt(sound, frequencyHz * 2 ** (cents / 1200));
      if (energy > most) [best, most] = [cents, energy];
    }
    assert.ok(Math.abs(best) <= 2, `${best} cents`);
    assert.ok(rms(sound.subarray(0, 4410)) > 0.01);
    assert.ok(rms(sound.subarray(-4410)) < rms(sound.subarray(0, 4410)) / 2);
    assert.ok(sound.every((value) => Math.abs(value) <= 1));
  });
}

test('each note sounds where the song has it, and silence where there is none', () => {
  const notes = [heard(1, 57, 0.4), heard(2, 64, 0.4)];
  const { score } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 2), instrument: GUITAR, level: 'full' });
  const sound = tabPreview(score, { fromSeconds: 0.5, seconds: 3, rateHz: RATE_HZ });
  const part = (from: number, to: number): Float32Array =>
    sound.subarray(Math.round(from * RATE_HZ), Math.round(to * RATE_HZ));
  assert.equal(sound.length, 3 * RATE_HZ);
  assert.equal(rms(part(0, 0.499)), 0);
  assert.ok(energyAt(part(0.5, 0.9), 220) > 20 * energyAt(part(0.5, 0.9), 330));
  assert.equal(rms(part(1.04, 1.49)), 0, 'damped after its half second');
  assert.ok(energyAt(part(1.5, 1.9), 329.63) > 20 * energyAt(part(1.5, 1.9), 220));
  assert.ok(Math.abs(sound.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0) - 10 ** (-3 / 20)) < 1e-6);
});

test('a preview of nothing is silence', () => {
  const { score } = makeTab({ title: '', notes: [], rhythm: null, instrument: GUITAR, level: 'full' });
  assert.equal(rms(tabPreview(score, { fromSeconds: 0, seconds: 1, rateHz: RATE_HZ })), 0);
});
