import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { createInbox } from './inbox.repository.ts';
import type { Inbox, NewInboundEvent } from './inbox.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createDeliveries } from './deliveries.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { testJob, testPlan } from './test-rows.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { startTestProxy } from './test-proxy.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let inbox: Inbox;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  inbox = createInbox(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('truncate inbound_event cascade');
});

function event(eventKey: string): NewInboundEvent {
  return { platform: 'console', botId: 'b', eventKey, payload: { kind: 'cancel', jobId: eventKey } };
}

test('accepts an event once, however often it is delivered at the same time', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, async () => await inbox.accept(event('one'))));
  assert.equal(answers.filter(({ isNew }) => isNew).length, 1);
  assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
  const other = await inbox.accept({ ...event('one'), botId: 'another' });
  assert.equal(other.isNew, true);
});

test('relays the payload as it came, once', async () => {
  const { id } = await inbox.accept(event('k'));
  const seen: unknown[] = [];
  const start = async (accepted: unknown): Promise<void> => {
    seen.push(accepted);
    await Promise.resolve();
  };
  assert.deepEqual(await inbox.relay(start, 10), { started: 1, failures: [] });
  assert.deepEqual(await inbox.relay(start, 10), { started: 0, failures: [] });
  assert.deepEqual(seen, [{ ...event('k'), id, attempts: 0 }]);
});

test('two relays never hold the same event', async () => {
  for (let index = 0; index < 30; index += 1) await inbox.accept(event(String(index)));
  const seen: string[] = [];
  const start = async ({ eventKey }: NewInboundEvent): Promise<void> => {
    seen.push(eventKey);
    await new Promise(setImmediate);
  };
  while ((await Promise.all([inbox.relay(start, 4), inbox.relay(start, 4)])).some(({ started }) => started > 0));
  assert.equal(seen.length, 30);
  assert.equal(new Set(seen).size, 30);
});

test('an event that does not start waits and holds up no other', async () => {
  await inbox.accept(event('bad'));
  await inbox.accept(event('good'));
  const started: string[] = [];
  const start = async ({ eventKey }: NewInboundEvent): Promise<void> => {
    if (eventKey === 'bad') throw new Error('no server');
    started.push(eventKey);
    await Promise.resolve();
  };
  const { failures } = await inbox.relay(start, 1);
  assert.equal(failures[0]?.attempts, 1);
  assert.match(String(failures[0].error), /no server/);
  await inbox.relay(start, 1);
  assert.deepEqual(started, ['good']);
  assert.deepEqual(await inbox.relay(start, 1), { started: 0, failures: [] });
  const { rows } = await client.query<{ state: string; waits: boolean }>(
    "select state, next_try_at > now() as waits from inbound_event where event_key = 'bad'",
  );
  assert.deepEqual(rows, [{ state: 'accepted', waits: true }]);
  await client.query('update inbound_event set next_try_at = now()');
  assert.equal((await inbox.relay(start, 1)).failures[0]?.attempts, 2);
});

test('a relay that dies before it marks an event leaves it for the next', async () => {
  await inbox.accept(event('again'));
  const doomed = await openDatabase(testDatabase.url);
  const dies = doomed.transaction(async (em) => {
    await em.execute("select id from inbound_event where state = 'accepted' for update skip locked");
    const [row] = await em.execute<{ pid: number }[]>('select pg_backend_pid() as pid');
    await client.query('select pg_terminate_backend($1)', [row?.pid]);
    throw new Error('killed');
  });
  await assert.rejects(dies);
  await doomed.close();
  let starts = 0;
  await inbox.relay(async () => {
    starts += 1;
    await Promise.resolve();
  }, 1);
  assert.equal(starts, 1);
});

test('an event is on its way to its jobs until it has them all', async () => {
  const { request } = await testJob(database);
  const { inboundEventId: _own, ...song } = request;
  await client.query('truncate inbound_event cascade');
  const counts = async (): Promise<number[]> => [await inbox.countWaiting(), await inbox.countOpening()];
  assert.deepEqual(await counts(), [0, 0]);
  const one = await inbox.accept({ ...event('one'), payload: { kind: 'job', request: song } });
  const two = await inbox.accept({ ...event('two'), payload: { kind: 'jobs', requests: [song, song] } });
  await inbox.accept(event('cancel'));
  const { requester } = request;
  await inbox.accept({ ...event('album'), payload: { kind: 'album', jobId: 'j', surfaceId: 's', requester } });
  assert.deepEqual(await counts(), [4, 0]);
  await inbox.relay(async () => await Promise.resolve(), 10);
  assert.deepEqual(await counts(), [0, 2]);
  const jobs = createJobs(database);
  const open = async (inboundEventId: string, workflowId: string): Promise<void> => {
    await jobs.open({ request: { ...song, inboundEventId }, workflowId, plan: testPlan });
  };
  await open(one.id, 'one');
  assert.deepEqual(await counts(), [0, 1]);
  await open(two.id, 'two-0');
  assert.deepEqual(await counts(), [0, 1], 'one of two songs is not all');
  await open(two.id, 'two-1');
  assert.deepEqual(await counts(), [0, 0]);
  await inbox.accept({ ...event('lost'), payload: { kind: 'job', request: song } });
  await inbox.relay(async () => await Promise.resolve(), 10);
  assert.deepEqual(await counts(), [0, 1]);
  await client.query(`update inbound_event set started_at = now() - interval '11 minutes' where event_key = 'lost'`);
  assert.deepEqual(await counts(), [0, 0], 'what came to no job in ten minutes comes to none');
});

test('no more songs of one person are on their way to their cards at once than the chat takes, and nobody else waits for them', async () => {
  const { request } = await testJob(database);
  const { inboundEventId: _own, ...song } = request;
  await client.query('truncate inbound_event cascade');
  const paced = createInbox(database, { openingPerAsker: 2 });
  const jobs = createJobs(database);
  const started: string[] = [];
  const relay = async (): Promise<readonly string[]> => {
    await paced.relay(async ({ eventKey }) => {
      started.push(eventKey);
      await Promise.resolve();
    }, 20);
    return started.splice(0).toSorted();
  };
  const ids = new Map<string, string>();
  const accept = async (eventKey: string, userId: string, count = 1): Promise<void> => {
    const mine = { ...song, requester: { ...song.requester, userId, displayName: eventKey } };
    const payload =
      count === 1
        ? ({ kind: 'job', request: mine } as const)
        : ({ kind: 'jobs', requests: Array.from({ length: count }, () => mine) } as const);
    ids.set(eventKey, (await paced.accept({ ...event(eventKey), payload })).id);
  };
  const open = async (eventKey: string): Promise<{ readonly jobId: string; readonly surfaceId: string }> => {
    const opening = { ...song, inboundEventId: ids.get(eventKey) ?? '' };
    return await jobs.open({ request: opening, workflowId: randomUUID(), plan: testPlan });
  };
  const deliveries = createDeliveries(database);
  const card = async (opened: { readonly jobId: string; readonly surfaceId: string }): Promise<string> => {
    const { jobId, surfaceId } = opened;
    const contentSha256 = 'words';
    return (await deliveries.plan({ jobId, surfaceId, slot: 'card', target: song.address, contentSha256 })).id;
  };

  for (const key of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) await accept(key, 'ada');
  await accept('b1', 'ben');
  await accept('album of ada', 'ada', 2);
  await paced.accept(event('cancel'));
  const secondsPass = async (seconds: number): Promise<void> => {
    await client.query('update inbound_event set started_at = started_at - make_interval(secs => $1)', [seconds]);
  };
  assert.deepEqual(await relay(), ['a1', 'a2', 'b1', 'cancel']);
  assert.deepEqual(await relay(), []);
  await secondsPass(4);

  const first = await open('a1');
  assert.deepEqual(await relay(), [], 'a job without a card');
  await deliveries.markSent(await card(first), '1');
  assert.deepEqual(await relay(), ['a3']);
  await deliveries.markGone(await card(await open('a2')));
  assert.deepEqual(await relay(), ['a4']);
  await secondsPass(4);
  await jobs.end((await open('a3')).jobId, { state: 'cancelled' });
  assert.deepEqual(await relay(), ['a5']);
  // What nobody could post for a minute holds up nothing.
  await secondsPass(61);
  assert.deepEqual(await relay(), ['a6', 'album of ada']);

  await accept('a7', 'ada');
  await accept('a8', 'ada');
  await deliveries.markSent(await card(await open('a6')), '6');
  assert.deepEqual(await relay(), [], 'however fast the chat is');
  await secondsPass(4);
  assert.deepEqual(await relay(), ['a7']);
  await secondsPass(4);
  await deliveries.markSent(await card(await open('album of ada')), '2');
  assert.deepEqual(await relay(), [], 'one of its two songs has a card');
  await deliveries.markSent(await card(await open('album of ada')), '3');
  assert.deepEqual(await relay(), ['a8']);
});

test('an event is announced when it is committed, and a redelivery is not', async () => {
  const heard: string[] = [];
  const listener = new Client({ connectionString: testDatabase.url });
  await listener.connect();
  listener.on('notification', ({ channel }) => heard.push(channel));
  await listener.query('listen inbound');
  await inbox.accept(event('n'));
  await inbox.accept(event('n'));
  await client.query("select pg_notify('inbound', 'end')");
  while (heard.length < 2) await listener.query('select 1');
  await listener.end();
  assert.equal(heard.length, 2);
});

test('accepts although the server has closed every connection', async () => {
  await inbox.accept(event('before'));
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  const answers = await Promise.all(['a', 'b', 'c'].map(async (key) => await inbox.accept(event(key))));
  assert.equal(answers.filter(({ isNew }) => isNew).length, 3);
});

test('accepts while the server restarts, later rather than never', async (t) => {
  const proxy = await startTestProxy(testDatabase.url);
  const shaky = await openDatabase(proxy.url, { poolSize: 3 });
  t.after(async () => {
    await shaky.close();
    await proxy.down();
  });
  const door = createInbox(shaky);
  for (let round = 0; round < 3; round += 1) {
    await door.accept(event(`up ${String(round)}`));
    await proxy.down();
    const answers = ['a', 'b', 'c', 'd', 'e'].map(async (key) => await door.accept(event(`${key} ${String(round)}`)));
    await proxy.up();
    assert.equal((await Promise.all(answers)).filter(({ isNew }) => isNew).length, 5);
  }
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from inbound_event');
  assert.equal(rows[0]?.count, 18);
});
