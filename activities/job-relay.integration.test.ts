import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Client as Postgres } from 'pg';
import { createLinkWaits } from '../db/link-waits.repository.ts';
import { createLinking } from '../db/linking.repository.ts';
import { openListener } from '../db/listen.ts';
import type { Listener } from '../db/listen.ts';
import { LINK_CHANNEL } from '../db/notify.ts';
import { openDatabase } from '../db/orm.ts';
import type { Database } from '../db/orm.ts';
import { createTestDatabase } from '../db/test-database.ts';
import type { TestDatabase } from '../db/test-database.ts';
import { testJob } from '../db/test-rows.ts';
import { createLogger } from '../runtime/log.ts';
import { accountLinked } from '../workflows/contract/messages.ts';
import type { Requester } from '../workflows/contract/request.ts';
import { startJobRelay } from './job-relay.ts';

let testDatabase: TestDatabase;
let database: Database;
let listener: Listener;
let postgres: Postgres;
let relays: { stop(): Promise<void> }[] = [];
/** Workflows that were signalled, and how the server answers. */
let told: string[];
let answer: (workflowId: string) => Promise<void>;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  listener = await openListener(testDatabase.url);
  postgres = new Postgres({ connectionString: testDatabase.url });
  await postgres.connect();
});
after(async () => {
  await postgres.end();
  await listener.close();
  await database.close();
  await testDatabase.close();
});
beforeEach(async () => {
  await postgres.query('update job set awaits_link = null');
  told = [];
  answer = async () => undefined;
});
afterEach(async () => {
  for (const relay of relays) await relay.stop();
  relays = [];
});

/** The one call that the relay makes, as the server would take it. */
const server = {
  workflow: {
    getHandle: (workflowId: string) => ({
      async signal(definition: { readonly name: string }) {
        assert.equal(definition.name, accountLinked.name);
        told.push(workflowId);
        await answer(workflowId);
      },
    }),
  },
} as unknown as Client;

/** @param hears false: what is announced is lost on the way */
async function begin({ hears = true, lookEveryMs = 100 } = {}): Promise<void> {
  const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
  const deaf = { watch: async () => ({ stop: async () => undefined }) };
  const waits = createLinkWaits(database, 'always');
  const links = { waits, signal: accountLinked, channel: LINK_CHANNEL };
  relays.push(await startJobRelay({ client: server, ...links, listener: hears ? listener : deaf, log, lookEveryMs }));
}

function person(): Requester {
  return { platform: 'discord', userId: randomUUID(), displayName: 'Ada' };
}

async function waitingJob(requester: Requester): Promise<string> {
  return (await testJob(database, { requester, linking: 'always' })).workflowId;
}

async function link(requester: Requester): Promise<void> {
  const linking = createLinking(database);
  const { token } = await linking.makeToken(requester);
  const { rows } = await postgres.query<{ id: string }>(
    "insert into member (display_name) values ('Ada') returning id",
  );
  assert.equal(await linking.redeem(token, rows[0]?.id ?? ''), 'linked');
}

/** Until no job is noted as waiting that need not. */
async function settled(): Promise<void> {
  const waits = createLinkWaits(database, 'always');
  while ((await waits.released(1)).length > 0) await pause(20);
}

test('hears of a link when it is made, and tells every job of whoever was linked, and no other', async () => {
  const [ada, ben] = [person(), person()];
  const hers = [await waitingJob(ada), await waitingJob(ada)];
  await waitingJob(ben);
  await begin({ lookEveryMs: 3_600_000 });
  await link(ada);
  await settled();
  assert.deepEqual(told.toSorted(), hers.toSorted());
});

test('looks by itself: for links that came before it ran, and for those that nobody announced', async () => {
  const [ada, ben] = [person(), person()];
  const hers = await waitingJob(ada);
  await link(ada);
  await begin({ hears: false });
  await settled();
  assert.deepEqual(told, [hers]);
  const his = await waitingJob(ben);
  await link(ben);
  await settled();
  assert.deepEqual(told, [hers, his]);
});

test('a signal that did not arrive is sent again, and holds up no other', async () => {
  const [ada, ben] = [person(), person()];
  const [hers, his] = [await waitingJob(ada), await waitingJob(ben)];
  answer = async (workflowId) => {
    if (workflowId === hers && told.filter((id) => id === hers).length < 3) {
      throw new Error('14 UNAVAILABLE');
    }
  };
  await begin();
  await link(ada);
  await link(ben);
  await settled();
  assert.deepEqual([told.filter((id) => id === hers).length, told.filter((id) => id === his).length], [3, 1]);
});

test('a crash between the signal and its note tells the job again; several relays tell each at least once', async () => {
  const ada = person();
  const hers = await waitingJob(ada);
  await link(ada);
  // As a process that died right after the signal left it.
  await server.workflow.getHandle(hers).signal(accountLinked);
  await begin();
  await begin();
  await settled();
  assert.deepEqual(new Set(told), new Set([hers]));
  assert.ok(told.length >= 2);
});

test('a workflow that has ended needs no telling', async () => {
  const ada = person();
  const hers = await waitingJob(ada);
  answer = async () => {
    throw new WorkflowNotFoundError('it has ended', hers, undefined);
  };
  await begin();
  await link(ada);
  await settled();
  assert.deepEqual(told, [hers]);
});
