import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadFft } from '../dsp/fft.ts';
import { drumTrack } from './drum-track.test-kit.ts';
import { rhythmEvidence } from './rhythm-evidence.ts';
import { findRhythm } from './rhythm.ts';

const RATE_HZ = 22_050;

before(loadFft);

for (const [drum, places] of [
  ['kick', { kick: [0, 1, 2, 3] }],
  ['snare', { snare: [0, 1, 2, 3] }],
  ['hat', { hat: [0, 1, 2, 3] }],
] as const) {
  for (const bpm of [60, 80, 100, 120, 130, 160, 180]) {
    void test(`a ${drum} alone, ${bpm} times a minute, is as many beats, in bars of four of which nobody is sure`, () => {
      const { samples, beatsSeconds } = drumTrack({
        ...places,
        rateHz: RATE_HZ,
        seconds: 40,
        beatsPerBar: 4,
        bpmAt: () => bpm,
      });
      const rhythm = findRhythm(rhythmEvidence(samples, RATE_HZ));
      assert.ok(Math.abs((rhythm?.tempoBpm ?? 0) / bpm - 1) < 0.01, `${rhythm?.tempoBpm}`);
      assert.equal(rhythm?.timeSignature.beatsPerBar, 4);
      assert.ok(rhythm.timeSignature.confidence <= 0.5);
      for (const at of rhythm.beatsSeconds.filter((seconds) => seconds < 35)) {
        assert.ok(
          beatsSeconds.some((beat) => Math.abs(beat - at) < 0.05),
          `${at} s`,
        );
      }
    });
  }
}

void test('a drum that is louder on one of three is no bare pulse', () => {
  const song = { rateHz: RATE_HZ, seconds: 40, beatsPerBar: 3, bpmAt: () => 120, kick: [0], snare: [1, 2] };
  const rhythm = findRhythm(rhythmEvidence(drumTrack(song).samples, RATE_HZ));
  assert.equal(rhythm?.timeSignature.beatsPerBar, 3);
});
