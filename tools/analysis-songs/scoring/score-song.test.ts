import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beatFMeasure } from './beat-f-measure.ts';
import { chordOverlap } from './chord-overlap.ts';
import { keyScore } from './key-score.ts';
import { scoreSong } from './score-song.ts';

const beats = Array.from({ length: 20 }, (_, beat) => 5 + beat * 0.5);

function near(actual: number, wanted: number): void {
  assert.ok(Math.abs(actual - wanted) < 1e-9, `${String(actual)} is not ${String(wanted)}`);
}

test('beats within 70 ms count, once; what lies before five seconds does not', () => {
  near(beatFMeasure(beats, beats), 1);
  near(beatFMeasure([1, 2, 3, ...beats], beats), 1);
  near(
    beatFMeasure(
      beats,
      beats.map((beat) => beat + 0.0699),
    ),
    1,
  );
  near(
    beatFMeasure(
      beats,
      beats.map((beat) => beat + 0.0701),
    ),
    0,
  );
  near(beatFMeasure(beats, beats.slice(0, 10)), 2 / 3);
  near(
    beatFMeasure(
      beats,
      beats.flatMap((beat) => [beat, beat + 0.25]),
    ),
    2 / 3,
  );
  near(beatFMeasure(beats, beats.flatMap((beat) => [beat - 0.01, beat + 0.01]).slice(2)), (2 * 19) / (20 + 38));
  near(beatFMeasure(beats, []), 0);
});

test('two beats that share a window are paired so that most of them count', () => {
  near(beatFMeasure([6, 6.05], [6.04, 6.1]), 1);
  near(beatFMeasure([6, 6.1], [5.95, 6.05]), 1);
});

test('keys score by their kinship', () => {
  const c = { tonic: 'C', mode: 'major' };
  const cases = [
    [c, 'C', 'major', 1],
    [c, 'G', 'major', 0.5],
    [c, 'F', 'major', 0],
    [c, 'A', 'minor', 0.3],
    [c, 'Eb', 'minor', 0],
    [c, 'C', 'minor', 0.2],
    [{ tonic: 'A', mode: 'minor' }, 'C', 'major', 0.3],
    [{ tonic: 'A', mode: 'minor' }, 'E', 'minor', 0.5],
    [{ tonic: 'A', mode: 'minor' }, 'F#', 'major', 0],
    [{ tonic: 'C#', mode: 'minor' }, 'Db', 'minor', 1],
  ] as const;
  for (const [truth, tonic, mode, score] of cases) near(keyScore(truth, { tonic, mode }), score);
});

function spans(
  ...parts: readonly (readonly [seconds: number, label: string])[]
): { startSeconds: number; endSeconds: number; label: string }[] {
  let end = 0;
  return parts.map(([seconds, label]) => ({ startSeconds: end, endSeconds: (end += seconds), label }));
}

test('chords agree by root and triad, for as long as they do', () => {
  const truth = spans([2, 'C:maj'], [2, 'A:min7'], [4, 'F:maj7']);
  near(chordOverlap(truth, truth), 1);
  near(chordOverlap(truth, spans([2, 'C:maj'], [2, 'A:min'], [4, 'F:maj'])), 1);
  near(chordOverlap(truth, spans([3, 'C:7'], [1, 'A:min'], [4, 'F:min'])), 3 / 8);
  near(chordOverlap(truth, spans([8, 'N'])), 0);
  near(chordOverlap(truth, []), 0);
});

test('names of one note are one note, inversions change nothing, and a foreign bass does', () => {
  near(chordOverlap(spans([1, 'Db:maj/3']), spans([1, 'C#:maj'])), 1);
  near(chordOverlap(spans([1, 'C:min7/b7']), spans([1, 'C:min'])), 1);
  near(chordOverlap(spans([1, 'C:maj']), spans([1, 'C:maj/2'])), 0);
});

test('time that is neither major nor minor nor none is not counted', () => {
  const truth = spans([1, 'C:maj'], [3, 'B:hdim7'], [1, 'N'], [1, 'G:sus4']);
  near(chordOverlap(truth, spans([1, 'C:maj'], [5, 'G:maj'])), 1 / 2);
  near(chordOverlap(truth, spans([1, 'C:maj'])), 1);
});

test('a song of which nothing was found scores nothing', () => {
  const truth = {
    bpm: 120,
    meter: 4,
    key: 'C',
    mode: 'major',
    beats,
    downbeats: beats.filter((_, beat) => beat % 4 === 0),
    chords: [{ start: 5, end: 15, root: 'C', quality: 'maj' }],
    tuningCents: 0,
    swing: 0.5,
    hasDrums: true,
    drifts: false,
    style: 'rock',
    soundFont: 'x',
  } as const;
  assert.deepEqual([...new Set(Object.values(scoreSong(truth, { tempoBpm: null, key: null })))], [0]);
  const found = {
    tempoBpm: 61,
    beatsSeconds: beats,
    downbeatsSeconds: truth.downbeats,
    timeSignature: { beatsPerBar: 4 },
    key: { tonic: 'C', mode: 'major' },
    chords: spans([20, 'C:maj']),
  };
  assert.deepEqual(scoreSong(truth, found), {
    tempo: 0,
    tempoOrMultiple: 1,
    beats: 1,
    downbeats: 1,
    metre: 1,
    key: 1,
    chords: 1,
  });
});
