import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import fc from 'fast-check';
import type { JobSurface } from '../../workflows/contract/job-view.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { actionId, readActionId } from './action-ids.ts';
import { ANA, BEN, HERE, bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { exampleSurface } from './card-bench.test-kit.ts';
import { exampleResult } from './example-job.test-kit.ts';
import { pressAction } from './answer-command.ts';
import type { Answer } from './answer.ts';

const ON_SLACK = { platform: 'slack', botId: 'T1', chatId: 'C1', threadId: null } as const;
const BEN_ON_SLACK = { platform: 'slack', userId: 'U1', displayName: 'Ben' } as const;
const FAILED = { state: 'failed', outcome: { state: 'failed', failure: { code: 'internal', facts: {} } } } as const;

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

async function press(id: string, requester = ANA, address = HERE): Promise<Answer> {
  return await pressAction({ actionId: id, requester, address }, desk.deps);
}

test('an id is short, and read as it was written', () => {
  for (const verb of ['cancel', 'retry', 'album', 'link'] as const) {
    const id = actionId('K7QF2M', verb);
    assert.ok(Buffer.byteLength(id) <= 64);
    assert.deepEqual(readActionId(id), { code: 'K7QF2M', verb });
  }
});

test('pressing twice, at once or from another chat of the band, is pressing once', async () => {
  desk.jobs.push(bandJob({ code: 'FAILED', stage: 'separate', ...FAILED }));
  const id = actionId('FAILED', 'retry');
  const answers = await Promise.all([press(id), press(id), press(id, BEN)]);
  assert.equal(desk.accepted.length, 1);
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    ['accepted', 'accepted', 'accepted'],
  );
  assert.match(answers[1]?.lines[0] ?? '', /already/u);
});

test('a button is one in all chats that show the job', async () => {
  const result = exampleResult();
  const [failed, done] = [
    bandJob({ code: 'FAILED', stage: 'separate', ...FAILED }),
    bandJob({ id: 'done', code: 'DONE11', state: 'done', outcome: { state: 'done', reused: false, result } }),
  ];
  desk.jobs.push(failed, done);
  for (const id of [actionId('FAILED', 'retry'), actionId('DONE11', 'chords')]) {
    const before = desk.accepted.length;
    assert.doesNotMatch((await press(id, BEN_ON_SLACK, ON_SLACK)).lines[0] ?? '', /already/u);
    assert.match((await press(id)).lines[0] ?? '', /already/u);
    assert.equal(desk.accepted.length, before + 1);
  }
  const asked = desk.accepted.map(({ payload }) => payload.kind === 'job' && payload.request);
  for (const request of asked) {
    assert.deepEqual(request && [request.address, request.requester], [ON_SLACK, BEN_ON_SLACK]);
  }
});

test('a song that did not arrive is fetched where it was sent, wherever Retry is pressed', async () => {
  const job = bandJob({ code: 'FAILED', stage: 'receive', ...FAILED });
  assert.equal(job.request.command.source.kind, 'attachment');
  desk.jobs.push(job);
  await press(actionId('FAILED', 'retry'), BEN_ON_SLACK, ON_SLACK);
  const payload = desk.accepted[0]?.payload;
  assert.ok(payload?.kind === 'job');
  assert.deepEqual(payload.request.command.source, job.request.command.source);
  assert.deepEqual(payload.request.address, HERE);
});

test('cancel is for whoever asked and the owner, and says so to others', async () => {
  desk.jobs.push(bandJob({ code: 'RUNS11', stage: 'separate' }));
  const id = actionId('RUNS11', 'cancel');
  assert.match((await press(id, BEN)).lines[0] ?? '', /Only Ana/u);
  assert.equal(desk.accepted.length, 0);
  await press(id);
  await press(id);
  assert.equal(desk.accepted.length, 1);
});

test('whoever asked may cancel from another chat, as whom their account there is linked to', async () => {
  desk.jobs.push(bandJob({ code: 'RUNS11', stage: 'separate' }));
  const there = { platform: 'telegram', botId: 'b', chatId: '1', threadId: null } as const;
  const id = actionId('RUNS11', 'cancel');
  const anaThere = { platform: 'telegram', userId: '42', displayName: 'Ana' } as const;
  assert.match((await press(id, anaThere, there)).lines[0] ?? '', /Only Ana/u);
  for (const account of ['discord:ana', 'telegram:42']) desk.people.set(account, 'Ana');
  assert.match((await press(id, anaThere, there)).lines[0] ?? '', /Stopping RUNS11/u);
  assert.equal(desk.accepted.length, 1);
});

test('another band’s card does nothing for whoever is not in it', async () => {
  desk.jobs.push(bandJob({ code: 'FAILED', stage: 'separate', ...FAILED }));
  desk.band = { ...desk.band, id: 'strangers' };
  assert.match((await press(actionId('FAILED', 'retry'))).lines[0] ?? '', /not in/u);
  assert.equal(desk.accepted.length, 0);
  desk.members.add(ANA.userId);
  const elsewhere = { ...HERE, botId: 'other-bot', chatId: 'elsewhere' };
  assert.equal((await press(actionId('FAILED', 'retry'), ANA, elsewhere)).kind, 'accepted');
  const payload = desk.accepted[0]?.payload;
  assert.deepEqual(payload?.kind === 'job' && payload.request.address, HERE, 'it is done again where its band is');
});

test('a button whose time is over says what is so', async () => {
  desk.jobs.push(bandJob({ code: 'FAILED', ...FAILED }), bandJob({ id: 'x', code: 'RUNS11', stage: 'read' }));
  assert.match((await press(actionId('FAILED', 'cancel'))).lines[0] ?? '', /over already/u);
  assert.match((await press(actionId('RUNS11', 'retry'))).lines[0] ?? '', /still running/u);
  assert.match((await press(actionId('GONE11', 'retry'))).lines[0] ?? '', /nothing any more/u);
  assert.equal(desk.accepted.length, 0);
});

test('a button of a card that shows the end a moment before the job’s row does waits for the row', async () => {
  const result = exampleResult();
  const outcome = { state: 'done', reused: false, result } as const;
  desk.jobs.push(bandJob({ code: 'ENDING', state: 'running', stage: 'deliver' }));
  const pressed = press(actionId('ENDING', 'chords'));
  setTimeout(() => desk.jobs.splice(0, 1, bandJob({ code: 'ENDING', state: 'done', outcome })), 200);
  assert.equal((await pressed).kind, 'accepted');
  assert.equal(desk.accepted.length, 1);

  desk.jobs.splice(0, 1, bandJob({ code: 'ENDING', state: 'running', stage: 'deliver' }));
  assert.match((await press(actionId('ENDING', 'tab'))).lines[0] ?? '', /press again/u);
  assert.equal(desk.accepted.length, 1);
});

test('a forged or ancient id does nothing', async () => {
  desk.jobs.push(bandJob({ code: 'FAILED', ...FAILED }));
  const forged = [
    '',
    'v0:FAILED:retry',
    'v1:FAILED:delete',
    'v1:failed:retry',
    'v1:FAILED:retry ',
    'v1:FAILED:retry:x',
  ];
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.constantFrom(...forged)), async (id) => {
      const answer = await press(id);
      assert.equal(answer.kind, 'text');
    }),
    { numRuns: 300 },
  );
  assert.equal(desk.accepted.length, 0);
});

test('an album is asked for where its button is, once in each place, by whoever is in the band', async () => {
  const group = { ...HERE, platform: 'telegram', chatId: 'group' } as const;
  const topic = { ...group, threadId: '11' };
  const result = exampleResult();
  const [vocals] = result.finished.stems;
  assert.ok(vocals !== undefined);
  const finished = { ...result.finished, stems: [vocals, { ...vocals, name: 'drums' }] };
  const done = { state: 'done', outcome: { state: 'done', reused: false, result: { ...result, finished } } } as const;
  const job = bandJob({ code: 'DONE11', ...done });
  desk.jobs.push(job, bandJob({ id: 'one stem', code: 'DONE12', ...done, outcome: { ...done.outcome, result } }));
  desk.surfaces.push(exampleSurface(job), surfaceAt('group', group), surfaceAt('topic', topic));
  const id = actionId('DONE11', 'album');

  const answers = await Promise.all([press(id, ANA, group), press(id, BEN, group), press(id, ANA, topic)]);
  assert.deepEqual(
    desk.accepted.map(({ payload }) => payload.kind === 'album' && [payload.surfaceId, payload.requester.userId]),
    [
      ['group', 'ana'],
      ['topic', 'ana'],
    ],
  );
  assert.match(answers[0]?.lines[0] ?? '', /come as an album/u);
  assert.match(answers[1]?.lines[0] ?? '', /already/u);

  // Where there are no albums, where the job has no card, and of one stem alone.
  for (const [pressed, where] of [
    [id, HERE],
    [id, { ...group, chatId: 'elsewhere' }],
    [actionId('DONE12', 'album'), group],
  ] as const) {
    assert.match((await press(pressed, ANA, where)).lines[0] ?? '', /nothing any more/u);
  }
  assert.equal(desk.accepted.length, 2);
});

function surfaceAt(surfaceId: string, address: ChatAddress): JobSurface {
  return { ...exampleSurface(bandJob()), surfaceId, address, platform: address.platform };
}

test('pressing counts as a command', async () => {
  desk.jobs.push(bandJob({ code: 'FAILED', ...FAILED }));
  desk.freeInSeconds = 9;
  assert.match((await press(actionId('FAILED', 'retry'))).lines[0] ?? '', /9 s/u);
  assert.equal(desk.accepted.length, 0);
});
