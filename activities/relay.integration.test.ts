import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Client as Postgres } from 'pg';
import { createInbox } from '../db/inbox.repository.ts';
import type { Inbox } from '../db/inbox.repository.ts';
import { createJobs } from '../db/jobs.repository.ts';
import { openListener } from '../db/listen.ts';
import type { Listener } from '../db/listen.ts';
import { openDatabase } from '../db/orm.ts';
import type { Database } from '../db/orm.ts';
import { createTestDatabase } from '../db/test-database.ts';
import type { TestDatabase } from '../db/test-database.ts';
import { testJob } from '../db/test-rows.ts';
import { createLogger } from '../runtime/log.ts';
import { requestWorkflowId } from '../workflows/contract/ids.ts';
import type { JobRequest } from '../workflows/contract/request.ts';
import { startRelay } from './relay.ts';

const TIMING = { computeHeartbeatSeconds: 1, mediaHeartbeatSeconds: 1, retrySeconds: 1 };

let testDatabase: TestDatabase;
let database: Database;
let listener: Listener;
let postgres: Postgres;
let inbox: Inbox;
/** A request as any; its own event goes before each test. */
let request: JobRequest;
let relay: { stop(): Promise<void> } | null = null;

/** What the relay asked of the Temporal server, and how it answers. */
let asked: string[];
let fairness: { readonly workflowId: string; readonly key: string }[];
let answer: (what: string) => Promise<void>;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  listener = await openListener(testDatabase.url);
  postgres = new Postgres({ connectionString: testDatabase.url });
  await postgres.connect();
  inbox = createInbox(database);
  request = (await testJob(database)).request;
});
after(async () => {
  await postgres.end();
  await listener.close();
  await database.close();
  await testDatabase.close();
});
beforeEach(async () => {
  await postgres.query('truncate inbound_event cascade');
  asked = [];
  fairness = [];
  answer = async () => undefined;
});
afterEach(async () => {
  await relay?.stop();
  relay = null;
});

interface StartOptions {
  readonly workflowId: string;
  readonly args: readonly unknown[];
  readonly priority: { readonly fairnessKey: string };
}

/** The two calls that the relay makes, as the server would take them. */
const server = {
  workflow: {
    async start(_type: string, options: StartOptions) {
      const what = `start ${options.workflowId}`;
      fairness.push({ workflowId: options.workflowId, key: options.priority.fairnessKey });
      asked.push(what);
      await answer(what);
    },
    getHandle: (workflowId: string) => ({
      async cancel() {
        const what = `cancel ${workflowId}`;
        asked.push(what);
        await answer(what);
      },
    }),
  },
} as unknown as Client;

async function begin(): Promise<void> {
  const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
  relay = await startRelay({ client: server, inbox, jobs: createJobs(database), listener, timing: TIMING, log });
}

async function accept(eventKey: string = randomUUID()): Promise<string> {
  const event = { platform: 'console', botId: 'local', eventKey } as const;
  await inbox.accept({ ...event, payload: { kind: 'job', request } });
  return `start ${requestWorkflowId(event)}`;
}

/** Until nothing waits. Events that failed are due at once, so that nobody waits for their pause. */
async function drained(): Promise<void> {
  while ((await inbox.countWaiting()) > 0) {
    await hurry();
  }
}

async function hurry(): Promise<void> {
  await postgres.query("update inbound_event set next_try_at = now() where state = 'accepted' and next_try_at > now()");
  await postgres.query("select pg_notify('inbound', '')");
}

test('starts what was accepted before it ran, and what is accepted meanwhile, once', async () => {
  const early = await accept();
  await begin();
  await drained();
  const late = await accept();
  await drained();
  await hurry();
  assert.deepEqual(asked, [early, late]);
});

test('starts every song of one event, each once, in their order, whatever fails on the way', async () => {
  const event = { platform: 'console', botId: 'local', eventKey: randomUUID() } as const;
  const { inboundEventId: _, ...song } = request;
  await inbox.accept({ ...event, payload: { kind: 'jobs', requests: [song, song, song] } });
  const wanted = [0, 1, 2].map((index) => `start ${requestWorkflowId(event, index)}`);
  let failures = 1;
  answer = async (what) => {
    if (what === wanted[1] && failures > 0) {
      failures -= 1;
      throw new Error('the server went away');
    }
    if (asked.filter((earlier) => earlier === what).length > 1) {
      throw new WorkflowExecutionAlreadyStartedError('it runs', what, 'handleRequest');
    }
  };
  await begin();
  await drained();
  // The first was started before, which the server says and nobody minds.
  assert.deepEqual(asked, [...wanted.slice(0, 2), ...wanted]);
});

test('gives everybody who waits a fairness key of their own', async () => {
  const keys = new Map<string, string>();
  for (const [userId, displayName] of [
    ['1', 'Ana'],
    ['1', 'Ana B.'],
    ['2', 'Ana'],
  ] as const) {
    const requester = { platform: 'console', userId, displayName } as const;
    const event = { platform: 'console', botId: 'local', eventKey: randomUUID() } as const;
    const { inboundEventId: _, ...song } = request;
    await inbox.accept({ ...event, payload: { kind: 'job', request: { ...song, requester } } });
    keys.set(requestWorkflowId(event), userId);
  }
  await begin();
  await drained();
  const byUser = Map.groupBy(fairness, ({ workflowId }) => keys.get(workflowId));
  const of = (userId: string): ReadonlySet<string> => new Set(byUser.get(userId)?.map(({ key }) => key));
  assert.deepEqual([of('1').size, of('2').size, new Set([...of('1'), ...of('2')]).size], [1, 1, 2]);
  for (const { key } of fairness) {
    assert.match(key, /^[0-9a-f]{16}$/u);
  }
});

test('starts more than fit into one batch', async () => {
  const wanted = [];
  for (let index = 0; index < 45; index += 1) {
    wanted.push(await accept());
  }
  await begin();
  await drained();
  assert.deepEqual(asked.toSorted(), wanted.toSorted());
});

test('a redelivered event is started once', async () => {
  await begin();
  const what = await accept('the same');
  await drained();
  assert.equal(await accept('the same'), what);
  await drained();
  assert.deepEqual(asked, [what]);
});

test('a workflow that runs already, or has ended, counts as started', async () => {
  answer = async (what) => {
    throw new WorkflowExecutionAlreadyStartedError('there is one', what, 'handleRequest');
  };
  const what = await accept();
  await begin();
  await drained();
  assert.deepEqual(asked, [what]);
});

test('two relays at once start each event once', async () => {
  const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
  await begin();
  const other = await startRelay({ client: server, inbox, jobs: createJobs(database), listener, timing: TIMING, log });
  const wanted = await Promise.all(Array.from({ length: 12 }, async () => await accept()));
  await drained();
  await other.stop();
  assert.deepEqual(asked.toSorted(), wanted.toSorted());
});

test('cancels the workflow of the job; one that has ended needs no cancelling', async () => {
  const { jobId, workflowId } = await testJob(database);
  await postgres.query("update inbound_event set state = 'started', started_at = now()");
  answer = async () => {
    throw new WorkflowNotFoundError('it has ended', workflowId, undefined);
  };
  for (const target of [jobId, randomUUID()]) {
    const event = { platform: 'console', botId: 'local', eventKey: randomUUID() } as const;
    await inbox.accept({ ...event, payload: { kind: 'cancel', jobId: target } });
  }
  await begin();
  await drained();
  assert.deepEqual(asked, [`cancel ${workflowId}`], 'a job that nobody knows is nobody’s to cancel');
});

test('starts an album, which is one however often it is asked for', async () => {
  const { requester } = request;
  const event = { platform: 'telegram', botId: 'bot', eventKey: randomUUID() } as const;
  const payload = { kind: 'album', jobId: 'job', surfaceId: 'place', requester } as const;
  await inbox.accept({ ...event, payload });
  await inbox.accept({ ...event, payload });
  answer = async (what) => {
    throw new WorkflowExecutionAlreadyStartedError('there is one', what, 'postAlbum');
  };
  await begin();
  await drained();
  assert.deepEqual(asked, ['start album-job-place']);
  assert.equal(fairness.length, 1);
});

test('nothing is lost while Temporal is away', async () => {
  let away = true;
  answer = async () => {
    if (away) {
      throw new Error('14 UNAVAILABLE');
    }
  };
  const wanted = [await accept(), await accept()];
  await begin();
  while (asked.length < 6) {
    await hurry();
  }
  assert.equal(await inbox.countWaiting(), 2);
  away = false;
  await drained();
  assert.deepEqual(asked.slice(-2).toSorted(), wanted.toSorted());
});

test('one that cannot be started holds up no other', async () => {
  const stuck = await accept();
  answer = async (what) => {
    if (what === stuck) {
      throw new Error('refused');
    }
  };
  const others = [await accept(), await accept()];
  await begin();
  while ((await inbox.countWaiting()) > 1) {
    await hurry();
  }
  const later = await accept();
  while ((await inbox.countWaiting()) > 1) {
    await hurry();
  }
  assert.deepEqual(new Set(asked), new Set([stuck, ...others, later]));
  answer = async () => undefined;
  await drained();
  assert.equal(asked.at(-1), stuck);
});

test('stopping waits for what is being started', async () => {
  let release: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    answer = async () => {
      resolve();
      await new Promise<void>((done) => {
        release = done;
      });
    };
  });
  await accept();
  await begin();
  await begun;
  let stopped = false;
  const stopping = relay?.stop().then(() => {
    stopped = true;
  });
  await postgres.query('select 1');
  assert.equal(stopped, false);
  release();
  await stopping;
  assert.equal(await inbox.countWaiting(), 0);
});
