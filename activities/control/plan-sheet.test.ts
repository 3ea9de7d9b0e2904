import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import { createPlanner } from './plan-separation.ts';
import { planSheet } from './plan-sheet.ts';
import { TEST_SHEETS } from './plan-sheet.test-kit.ts';

const source: SourceReference = { kind: 'earlier', jobId: 'before', name: 'song.mp3' };
const plan = createPlanner({
  strategies: { vocals: { separator: 's', outputs: { a: 'vocals', b: 'others' } } },
  describeSeparator: () => ({ identity: ['1'], heartbeatSeconds: 1 }),
  finishVersion: 1,
});
const NOBODY = { member: NO_TAB_PREFERENCES, band: NO_TAB_PREFERENCES };
const lyrics = { kind: 'lyrics', source, given: null } as const;

test('words and tabs are heard in the stem that the configuration names', () => {
  const planned = planSheet(lyrics, NOBODY, { ...TEST_SHEETS, plan });
  assert.ok('from' in planned);
  assert.deepEqual([planned.from.stem, planned.from.separation.strategy], ['vocals', 'vocals']);
});

test('a strategy or stem that is not there is named, with those that are', () => {
  const hear = (strategy: string, stem: string): unknown =>
    planSheet(lyrics, NOBODY, {
      ...TEST_SHEETS,
      plan,
      hear: { ...TEST_SHEETS.hear, lyrics: { strategy, stem, quality: 'fast' } },
    });
  assert.deepEqual(hear('gone', 'vocals'), { code: 'unknown-strategy', facts: { known: 'vocals' } });
  assert.deepEqual(hear('vocals', 'kazoo'), {
    code: 'unknown-stem',
    facts: { stem: 'kazoo', known: 'vocals, others' },
  });
});

test('a plan names the networks that are chosen, and none where there are none', () => {
  const analyze = { kind: 'analyze', source, facts: {} } as const;
  assert.deepEqual(planSheet(analyze, NOBODY, { ...TEST_SHEETS, plan }), { kind: 'analysis', version: 1 });
  const networks = { beats: 'some-beats', chords: null, style: null };
  const analysis = { kind: 'analysis', version: 1, networks };
  assert.deepEqual(planSheet(analyze, NOBODY, { ...TEST_SHEETS, plan, networks }), analysis);
  const wish = { ...NO_TAB_PREFERENCES, part: 'guitar', alone: null } as const;
  const tab = planSheet({ kind: 'tab', source, facts: {}, wish }, NOBODY, { ...TEST_SHEETS, plan, networks });
  assert.ok('analysis' in tab);
  assert.deepEqual(tab.analysis, analysis);
});

test('a tab is for what is asked, then for what the member and the band play', () => {
  const wish = { ...NO_TAB_PREFERENCES, part: 'guitar', alone: null } as const;
  const member = { ...NO_TAB_PREFERENCES, capo: 2 };
  const band = { ...NO_TAB_PREFERENCES, capo: 4, level: 'easy' } as const;
  const planned = planSheet({ kind: 'tab', source, facts: {}, wish }, { member, band }, { ...TEST_SHEETS, plan });
  assert.ok('instrument' in planned);
  assert.deepEqual([planned.instrument.capo, planned.level], [2, 'easy']);
});
