import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import { barSeconds } from './bar-seconds.ts';
import { makeTab } from './make-tab.ts';
import { heard, TUNINGS } from './random-songs.test-kit.ts';

const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

test('bars begin where their downbeats were heard, in a song that drifts and begins with a pickup', () => {
  // A beat before the first downbeat, then three bars of which each is slower than the one before.
  const downbeatsSeconds = [1.25, 3.25, 5.45, 7.85];
  const beatsSeconds = [0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.8, 4.35, 4.9, 5.45, 6.05, 6.65, 7.25, 7.85];
  const rhythm: SongRhythm = {
    tempoBpm: 115,
    confidence: 1,
    tempoCurve: [],
    beatsSeconds,
    downbeatsSeconds,
    timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 1 },
    swing: null,
  };
  const { score } = makeTab({
    title: '',
    notes: [heard(1.25, 60), heard(6.6, 62)],
    rhythm,
    instrument: GUITAR,
    level: 'full',
    chords: [{ startSeconds: 0, endSeconds: 9, label: 'C:maj', confidence: 1 }],
  });
  const seconds = barSeconds(score);
  assert.equal(seconds.length, score.bars.length + 1);
  assert.ok(score.bars[0]?.pickup === true);
  assert.deepEqual(
    seconds.slice(1, 5).map((at) => at.toFixed(6)),
    downbeatsSeconds.map((at) => at.toFixed(6)),
  );
});
