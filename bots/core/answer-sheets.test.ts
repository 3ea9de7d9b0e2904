import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { JobCommand, SourceReference } from '../../workflows/contract/request.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { answerCommand } from './answer-command.ts';
import { bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import type { SongCommand } from './chat-command.ts';
import { failureReply } from './failure-reply.ts';
import { readCommand, readCommandOptions } from './read-command.ts';
import { splitWords } from './split-words.ts';

const LINK = 'https://example.org/a.mp3';
const SOURCE: SourceReference = { kind: 'link', url: LINK };
const WISH = { ...NO_TAB_PREFERENCES, part: 'guitar', alone: null } as const;

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

function typed(line: string): SongCommand {
  const read = readCommand(splitWords(line), desk.deps.strategies);
  assert.ok('command' in read && 'target' in read.command, JSON.stringify(read));
  return read.command;
}

const ASKED: readonly (readonly [line: string, command: JobCommand])[] = [
  ['chords', { kind: 'chords', source: SOURCE, facts: {}, options: { capo: null, transpose: 0, detail: 'simple' } }],
  [
    'chords capo:0 transpose:-3 detail:Detailed metre:3/4 key:Em tempo:90',
    {
      kind: 'chords',
      source: SOURCE,
      facts: { tempoBpm: 90, tempoFactor: null, beatsPerBar: 3, key: { tonic: 'E', mode: 'minor' } },
      options: { capo: 0, transpose: -3, detail: 'detailed' },
    },
  ],
  [
    'chords --transpose +2',
    { kind: 'chords', source: SOURCE, facts: {}, options: { capo: null, transpose: 2, detail: 'simple' } },
  ],
  ['lyrics', { kind: 'lyrics', source: SOURCE, given: null }],
  ['lyrics words:"One line / and another"', { kind: 'lyrics', source: SOURCE, given: 'One line\nand another' }],
  ['tab', { kind: 'tab', source: SOURCE, facts: {}, wish: WISH }],
  [
    'tab part:bass level:easy tuning:drop-d alone:yes metre:3/4',
    {
      kind: 'tab',
      source: SOURCE,
      facts: { beatsPerBar: 3 },
      wish: { ...WISH, part: 'bass', level: 'easy', tuning: NAMED_TUNINGS['bass-drop-d'], alone: true },
    },
  ],
  [
    'tab tuning:DADGAD capo:2 frets:22 alone:no part:melody',
    {
      kind: 'tab',
      source: SOURCE,
      facts: {},
      wish: { ...WISH, part: 'melody', tuning: NAMED_TUNINGS.dadgad, capo: 2, frets: 22, alone: false },
    },
  ],
  [
    'tab bass easy tuning: E1 A1 D2 G2 capo 2',
    {
      kind: 'tab',
      source: SOURCE,
      facts: {},
      wish: { ...WISH, part: 'bass', level: 'easy', tuning: NAMED_TUNINGS['bass-standard'], capo: 2 },
    },
  ],
  [
    'tab tuning:C2 G2 C3 G3 C4 E4 melody',
    {
      kind: 'tab',
      source: SOURCE,
      facts: {},
      wish: { ...WISH, part: 'melody', tuning: [36, 43, 48, 55, 60, 64] },
    },
  ],
  [
    'chords key F# minor tempo:92.5 BPM',
    {
      kind: 'chords',
      source: SOURCE,
      facts: { tempoBpm: 92.5, tempoFactor: null, key: { tonic: 'F#', mode: 'minor' } },
      options: { capo: null, transpose: 0, detail: 'simple' },
    },
  ],
];
for (const [line, command] of ASKED) {
  test(`"${line}" is written into the ledger with all that was said`, async () => {
    const answer = await answerCommand(desk.incoming(typed(`${line} song:${LINK}`)), desk.deps);
    assert.equal(answer.kind, 'accepted');
    const [event] = desk.accepted;
    assert.ok(event?.payload.kind === 'job');
    assert.deepEqual(event.payload.request.command, command);
  });
}

test('a platform that reads numbers hands them over as such', () => {
  const options = { song: LINK, capo: 2, transpose: -1 };
  assert.deepEqual(readCommandOptions(['chords'], options, desk.deps.strategies), {
    command: typed(`chords ${LINK} capo:2 transpose:-1`),
  });
});

for (const [tuning, part, strings] of [
  ['bass-5-string', 'bass', NAMED_TUNINGS['bass-5-string']],
  ['5-string', 'bass', NAMED_TUNINGS['bass-5-string']],
  ['EADG', 'bass', NAMED_TUNINGS['bass-standard']],
  ['C1 G1 C2 F2', 'bass', [24, 31, 36, 41]],
  ['drop-d', 'guitar', NAMED_TUNINGS['drop-d']],
  ['DGBE', 'guitar', [50, 55, 59, 64]],
  ['ukulele', 'guitar', NAMED_TUNINGS.ukulele],
] as const) {
  test(`a tab in ${tuning} is for ${part} where no part was said, and for the part that was`, () => {
    const read = typed(`tab tuning:${tuning}`);
    assert.ok(read.kind === 'tab');
    assert.deepEqual([read.wish.part, read.wish.tuning], [part, strings]);
    const said = typed(`tab tuning:${tuning} part:melody`);
    assert.ok(said.kind === 'tab' && said.wish.part === 'melody');
  });
}

for (const [line, code, known] of [
  ['chords capo:12', 'option-invalid', '0 … 11'],
  ['chords transpose:12', 'option-invalid', '-11 … 11'],
  ['chords transpose:1.5', 'option-invalid', '-11 … 11'],
  ['chords transpose:1e1', 'option-invalid', '-11 … 11'],
  ['chords detail:all', 'option-invalid', 'simple, detailed'],
  ['tab part:drums', 'option-invalid', 'guitar, bass, melody'],
  ['tab level:hard', 'option-invalid', 'easy, intermediate, full'],
  ['tab frets:2', 'option-invalid', '12 … 36'],
  ['tab tuning:nonsense', 'unknown-tuning', 'standard, drop-d'],
  ['tab tuning:EAD', 'unknown-tuning', 'standard, drop-d'],
  ['tab tuning:E9A9D9G9B9E9', 'unknown-tuning', 'standard, drop-d'],
  ['analyze key:E minr', 'option-invalid', 'Em'],
  ['tab K7QF2M bas', 'option-invalid', '“bas”'],
  ['tab bass guitar melody K7QF2M', 'option-invalid', '“guitar melody”'],
  ['chords song.mp3 behind capo 2', 'option-invalid', '“behind”'],
  ['chords song.mp3 capo', 'option-invalid', 'transpose'],
  ['tab yes K7QF2M', 'option-invalid', '“yes”'],
  ['jam mine dadgad', 'option-invalid', '“dadgad”'],
] as const) {
  test(`"${line}" is refused, with what can be said`, () => {
    const read = readCommand(splitWords(line), desk.deps.strategies);
    assert.ok('failure' in read, line);
    assert.equal(read.failure.code, code);
    assert.ok(failureReply(read.failure).includes(known), failureReply(read.failure));
  });
}

test('an earlier job’s song gets a sheet by its code; one that went wrong is written again as it was asked for', async () => {
  const wish = { ...WISH, part: 'bass' } as const;
  const { request } = bandJob();
  desk.jobs.push(
    bandJob({
      code: 'FAILED',
      stage: 'write',
      state: 'failed',
      outcome: { state: 'failed', failure: { code: 'internal', facts: {} } },
      request: { ...request, command: { kind: 'tab', source: SOURCE, facts: {}, wish } },
    }),
  );
  await answerCommand(desk.incoming(typed('lyrics FAILED')), desk.deps);
  await answerCommand(desk.incoming({ kind: 'retry', code: 'FAILED', quality: null, format: null }), desk.deps);
  const source = { kind: 'earlier', jobId: desk.jobs[0]?.id, name: 'song.mp3' };
  assert.deepEqual(
    desk.accepted.map(({ payload }) => payload.kind === 'job' && payload.request.command),
    [
      { kind: 'lyrics', source, given: null },
      { kind: 'tab', source, facts: {}, wish },
    ],
  );
});
