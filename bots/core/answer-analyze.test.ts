import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { NewJobRequest } from '../../workflows/contract/inbound.ts';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { actionId } from './action-ids.ts';
import { answerCommand, pressAction } from './answer-command.ts';
import type { Answer } from './answer.ts';
import { ANA, BEN, HERE, bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { PLAIN_COMMANDS } from './chat-command.ts';
import type { SongCommand } from './chat-command.ts';
import { JAM_STYLE } from './command-style.ts';
import { EXAMPLE_SPLIT, exampleAnalysis } from './example-job.test-kit.ts';
import { readCommand } from './read-command.ts';
import { splitWords } from './split-words.ts';

const SONG: SourceReference = { kind: 'attachment', reference: 'r', name: 'song.mp3', declaredBytes: 1000 };
const ANALYZE = PLAIN_COMMANDS.analyze;

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

async function answer(command: SongCommand, sources: readonly SourceReference[] = []): Promise<Answer> {
  return await answerCommand(desk.incoming(command, { sources }), desk.deps);
}

function typed(line: string): SongCommand {
  const read = readCommand(splitWords(line), desk.deps.strategies);
  assert.ok('command' in read && 'target' in read.command, line);
  return read.command;
}

function asked(): readonly NewJobRequest[] {
  return desk.accepted.flatMap(({ payload }) =>
    payload.kind === 'job' ? [payload.request] : payload.kind === 'jobs' ? payload.requests : [],
  );
}

/** Of Ana, done. */
function analysed(code = 'HEARD1'): void {
  const result = exampleAnalysis();
  const { request } = bandJob();
  desk.jobs.push(
    bandJob({
      code,
      state: 'done',
      request: { ...request, command: { kind: 'analyze', source: EXAMPLE_SPLIT.source, facts: {} } },
      outcome: { state: 'done', result, reused: false },
    }),
  );
}

test('a song to analyse is written into the ledger, each of several as a job', async () => {
  assert.equal((await answer(ANALYZE, [SONG])).kind, 'accepted');
  await answer(ANALYZE, [SONG, { ...SONG, name: 'other.mp3' }]);
  assert.deepEqual(
    asked().map(({ command }) => [command.kind, command.source]),
    [
      ['analyze', SONG],
      ['analyze', SONG],
      ['analyze', { ...SONG, name: 'other.mp3' }],
    ],
  );
});

test('what is said beside it goes along', async () => {
  await answer(typed('/analyze https://example.org/a.mp3 tempo:92,5 metre:3/4 key:F#m'));
  const { command } = asked()[0] ?? assert.fail('nothing was asked for');
  assert.deepEqual(command, {
    kind: 'analyze',
    source: { kind: 'link', url: 'https://example.org/a.mp3' },
    facts: { tempoBpm: 92.5, tempoFactor: null, beatsPerBar: 3, key: { tonic: 'F#', mode: 'minor' } },
  });
});

test('what was said before is taken back, piece by piece', async () => {
  analysed();
  await answer(typed('analyze HEARD1 tempo:heard key: Heard'));
  await answer(typed('analyze HEARD1 metre:auto beat1:heard'));
  await answer(typed('analyze HEARD1 beat1 1:02.5 metre 3/4'));
  assert.deepEqual(
    asked().map(({ command }) => command.kind === 'analyze' && command.facts),
    [
      { tempoBpm: null, tempoFactor: null, key: null },
      { beatsPerBar: null, downbeatSeconds: null },
      { downbeatSeconds: 62.5, beatsPerBar: 3 },
    ],
  );
});

test('what cannot be said is refused with an example', () => {
  for (const [line, known] of [
    ['analyze tempo:fast', '120, heard'],
    ['analyze tempo:0', '120, heard'],
    ['analyze tempo:1e9', '120, heard'],
    ['analyze key:X', 'Em, heard'],
    ['analyze metre:7/8', '3/4, 4/4, heard'],
    ['analyze beat1:soon', '12.3, 1:02.5, heard'],
    ['analyze K7QF2M heard', 'song, tempo, metre, key, beat1, out'],
  ] as const) {
    const read = readCommand(splitWords(line), desk.deps.strategies);
    assert.ok('failure' in read, line);
    assert.deepEqual([read.failure.code, read.failure.facts['known']], ['option-invalid', known]);
  }
});

test('a song that is missing is asked for, as it can be given there', async () => {
  assert.match((await answer(ANALYZE)).lines[0] ?? '', /\/analyze, with a file/u);
  const slack = await answerCommand(desk.incoming(ANALYZE), { ...desk.deps, style: JAM_STYLE });
  assert.match(slack.lines[0] ?? '', /\/jam analyze with a direct link, choose “Analyze song”/u);
});

test('an earlier job’s song can be said more about, in one command', async () => {
  analysed();
  await answer(typed('analyze song:HEARD1 tempo:120'));
  assert.deepEqual(asked()[0]?.command, {
    kind: 'analyze',
    source: { kind: 'earlier', jobId: desk.jobs[0]?.id, name: 'song.mp3' },
    facts: { tempoBpm: 120, tempoFactor: null },
  });
});

test('a button says it too: once, however often and by whomever of the band it is pressed', async () => {
  analysed();
  const press = async (verb: 'half' | 'three', requester = ANA): Promise<Answer> =>
    await pressAction({ actionId: actionId('HEARD1', verb), requester, address: HERE }, desk.deps);
  assert.match((await press('half')).lines[0] ?? '', /I keep that, and work HEARD1 out again/u);
  assert.match((await press('half', BEN)).lines[0] ?? '', /said of HEARD1 already/u);
  await press('three', BEN);
  assert.deepEqual(
    asked().map(({ command, requester }) => [command.kind === 'analyze' && command.facts, requester.userId]),
    [
      [{ tempoFactor: 0.5 }, 'ana'],
      [{ beatsPerBar: 3 }, 'ben'],
    ],
  );
});

test('such a button of a job that runs does nothing', async () => {
  desk.jobs.push(bandJob({ code: 'RUNS11', stage: 'separate' }));
  const forged = { actionId: actionId('RUNS11', 'double'), requester: ANA, address: HERE };
  assert.match((await pressAction(forged, desk.deps)).lines[0] ?? '', /not quite done/u);
  assert.equal(desk.accepted.length, 0);
});

test('an analysis that went wrong is done again with what was said of the song', async () => {
  const { request } = bandJob();
  const command = { kind: 'analyze', source: SONG, facts: { beatsPerBar: 3 } } as const;
  const outcome = { state: 'failed', failure: { code: 'internal', facts: {} } } as const;
  desk.jobs.push(
    bandJob({ code: 'FAILED', stage: 'listen', state: 'failed', outcome, request: { ...request, command } }),
  );
  const retry = { kind: 'retry', code: 'FAILED', quality: 'best', format: null } as const;
  await answerCommand(desk.incoming(retry), desk.deps);
  const again = asked()[0]?.command;
  assert.ok(again?.kind === 'analyze' && again.source.kind === 'earlier');
  assert.deepEqual(again.facts, { beatsPerBar: 3 });
});
