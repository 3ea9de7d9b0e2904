import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import { summariseAnalysis } from './summarise-analysis.ts';

const LONG: SongAnalysis = {
  durationSeconds: 600,
  rhythm: {
    tempoBpm: 120,
    confidence: 0.9,
    tempoCurve: [118, 131, 120].map((tempoBpm, atSeconds) => ({ tempoBpm, atSeconds })),
    beatsSeconds: Array.from({ length: 1200 }, (_, beat) => beat / 2),
    downbeatsSeconds: Array.from({ length: 300 }, (_, bar) => bar * 2),
    timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 0.9 },
    swing: null,
  },
  key: null,
  chords: Array.from({ length: 300 }, (_, bar) => ({
    startSeconds: bar * 2,
    endSeconds: bar * 2 + 2,
    label: bar < 100 ? 'N' : bar < 150 ? 'G:maj' : bar < 240 ? 'C:maj' : `F:${String(bar)}`,
    confidence: 1,
  })),
  sections: Array.from({ length: 60 }, (_, index) => ({
    startSeconds: index * 10,
    endSeconds: index * 10 + 10,
    letter: 'A',
    name: null,
  })),
  tuningCents: null,
  loudnessLufs: null,
  peakDbtp: null,
  loudnessRangeLu: null,
  genre: null,
  mood: null,
};

test('a long song is a short summary: its main chords, its first sections, how far it drifts', () => {
  const summary = summariseAnalysis(LONG);
  assert.ok(JSON.stringify(summary).length < 4000);
  assert.deepEqual([summary.rhythm?.slowestBpm, summary.rhythm?.fastestBpm], [118, 131]);
  assert.deepEqual(summary.chords.slice(0, 2), ['C:maj', 'G:maj'], 'no chord is none');
  assert.deepEqual([summary.chords.length, summary.sections.length], [8, 24]);
});

test('the second beat of the first whole bar is where beat 1 may be instead', () => {
  const rhythm = LONG.rhythm ?? assert.fail('it has a beat');
  const upbeat = { ...rhythm, downbeatsSeconds: rhythm.downbeatsSeconds.map((at) => at + 1) };
  assert.equal(summariseAnalysis({ ...LONG, rhythm: upbeat }).rhythm?.secondBeatSeconds, 1.5);
  assert.equal(
    summariseAnalysis({ ...LONG, rhythm: { ...rhythm, downbeatsSeconds: [] } }).rhythm?.secondBeatSeconds,
    null,
  );
});

test('a song without a beat has none in short either', () => {
  assert.equal(summariseAnalysis({ ...LONG, rhythm: null }).rhythm, null);
});
