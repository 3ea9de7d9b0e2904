import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { openListener } from './listen.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { startTestProxy } from './test-proxy.ts';

let testDatabase: TestDatabase;
let client: Client;

before(async () => {
  testDatabase = await createTestDatabase();
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
});

after(async () => {
  await client.end();
  await testDatabase.close();
});

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !condition(); await sleep(5)) {
    assert.ok(Date.now() < deadline, 'waited in vain');
  }
}

async function announce(channel: string, payload: string): Promise<void> {
  await client.query('select pg_notify($1, $2)', [channel, payload]);
}

async function killListeners(): Promise<void> {
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'woodshed-listen' and datname = current_database()",
  );
}

test('hears each channel it was asked for, until it is told to stop', async () => {
  const listener = await openListener(testDatabase.url);
  const jobs: string[] = [];
  let inbound = 0;
  const watch = await listener.watchJobs((jobId) => jobs.push(jobId));
  const second: string[] = [];
  await listener.watchJobs((jobId) => second.push(jobId));
  await listener.watchInbound(() => {
    inbound += 1;
  });
  await announce('job', 'a');
  await announce('inbound', '');
  await announce('other', 'x');
  await until(() => inbound === 1);
  assert.deepEqual([jobs, second], [['a'], ['a']]);
  await watch.stop();
  await announce('job', 'b');
  await announce('inbound', '');
  await until(() => inbound === 2);
  assert.deepEqual([jobs, second], [['a'], ['a', 'b']]);
  await listener.close();
});

test('comes back when the server closes its connection, and says that it may have missed something', async () => {
  const errors: unknown[] = [];
  const listener = await openListener(testDatabase.url, { onError: (error) => errors.push(error) });
  const jobs: string[] = [];
  let gaps = 0;
  let inbound = 0;
  await listener.watchJobs(
    (jobId) => jobs.push(jobId),
    () => {
      gaps += 1;
    },
  );
  await listener.watchInbound(() => {
    inbound += 1;
  });
  for (let round = 1; round <= 3; round += 1) {
    await killListeners();
    await until(() => gaps === round);
    await announce('job', `after ${String(round)}`);
    await until(() => jobs.length === round);
  }
  assert.equal(inbound, 3, 'whoever looks for work looks after a gap');
  assert.equal(errors.length, 3);
  await listener.close();
});

test('keeps trying while there is no server, and hears channels that joined meanwhile', async () => {
  const proxy = await startTestProxy(testDatabase.url);
  const errors: unknown[] = [];
  const listener = await openListener(proxy.url, { onError: (error) => errors.push(error) });
  const heard: (string | null)[] = [];
  await listener.watch('first', (payload) => heard.push(payload));
  await proxy.down();
  await until(() => errors.length >= 3);
  await listener.watch('second', (payload) => heard.push(payload));
  await proxy.up();
  await until(() => heard.length === 2);
  assert.deepEqual(heard, [null, null]);
  await announce('first', '1');
  await announce('second', '2');
  await until(() => heard.length === 4);
  assert.deepEqual(heard.slice(2), ['1', '2']);
  await listener.close();
  await proxy.down();
});

test('closing while the server is away ends it', async () => {
  const proxy = await startTestProxy(testDatabase.url);
  const errors: unknown[] = [];
  const listener = await openListener(proxy.url, { onError: (error) => errors.push(error) });
  await proxy.down();
  await until(() => errors.length >= 1);
  await listener.close();
  const told = errors.length;
  await proxy.up();
  await announce('x', '');
  assert.equal(errors.length, told);
  assert.equal(proxy.connections(), 0);
  await proxy.down();
});
