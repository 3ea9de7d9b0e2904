import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { JobCommand } from '../../workflows/contract/request.ts';
import type { SongFacts } from '../../workflows/contract/analysis.ts';
import type { AnalysisResult } from '../../workflows/contract/sheets.ts';
import type { JobResult } from '../../workflows/contract/job.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import { actionId } from './action-ids.ts';
import { ANA, BEN, HERE, bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { pressAction } from './answer-command.ts';
import type { Answer } from './answer.ts';
import { EXAMPLE_SPLIT, exampleAnalysis, exampleResult } from './example-job.test-kit.ts';
import {
  EXAMPLE_COMMANDS,
  EXAMPLE_SHEETS,
  exampleChords,
  exampleLyrics,
  exampleTab,
} from './example-sheets.test-kit.ts';
import { FOLLOW_UPS, followUpButtons, followUpsOf } from './follow-ups.ts';
import type { FollowUp } from './follow-ups.ts';
import { wordsOf } from './words/words-of.ts';

const MOST_IN_TWO_ROWS = 10;
const ALONE = { ...EXAMPLE_COMMANDS.tab, wish: { ...EXAMPLE_COMMANDS.tab.wish, alone: true } };
const { summary: chart } = exampleChords();
const { summary: tab } = exampleTab();

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

/** Of Ana, done. */
function done(result: JobResult, command: JobCommand): void {
  const { request } = bandJob();
  desk.jobs.push(
    bandJob({
      code: 'SHEET1',
      state: 'done',
      request: { ...request, command },
      outcome: { state: 'done', result, reused: false },
    }),
  );
}

async function press(verb: FollowUp, requester = ANA): Promise<Answer> {
  return await pressAction({ actionId: actionId('SHEET1', verb), requester, address: HERE }, desk.deps);
}

function asked(): readonly JobCommand[] {
  return desk.accepted.map(({ payload }) => {
    assert.ok(payload.kind === 'job');
    return payload.request.command;
  });
}

const OPTIONS = { capo: null, transpose: 2, detail: 'simple' } as const;
const WISH = { part: 'guitar', level: 'full', ...tab.instrument, alone: true } as const;
const CASES: readonly (readonly [what: string, FollowUp, JobResult, JobCommand, expected: object])[] = [
  ['up', 'up', exampleChords(), EXAMPLE_COMMANDS.chords, { options: { ...OPTIONS, transpose: 3 } }],
  ['down', 'down', exampleChords(), EXAMPLE_COMMANDS.chords, { options: { ...OPTIONS, transpose: 1 } }],
  [
    'up an octave, which is where it was',
    'up',
    { ...exampleChords(), summary: { ...chart, transpose: 11 } },
    EXAMPLE_COMMANDS.chords,
    { options: { ...OPTIONS, transpose: 0 } },
  ],
  ['easier to grip', 'easiest', exampleChords(), EXAMPLE_COMMANDS.chords, { options: { ...OPTIONS, capo: 2 } }],
  ['in detail', 'detailed', exampleChords(), EXAMPLE_COMMANDS.chords, { options: { ...OPTIONS, detail: 'detailed' } }],
  [
    'without its capo',
    'open',
    { ...exampleChords(), summary: { ...chart, capo: 2 } },
    EXAMPLE_COMMANDS.chords,
    { options: OPTIONS },
  ],
  [
    'simple, behind its capo',
    'simple',
    { ...exampleChords(), summary: { ...chart, capo: 2, detail: 'detailed' as const } },
    EXAMPLE_COMMANDS.chords,
    { options: { ...OPTIONS, capo: 2 } },
  ],
  ['easier to play', 'easier', exampleTab(), ALONE, { wish: { ...WISH, level: 'intermediate' } }],
  [
    'fuller',
    'fuller',
    { ...exampleTab(), summary: { ...tab, level: 'easy' as const } },
    ALONE,
    { wish: { ...WISH, level: 'intermediate' } },
  ],
  [
    'for another instrument, as its player prefers it',
    'bass',
    exampleTab(),
    ALONE,
    { wish: { ...NO_TAB_PREFERENCES, part: 'bass', level: 'full', alone: null } },
  ],
];
for (const [what, verb, result, command, expected] of CASES) {
  test(`the same ${what}: one job, however often it is pressed`, async () => {
    done(result, command);
    assert.match((await press(verb)).lines[0] ?? '', /^On it/u);
    assert.match((await press(verb, BEN)).lines[0] ?? '', /asked for below SHEET1 already/u);
    const source = { kind: 'earlier', jobId: desk.jobs[0]?.id, name: 'song.mp3' };
    assert.deepEqual(asked(), [{ kind: command.kind, source, facts: {}, ...expected }]);
  });
}

test('stems lead to every sheet, a sheet to the others', async () => {
  done(exampleResult(), EXAMPLE_SPLIT);
  for (const verb of ['analyze', 'chords', 'lyrics', 'tab'] as const) await press(verb);
  assert.deepEqual(
    asked().map(({ kind }) => kind),
    ['analyze', 'chords', 'lyrics', 'tab'],
  );
  assert.deepEqual(followUpsOf(exampleResult()), ['analyze', 'chords', 'lyrics', 'tab']);
  assert.deepEqual(followUpsOf(exampleLyrics()), ['chords', 'tab']);
  assert.deepEqual(followUpsOf(exampleAnalysis()).slice(-3), ['chords', 'lyrics', 'tab']);
});

test('a button that the card does not have does nothing', async () => {
  done(exampleChords(), EXAMPLE_COMMANDS.chords);
  for (const verb of ['half', 'shift', 'simple', 'open', 'easier', 'melody'] as const) {
    assert.match((await press(verb)).lines[0] ?? '', /does nothing any more/u, verb);
  }
  assert.deepEqual(desk.accepted, []);
});

test('a button names the key of the same notes, of a mode that is neither major nor minor too', async () => {
  const analysis = exampleAnalysis();
  const key = { tonic: 'D', mode: 'minor', otherMode: 'dorian', confidence: 0.8 } as const;
  const result = { ...analysis, summary: { ...analysis.summary, key } };
  const buttons = followUpButtons(result, wordsOf('en'), (verb) => verb);
  assert.equal(buttons.find(({ id }) => id === 'relative')?.label, 'It is C major');
  done(result, EXAMPLE_COMMANDS.analysis);
  await press('relative');
  const [command] = asked();
  assert.ok(command?.kind === 'analyze');
  assert.deepEqual(command.facts, { key: { tonic: 'C', mode: 'major' } });
});

test('where nothing was heard, nothing is offered to be changed', () => {
  const silent = { ...exampleChords(), summary: { ...chart, opening: ' ' } };
  assert.deepEqual(followUpsOf(silent), ['lyrics', 'tab']);
  const empty = { ...exampleTab(), summary: { ...tab, notes: 0 } };
  assert.deepEqual(followUpsOf(empty), ['bass', 'melody', 'chords', 'lyrics']);
});

/** Every correction there is. */
function inFive(facts: SongFacts): AnalysisResult {
  const { summary } = exampleAnalysis();
  assert.ok(summary.rhythm !== null);
  const timeSignature = { ...summary.rhythm.timeSignature, beatsPerBar: 5 };
  return { ...exampleAnalysis(), facts, summary: { ...summary, rhythm: { ...summary.rhythm, timeSignature } } };
}

for (const language of LANGUAGES) {
  test(`all of them have a short label in ${language}, and no card has more than two rows of five`, () => {
    const crowded = [
      ...Object.values(EXAMPLE_SHEETS).map((example) => example()),
      inFive({ beatsPerBar: 5 }),
      { ...exampleChords(), summary: { ...chart, capo: 1, easiestCapo: 7 } },
      { ...exampleTab(), summary: { ...tab, level: 'intermediate' as const } },
      exampleResult(),
    ];
    for (const result of crowded) {
      const buttons = followUpButtons(result, wordsOf(language), (verb) => actionId('SHEET1', verb));
      assert.ok(buttons.length <= MOST_IN_TWO_ROWS, String(buttons.length));
      assert.equal(new Set(buttons.map(({ label }) => label)).size, buttons.length);
      for (const { label } of buttons) assert.ok(label.length > 0 && label.length <= 20, label);
    }
    for (const verb of FOLLOW_UPS) assert.ok(wordsOf(language).buttons[verb].length <= 20, verb);
  });
}
