import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { JobCommand, SplitCommand, StemPick } from '../../workflows/contract/request.ts';
import { actionId, cardChoices, readActionId } from './action-ids.ts';
import { ANA, BEN, HERE, bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { pressAction } from './answer-command.ts';
import type { Answer } from './answer.ts';
import { EXAMPLE_SPLIT, exampleAnalysis, exampleResult } from './example-job.test-kit.ts';
import { jobCard } from './job-card.ts';
import { wordsOf } from './words/words-of.ts';

const IDLE = { queuePlace: 0, secondsLeft: null };
const SPLIT: SplitCommand = { ...EXAMPLE_SPLIT, strategy: 'band', quality: 'best', format: 'flac' };

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

function split(stems: readonly string[], pick: StemPick = { kind: 'all' }): JobOutcome {
  const result = exampleResult();
  const [like] = result.finished.stems;
  assert.ok(like !== undefined);
  const finished = { ...result.finished, stems: stems.map((name) => ({ ...like, name })) };
  return { state: 'done', reused: false, result: { ...result, pick, finished } };
}

/** Of Ana. */
function done(outcome: JobOutcome, command: JobCommand = SPLIT): void {
  const { request } = bandJob();
  desk.jobs.push(bandJob({ code: 'STEMS1', state: outcome.state, request: { ...request, command }, outcome }));
}

async function choose(id: string, requester = ANA): Promise<Answer> {
  return await pressAction({ actionId: id, requester, address: HERE }, desk.deps);
}

test('the card of a split offers each stem alone and all without it, in every language', () => {
  const outcome = split(['vocals', 'drums']);
  const job = bandJob({ code: 'STEMS1', state: 'done', outcome });
  const menus = LANGUAGES.map((language) => jobCard(job, IDLE, { language }).choices);
  for (const menu of menus) {
    assert.deepEqual(
      menu.map(({ id, options }) => [id, options.map((option) => option.id)]),
      [
        [
          'v1:STEMS1:pick',
          ['v1:STEMS1:want:vocals', 'v1:STEMS1:minus:vocals', 'v1:STEMS1:want:drums', 'v1:STEMS1:minus:drums'],
        ],
      ],
    );
    assert.equal(readActionId(menu[0]?.id ?? ''), null, 'the menu itself does nothing');
    const label = menu[0]?.label ?? '';
    assert.ok(label.length > 0 && label.length <= 75, label);
  }
  assert.deepEqual(
    menus.map((menu) => menu[0]?.options.slice(0, 2).map(({ label }) => label)),
    [
      ['Only vocals', 'Without vocals'],
      ['Nur vocals', 'Ohne vocals'],
      ['Solo vocals', 'Sin vocals'],
    ],
  );
});

test('nothing is offered where there is nothing to choose from', () => {
  const { outcome: running } = bandJob();
  const analysis: JobOutcome = { state: 'done', result: exampleAnalysis(), reused: false };
  const failed: JobOutcome = { state: 'failed', failure: { code: 'internal', facts: {} } };
  const picked = split(['vocals', 'drums'], { kind: 'want', stems: ['drums'] });
  for (const outcome of [running, analysis, failed, picked, split(['vocals']), split([])]) {
    assert.deepEqual(cardChoices('STEMS1', outcome, wordsOf('en')), []);
  }
});

test('an id is as short as a button’s; a stem whose name is too long for that is left out', () => {
  const fits = 'x'.repeat(64 - actionId('STEMS1', 'minus', '').length);
  const [menu] = cardChoices('STEMS1', split(['drums', fits, `${fits}x`, `${fits}xx`]), wordsOf('en'));
  assert.deepEqual(
    menu?.options.map(({ id }) => readActionId(id)),
    [
      { code: 'STEMS1', verb: 'want', stem: 'drums' },
      { code: 'STEMS1', verb: 'minus', stem: 'drums' },
      { code: 'STEMS1', verb: 'want', stem: fits },
      { code: 'STEMS1', verb: 'minus', stem: fits },
      { code: 'STEMS1', verb: 'want', stem: `${fits}x` },
    ],
  );
  for (const { id } of menu?.options ?? []) assert.ok(Buffer.byteLength(id) <= 64, id);
});

test('what is chosen is the same split as one file, and one job however often and by whomever it is chosen', async () => {
  done(split(['vocals', 'drums']));
  const only = actionId('STEMS1', 'want', 'drums');
  assert.match((await choose(only)).lines[0] ?? '', /^On it/u);
  const again = await Promise.all([choose(only), choose(only, BEN)]);
  for (const { lines } of again) assert.match(lines[0] ?? '', /asked for below STEMS1 already/u);
  // Each of the others is a job of its own.
  assert.match((await choose(actionId('STEMS1', 'minus', 'drums'))).lines[0] ?? '', /^On it/u);
  assert.match((await choose(actionId('STEMS1', 'want', 'vocals'))).lines[0] ?? '', /^On it/u);
  const source = { kind: 'earlier', jobId: desk.jobs[0]?.id, name: 'song.mp3' };
  const same = { kind: 'split', source, strategy: 'band', quality: 'best', format: 'flac' };
  assert.deepEqual(
    desk.accepted.map(({ payload }) => payload.kind === 'job' && payload.request.command),
    [
      { ...same, pick: { kind: 'want', stems: ['drums'] } },
      { ...same, pick: { kind: 'minus', stems: ['drums'] } },
      { ...same, pick: { kind: 'want', stems: ['vocals'] } },
    ],
  );
});

test('a stem that the result has not, and a card that has no such menu, do nothing', async () => {
  done(split(['vocals', 'drums']));
  for (const id of [
    'v1:STEMS1:want:bass',
    'v1:STEMS1:minus:residual',
    'v1:STEMS1:want:Drums',
    'v1:STEMS1:want:drums:drums',
    'v1:STEMS1:want:',
    'v1:STEMS1:want',
    'v1:STEMS1:all:drums',
    'v1:STEMS1:chords:drums',
    'v1:STEMS1:pick',
    `v1:STEMS1:want:${'x'.repeat(60)}`,
  ]) {
    assert.match((await choose(id)).lines[0] ?? '', /does nothing any more/u, id);
  }
  desk.jobs.splice(0);
  done(split(['vocals', 'drums'], { kind: 'want', stems: ['vocals'] }));
  assert.match((await choose(actionId('STEMS1', 'want', 'drums'))).lines[0] ?? '', /does nothing any more/u);
  desk.jobs.splice(0, 1, bandJob({ code: 'STEMS1', state: 'running', stage: 'separate' }));
  assert.match((await choose(actionId('STEMS1', 'want', 'drums'))).lines[0] ?? '', /press again/u);
  assert.deepEqual(desk.accepted, []);
});
