// What a musician says of tempo, metre and beat 1.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { loadFft } from '../dsp/fft.ts';
import { drumTrack } from './drum-track.test-kit.ts';
import type { DrumTrack, DrumTrackOptions } from './drum-track.test-kit.ts';
import { rhythmEvidence } from './rhythm-evidence.ts';
import type { RhythmFacts } from './rhythm-facts.ts';
import { findRhythm } from './rhythm.ts';

const RATE_HZ = 22_050;
const ROCK = { kick: [0, 2], snare: [1, 3], hat: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5] } as const;
const NEAR_SECONDS = 0.035;

before(loadFft);

function track(options: Partial<DrumTrackOptions> & { bpm?: number }): DrumTrack {
  const { bpm = 120 } = options;
  return drumTrack({ rateHz: RATE_HZ, seconds: 16, beatsPerBar: 4, bpmAt: () => bpm, ...options });
}

function rhythmOf(samples: Float32Array, facts: RhythmFacts): SongRhythm | null {
  return findRhythm(rhythmEvidence(samples, RATE_HZ), facts);
}

/** The largest distance from a true time to the nearest that was found. */
function farthest(truth: readonly number[], found: readonly number[]): number {
  return Math.max(...truth.map((at) => Math.min(...found.map((other) => Math.abs(other - at)))));
}

void test('obeys what a musician says of the tempo', () => {
  const { samples } = track({ bpm: 120, ...ROCK });
  const tempoWith = (facts: RhythmFacts): number => Math.round(rhythmOf(samples, facts)?.tempoBpm ?? 0);
  assert.equal(tempoWith({ tempoFactor: 0.5 }), 60);
  assert.equal(tempoWith({ tempoFactor: 2 }), 240);
  assert.equal(tempoWith({ tempoBpm: 62 }), 60);
  assert.equal(tempoWith({ tempoBpm: 235 }), 240);
});

void test('obeys half and double time where nothing else speaks for it', () => {
  const tempoWith = (bpm: number, tempoFactor: 0.5 | 2, hat: readonly number[]): number => {
    const { samples } = track({ bpm, ...ROCK, hat, seconds: 20 });
    return Math.round(rhythmOf(samples, { tempoFactor })?.tempoBpm ?? 0);
  };
  assert.equal(tempoWith(176, 2, ROCK.hat), 353);
  assert.equal(tempoWith(70, 0.5, []), 35);
});

void test('obeys what a musician says of the bar', () => {
  const { samples, beatsSeconds } = track({ bpm: 120, ...ROCK });
  const second = beatsSeconds[1]!;
  const moved = rhythmOf(samples, { downbeatSeconds: second + 0.04 });
  assert.ok(farthest([second], moved?.downbeatsSeconds ?? []) < NEAR_SECONDS);
  for (const beatsPerBar of [3, 5, 7]) {
    const rhythm = rhythmOf(samples, { beatsPerBar });
    assert.equal(rhythm?.timeSignature.beatsPerBar, beatsPerBar);
    assert.ok(Math.abs(rhythm.tempoBpm / 120 - 1) < 0.01);
  }
});

for (const [name, options, facts] of [
  ['a backbeat', { ...ROCK }, {}],
  ['a waltz', { bpm: 140, beatsPerBar: 3, kick: [0], snare: [1, 2] }, {}],
  ['a backbeat in double time', { bpm: 90, ...ROCK }, { tempoFactor: 2 }],
  ['a backbeat in half time', { bpm: 150, ...ROCK, seconds: 24 }, { tempoFactor: 0.5 }],
  ['a backbeat that is said to be in three', { ...ROCK }, { beatsPerBar: 3 }],
  ['a backbeat that is said to be in five', { ...ROCK, seconds: 24 }, { beatsPerBar: 5 }],
  ['a backbeat at a tapped tempo', { ...ROCK }, { tempoBpm: 121 }],
  ['one drum', { kick: [0, 1, 2, 3], seconds: 24 }, {}],
] as const) {
  void test(`beat 1 of ${name} moves on by a beat each time that the next is said to be it, and comes round`, () => {
    const evidence = rhythmEvidence(track(options).samples, RATE_HZ);
    const heard = findRhythm(evidence, facts)!;
    const { beatsPerBar } = heard.timeSignature;
    const count = (rhythm: typeof heard): number => heard.beatsSeconds.indexOf(rhythm.downbeatsSeconds[0]!);
    let rhythm = heard;
    for (let press = 1; press <= beatsPerBar; press++) {
      const downbeatSeconds = rhythm.beatsSeconds.find((at) => at > rhythm.downbeatsSeconds[0]!)!;
      rhythm = findRhythm(evidence, { ...facts, downbeatSeconds })!;
      assert.equal(rhythm.timeSignature.beatsPerBar, beatsPerBar);
      assert.ok(Math.abs(rhythm.tempoBpm / heard.tempoBpm - 1) < 0.001, `${rhythm.tempoBpm} of ${heard.tempoBpm}`);
      assert.ok(rhythm.downbeatsSeconds.includes(downbeatSeconds));
      assert.equal(count(rhythm), (count(heard) + press) % beatsPerBar, `press ${press}`);
      assert.deepEqual(
        [rhythm.confidence, rhythm.timeSignature.confidence],
        [heard.confidence, heard.timeSignature.confidence],
      );
    }
    assert.deepEqual(rhythm.downbeatsSeconds.slice(0, 4), heard.downbeatsSeconds.slice(0, 4));
  });
}

void test('a bar may be said to begin between two beats: then the beats are there', () => {
  const { samples, beatsSeconds } = track({ bpm: 100, ...ROCK });
  const between = (beatsSeconds[4]! + beatsSeconds[5]!) / 2;
  const rhythm = rhythmOf(samples, { downbeatSeconds: between });
  assert.ok(farthest([between], rhythm?.downbeatsSeconds ?? []) < NEAR_SECONDS);
  assert.ok(Math.abs((rhythm?.tempoBpm ?? 0) / 100 - 1) < 0.01);
  assert.equal(rhythm?.timeSignature.beatsPerBar, 4);
});

for (const [name, options, told, others] of [
  [
    'a waltz with a snare between its beats',
    { bpm: 132, beatsPerBar: 3, kick: [0], snare: [1, 2], hat: [0, 0.5, 1, 1.5, 2, 2.5] },
    [4, 5, 7],
    {},
  ],
  ['a quick waltz', { bpm: 180, beatsPerBar: 3, kick: [0], snare: [1, 2] }, [2, 4, 5], {}],
  ['a slow backbeat in eighths', { bpm: 72, ...ROCK, seconds: 26 }, [2, 3, 5], {}],
  ['a quick backbeat', { bpm: 172, ...ROCK, hat: [0, 1, 2, 3] }, [2, 3, 5, 7], {}],
  ['a backbeat in half time', { bpm: 172, ...ROCK, seconds: 24 }, [3, 5], { tempoFactor: 0.5 }],
  ['a waltz in double time', { bpm: 95, beatsPerBar: 3, kick: [0], snare: [1, 2] }, [4], { tempoFactor: 2 }],
  ['a waltz at a tapped tempo', { bpm: 95, beatsPerBar: 3, kick: [0], snare: [1, 2] }, [4], { tempoBpm: 96 }],
] as const) {
  void test(`${name} keeps its tempo, and how sure that is, where another metre is said`, () => {
    const evidence = rhythmEvidence(track(options).samples, RATE_HZ);
    const heard = findRhythm(evidence, others)!;
    for (const beatsPerBar of told) {
      const rhythm = findRhythm(evidence, { ...others, beatsPerBar });
      assert.equal(rhythm?.timeSignature.beatsPerBar, beatsPerBar);
      assert.ok(
        Math.abs(rhythm.tempoBpm / heard.tempoBpm - 1) < 0.03,
        `${rhythm.tempoBpm} of ${heard.tempoBpm} in ${beatsPerBar}`,
      );
      assert.equal(rhythm.confidence, heard.confidence);
    }
  });
}
