import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadFft } from '../dsp/fft.ts';
import { drumTrack, seededNoise } from './drum-track.test-kit.ts';
import type { DrumTrackOptions } from './drum-track.test-kit.ts';
import { rhythmEvidence } from './rhythm-evidence.ts';
import type { HarmonicChange } from './rhythm-evidence.ts';
import { findRhythm } from './rhythm.ts';

const RATE_HZ = 22_050;
const ROCK = { kick: [0, 2], snare: [1, 3], hat: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5] } as const;
/** Half of what counts as the same beat (Davies et al. 2009: 70 ms). */
const NEAR_SECONDS = 0.035;

before(loadFft);

function track(options: Partial<DrumTrackOptions> & { bpm?: number }): ReturnType<typeof drumTrack> {
  const { bpm = 120 } = options;
  return drumTrack({ rateHz: RATE_HZ, seconds: 16, beatsPerBar: 4, bpmAt: () => bpm, ...options });
}

function rhythmOf(samples: Float32Array, rateHz = RATE_HZ): ReturnType<typeof findRhythm> {
  return findRhythm(rhythmEvidence(samples, rateHz));
}

/** The largest distance from a true time to the nearest that was found. */
function farthest(truth: readonly number[], found: readonly number[]): number {
  return Math.max(...truth.map((at) => Math.min(...found.map((other) => Math.abs(other - at)))));
}

for (const bpm of [62, 97, 133, 180]) {
  void test(`hears a backbeat at ${String(bpm)} beats a minute as it is notated`, () => {
    const { samples, beatsSeconds, downbeatsSeconds } = track({ bpm, ...ROCK, seconds: bpm < 80 ? 26 : 16 });
    const rhythm = rhythmOf(samples);
    assert.ok(rhythm !== null);
    assert.ok(Math.abs(rhythm.tempoBpm / bpm - 1) < 0.01, String(rhythm.tempoBpm));
    assert.equal(rhythm.timeSignature.beatsPerBar, 4);
    assert.equal(rhythm.beatsSeconds.length, beatsSeconds.length);
    assert.ok(farthest(beatsSeconds, rhythm.beatsSeconds) < NEAR_SECONDS);
    assert.equal(rhythm.downbeatsSeconds.length, downbeatsSeconds.length);
    assert.ok(farthest(downbeatsSeconds, rhythm.downbeatsSeconds) < NEAR_SECONDS);
    assert.ok(rhythm.downbeatsSeconds.every((at) => rhythm.beatsSeconds.includes(at)));
  });
}

void test('hears a waltz in three', () => {
  const { samples, downbeatsSeconds } = track({ bpm: 140, beatsPerBar: 3, kick: [0], snare: [1, 2] });
  const rhythm = rhythmOf(samples);
  assert.equal(rhythm?.timeSignature.beatsPerBar, 3);
  assert.ok(Math.abs(rhythm.tempoBpm / 140 - 1) < 0.01);
  assert.ok(farthest(downbeatsSeconds, rhythm.downbeatsSeconds) < NEAR_SECONDS);
});

void test('follows a tempo that rises by a sixth', () => {
  const seconds = 24;
  const { samples, beatsSeconds } = track({ ...ROCK, seconds, bpmAt: (at) => 96 + (16 * at) / seconds });
  const rhythm = rhythmOf(samples);
  assert.ok(rhythm !== null);
  assert.ok(farthest(beatsSeconds, rhythm.beatsSeconds) < NEAR_SECONDS);
  for (const { atSeconds, tempoBpm } of rhythm.tempoCurve)
    assert.ok(
      Math.abs(tempoBpm / (96 + (16 * (atSeconds + 1)) / seconds) - 1) < 0.03,
      `${String(tempoBpm)} at ${String(atSeconds)}`,
    );
});

void test('measures the swing of eighths, and none where there are none', () => {
  const swung = [0, 0.66, 1, 1.66, 2, 2.66, 3, 3.66];
  const swingOf = (hat: readonly number[]): number | null | undefined =>
    rhythmOf(track({ bpm: 110, ...ROCK, hat }).samples)?.swing;
  assert.ok(Math.abs((swingOf(swung) ?? 0) - 0.66) < 0.02);
  assert.ok(Math.abs((swingOf(ROCK.hat) ?? 0) - 0.5) < 0.02);
  assert.equal(swingOf([0, 1, 2, 3]), null);
});

void test('finds the same at 8,000 and at 44,100 Hz', () => {
  for (const rateHz of [8000, 44_100]) {
    const { samples, beatsSeconds } = track({ bpm: 104, ...ROCK, rateHz });
    const rhythm = rhythmOf(samples, rateHz);
    assert.ok(Math.abs((rhythm?.tempoBpm ?? 0) / 104 - 1) < 0.01);
    assert.ok(farthest(beatsSeconds, rhythm?.beatsSeconds ?? []) < NEAR_SECONDS);
  }
});

void test('does not depend on the level', () => {
  const { samples } = track(ROCK);
  const quiet = rhythmOf(samples.map((x) => x / 1024));
  assert.deepEqual(quiet?.beatsSeconds, rhythmOf(samples)?.beatsSeconds);
});

void test('has no beat for silence, noise, a steady tone, one stroke, strokes at random and next to nothing', () => {
  const noise = seededNoise(3);
  const stroke = (at: number, samples: Float32Array): void => {
    for (let n = 0; n < 4000; n++) samples[Math.round(at * RATE_HZ) + n]! += noise() * Math.exp(-n / 800);
  };
  const once = new Float32Array(10 * RATE_HZ);
  stroke(2, once);
  const atRandom = new Float32Array(30 * RATE_HZ);
  for (let n = 0; n < 90; n++) stroke((0.5 + 0.5 * noise()) * 29, atRandom);
  const nothings: Record<string, Float32Array> = {
    silence: new Float32Array(20 * RATE_HZ),
    noise: Float32Array.from({ length: 20 * RATE_HZ }, () => 0.2 * noise()),
    tone: Float32Array.from({ length: 20 * RATE_HZ }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / RATE_HZ)),
    once,
    atRandom,
    short: track(ROCK).samples.slice(0, 0.6 * RATE_HZ),
    sample: new Float32Array(1).fill(0.5),
    empty: new Float32Array(0),
  };
  for (const [name, samples] of Object.entries(nothings)) assert.equal(rhythmOf(samples), null, name);
});

void test('takes a change of harmony that it is told of for a sign of the downbeat', () => {
  const { samples, beatsSeconds } = track({ bpm: 120, hat: [0, 1, 2, 3], seconds: 24 });
  for (const beat of [0, 1, 2, 3]) {
    const values = new Float32Array(24 * 20);
    for (let n = beat; n < beatsSeconds.length; n += 4) values[Math.round(beatsSeconds[n]! * 20) + 1] = 1;
    const change: HarmonicChange = { ratePerSecond: 20, values };
    const rhythm = findRhythm(rhythmEvidence(samples, RATE_HZ, change));
    assert.equal(rhythm?.timeSignature.beatsPerBar, 4);
    assert.ok(
      farthest(beatsSeconds.filter((_, n) => n % 4 === beat).slice(1, -1), rhythm.downbeatsSeconds) < NEAR_SECONDS,
    );
  }
});
