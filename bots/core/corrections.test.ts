import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactChanges, SongFacts } from '../../workflows/contract/analysis.ts';
import type { AnalysisResult } from '../../workflows/contract/sheets.ts';
import { correctionsOf, factsFrom } from './corrections.ts';
import type { Correction } from './corrections.ts';
import { exampleAnalysis } from './example-job.test-kit.ts';

function said(facts: SongFacts): AnalysisResult {
  return { ...exampleAnalysis(), facts };
}

const CASES: readonly (readonly [before: SongFacts, Correction, kept: FactChanges])[] = [
  [{}, 'half', { tempoFactor: 0.5 }],
  [{}, 'double', { tempoFactor: 2 }],
  [{ tempoFactor: 2 }, 'half', { tempoFactor: null }],
  [{ tempoFactor: 0.5 }, 'double', { tempoFactor: null }],
  // The card shows 120 beats a minute, which is half of what was found already.
  [{ tempoFactor: 0.5 }, 'half', { tempoBpm: 60, tempoFactor: null }],
  [{ tempoBpm: 93 }, 'double', { tempoBpm: 186, tempoFactor: null }],
  [{}, 'three', { beatsPerBar: 3 }],
  [{ beatsPerBar: 3 }, 'four', { beatsPerBar: 4 }],
  [{}, 'shift', { downbeatSeconds: 0.74 }],
  [{ downbeatSeconds: 0.24 }, 'shift', { downbeatSeconds: 0.74 }],
  [
    { tempoFactor: 2, key: { tonic: 'E', mode: 'minor' } },
    'heard',
    { tempoFactor: null, tempoBpm: null, downbeatSeconds: null, beatsPerBar: null, key: null },
  ],
  // The example is in A dorian.
  [{}, 'relative', { key: { tonic: 'G', mode: 'major' } }],
];
for (const [before, correction, kept] of CASES) {
  test(`${correction} after ${JSON.stringify(before)} keeps ${JSON.stringify(kept)}`, () => {
    assert.deepEqual(factsFrom(correction, said(before)), kept);
  });
}

test('only what would change something is offered', () => {
  const { summary } = exampleAnalysis();
  const inBeats = (beatsPerBar: number): AnalysisResult => ({
    ...exampleAnalysis(),
    summary: {
      ...summary,
      rhythm: summary.rhythm && { ...summary.rhythm, timeSignature: { beatsPerBar, beatUnit: 4, confidence: 0.9 } },
    },
  });
  assert.deepEqual(correctionsOf(inBeats(4)), ['half', 'double', 'three', 'shift', 'relative']);
  assert.deepEqual(correctionsOf(inBeats(3)), ['half', 'double', 'four', 'shift', 'relative']);
  assert.deepEqual(correctionsOf(inBeats(5)), ['half', 'double', 'three', 'four', 'shift', 'relative']);
  assert.deepEqual(correctionsOf({ ...exampleAnalysis(), summary: { ...summary, rhythm: null } }), ['relative']);
  assert.deepEqual(correctionsOf(said({ beatsPerBar: 4 })).at(-1), 'heard');
  const early = { ...summary, key: null, rhythm: summary.rhythm && { ...summary.rhythm, secondBeatSeconds: null } };
  assert.deepEqual(correctionsOf({ ...exampleAnalysis(), summary: early }), ['half', 'double', 'three']);
});
