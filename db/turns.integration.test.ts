import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { Requester } from '../workflows/contract/request.ts';
import { createJobs } from './jobs.repository.ts';
import type { OpenTerms, OpenedRow } from './open-job.ts';
import { createLinkWaits } from './link-waits.repository.ts';
import { TURN_CHANNEL } from './notify.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testJob, testPlan } from './test-rows.ts';
import { createTurns } from './turns.repository.ts';

const SHARED_TURNS = 2;
const CANCELLED = { state: 'cancelled' } as const;

let testDatabase: TestDatabase;
let database: Database;
let client: Client;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
});
after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});
beforeEach(async () => {
  await client.query('update job set turn = null');
});

function person(): Requester {
  return { platform: 'discord', userId: randomUUID(), displayName: 'Ada' };
}

type Opened = OpenedRow & { readonly workflowId: string };

async function ask(
  requester: Requester,
  options: Partial<OpenTerms> = {},
  plan: typeof testPlan | null = testPlan,
): Promise<Opened> {
  // Its row only lends its request.
  const { request, jobId } = await testJob(database, { requester });
  await client.query('update job set turn = null where id = $1', [jobId]);
  const workflowId = `job-${randomUUID()}`;
  const jobs = createJobs(database, { sharedTurns: SHARED_TURNS, ...options });
  return { ...(await jobs.open({ request, workflowId, plan })), workflowId };
}

async function askMany(requester: Requester, count: number): Promise<readonly Opened[]> {
  const opened = [];
  for (let index = 0; index < count; index += 1) opened.push(await ask(requester));
  return opened;
}

async function end({ jobId }: Opened): Promise<void> {
  await createJobs(database).end(jobId, CANCELLED);
}

/** Workflows whose turn has come. */
async function released(sharedTurns = SHARED_TURNS): Promise<readonly string[]> {
  return (await createTurns(database, sharedTurns).released(100)).map(({ workflowId }) => workflowId);
}

function turns(opened: readonly Opened[]): readonly string[] {
  return opened.map(({ turn }) => turn);
}

async function awaitsTurn({ jobId }: Opened): Promise<boolean | undefined> {
  return (await createJobs(database).find(jobId))?.awaitsTurn;
}

test('so many jobs of one member are under way at once; the others wait, and hold up nobody else', async () => {
  const ada = await askMany(person(), 4);
  const ben = await ask(person());
  assert.deepEqual(turns([...ada, ben]), ['now', 'now', 'later', 'later', 'now']);
  assert.deepEqual(await Promise.all(ada.map(awaitsTurn)), [false, false, true, true]);
  assert.deepEqual(await released(), []);
});

test('members share the turns evenly, everybody has one, and whoever is alone again has them all', async () => {
  const six = 6;
  const options = { sharedTurns: six };
  const ada = person();
  const hers = [];
  for (let song = 0; song < 9; song += 1) hers.push(await ask(ada, options));
  const [first, second, third, fourth] = hers;
  const ben = await ask(person(), options);
  assert.ok(first && second && third && fourth);
  for (const ended of [first, second, third]) {
    await end(ended);
    assert.deepEqual(await released(six), [], 'she has no less than her half');
  }
  await end(fourth);
  assert.deepEqual(await released(six), [hers[6]?.workflowId]);
  const crowd = [];
  for (let others = 0; others < 6; others += 1) crowd.push(await ask(person(), options));
  assert.deepEqual(new Set(turns(crowd)), new Set(['now']));
  assert.deepEqual(await released(six), []);
  for (const other of [...crowd, ben]) await end(other);
  assert.deepEqual(
    await released(six),
    hers.slice(6).map(({ workflowId }) => workflowId),
  );
});

test('whoever asked first comes first, one for each that ends, until they were told', async () => {
  const [first, second, third, fourth] = await askMany(person(), 4);
  assert.ok(first && second && third && fourth);
  const { settle } = createTurns(database, SHARED_TURNS);
  await end(second);
  assert.deepEqual(await released(), [third.workflowId]);
  assert.deepEqual(await released(), [third.workflowId], 'who tells it may die before');
  const earlier = await createJobs(database).find(third.jobId);
  await settle(third.jobId);
  await settle(third.jobId);
  assert.deepEqual([await released(), await awaitsTurn(third)], [[], false]);
  assert.equal(
    (await createJobs(database).find(third.jobId))?.version,
    (earlier?.version ?? 0) + 1,
    'drawn anew, once',
  );
  await end(first);
  await end(third);
  assert.deepEqual(await released(), [fourth.workflowId]);
});

test('a new job waits behind those that wait, although a turn is free', async () => {
  const ada = person();
  const [first, , third] = await askMany(ada, 3);
  assert.ok(first && third);
  await end(first);
  assert.equal((await ask(ada)).turn, 'later');
  assert.deepEqual(await released(), [third.workflowId]);
});

test('one that is cancelled while it waits lets the next one come', async () => {
  const [first, , third, fourth] = await askMany(person(), 4);
  assert.ok(first && third && fourth);
  await end(third);
  await end(first);
  assert.deepEqual(await released(), [fourth.workflowId]);
  await createTurns(database, SHARED_TURNS).settle(third.jobId);
  assert.deepEqual(await released(), [fourth.workflowId], 'what has ended takes no turn');
});

test('jobs that are opened at the same time do not both take the last turn', async () => {
  const ada = person();
  const opened = await Promise.all(Array.from({ length: 9 }, async () => await ask(ada)));
  assert.equal(turns(opened).filter((turn) => turn === 'now').length, SHARED_TURNS);
});

test('a job that is opened again has the turn that it has', async () => {
  const ada = person();
  const jobs = createJobs(database, { sharedTurns: SHARED_TURNS });
  for (const { jobId, workflowId, turn } of await askMany(ada, 3)) {
    const { request } = (await jobs.find(jobId)) ?? assert.fail();
    assert.equal((await jobs.open({ request, workflowId, plan: testPlan })).turn, turn);
  }
});

test('what is refused at once takes no turn', async () => {
  const ada = person();
  for (let index = 0; index < 3; index += 1) await ask(ada, {}, null);
  await ask(ada, { jobsPerMemberAndHour: 0 });
  assert.equal((await ask(ada)).turn, 'now');
});

test('a result that waits for its asker’s link holds up no other of their jobs', async () => {
  const ada = person();
  const first = await ask(ada, { linking: 'always' });
  const [, third] = await askMany(ada, 2);
  assert.ok(third);
  assert.deepEqual(await released(), []);
  await createLinkWaits(database, 'always').note({ jobId: first.jobId, stage: 'result', endsAt: null });
  assert.deepEqual(await released(), [third.workflowId]);
});

test('all accounts of a member count together, whenever they were linked', async () => {
  const [discord, slack] = [person(), { ...person(), platform: 'slack' } as const];
  const [first] = await askMany(discord, 3);
  await ask(slack);
  await client.query(
    `update chat_identity set member_id = (select member_id from chat_identity where user_id = $1) where user_id = $2`,
    [discord.userId, slack.userId],
  );
  assert.equal((await ask(slack)).turn, 'later');
  assert.ok(first);
  await end(first);
  assert.deepEqual(await released(), [], 'two are under way');
});

test('a workflow that was ended by hand holds up no other for ever', async () => {
  const [first, , third] = await askMany(person(), 3);
  assert.ok(first && third);
  await client.query('alter table job disable trigger job_touch');
  await client.query(`update job set updated_at = now() - interval '25 hours' where id = $1`, [first.jobId]);
  await client.query('alter table job enable trigger job_touch');
  assert.deepEqual(await released(), [third.workflowId]);
});

test('what the operator chooses later holds for those who wait', async () => {
  const waiting = (await askMany(person(), 5)).filter(({ turn }) => turn === 'later');
  assert.deepEqual(
    await released(4),
    waiting.slice(0, 2).map(({ workflowId }) => workflowId),
  );
});

test('it is announced that somebody’s turn may have come', async () => {
  const heard: string[] = [];
  const listener = new Client({ connectionString: testDatabase.url });
  await listener.connect();
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  const told = async (mark: string): Promise<number> => {
    await client.query('select pg_notify($1, $2)', [TURN_CHANNEL, mark]);
    while (!heard.includes(mark)) await listener.query('select 1');
    return heard.splice(0).length - 1;
  };
  const ada = person();
  const [first] = await askMany(ada, 2);
  await listener.query(`listen ${TURN_CHANNEL}`);
  await ask(ada);
  assert.equal(await told('one waits: the others may just have ended'), 1);
  assert.ok(first);
  await end(first);
  assert.equal(await told('one has ended'), 1);
  await listener.end();
});
