/** Turns from end to end: workflows on a real Temporal server, rows in PostgreSQL, and the relay between them, which may die. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createInbox } from '../db/inbox.repository.ts';
import { createJobs } from '../db/jobs.repository.ts';
import { openListener } from '../db/listen.ts';
import type { Listener } from '../db/listen.ts';
import { TURN_CHANNEL } from '../db/notify.ts';
import { openDatabase } from '../db/orm.ts';
import type { Database } from '../db/orm.ts';
import { createTestDatabase } from '../db/test-database.ts';
import type { TestDatabase } from '../db/test-database.ts';
import { createTurns } from '../db/turns.repository.ts';
import { createLogger } from '../runtime/log.ts';
import type { JobRequest } from '../workflows/contract/request.ts';
import { turnCame } from '../workflows/contract/messages.ts';
import { createFakeWorld, planOf } from '../workflows/fake-activities.test-kit.ts';
import type { FakeWorld } from '../workflows/fake-activities.test-kit.ts';
import { LEAVES, REQUEST } from '../workflows/history-scenes.test-kit.ts';
import { openStage, untilItRests } from '../workflows/stage.test-kit.ts';
import type { RequestHandle, Stage, StageRun } from '../workflows/stage.test-kit.ts';
import { startJobRelay } from './job-relay.ts';

const SHARED_TURNS = 2;
const SONGS = 5;
const PLAN = planOf(LEAVES);

describe('five songs of one member, of whom two have a turn', () => {
  let stage: Stage;
  let testDatabase: TestDatabase;
  let database: Database;
  let listener: Listener;
  let relays: { stop(): Promise<void> }[] = [];
  /** Jobs in the order in which their work began, and how many were under way at most. */
  let begun: string[];
  let under: Set<string>;
  let most: number;
  /** Work goes on once this resolves. */
  let gate: PromiseWithResolvers<undefined>;

  before(async () => {
    [stage, testDatabase] = await Promise.all([openStage(), createTestDatabase()]);
    database = await openDatabase(testDatabase.url);
    listener = await openListener(testDatabase.url);
  });
  after(async () => {
    await listener.close();
    await database.close();
    await testDatabase.close();
    await stage.close();
  });
  beforeEach(() => {
    [begun, under, most, gate] = [[], new Set(), 0, Promise.withResolvers<undefined>()];
  });
  afterEach(async () => {
    for (const relay of relays) await relay.stop();
    relays = [];
  });

  function world(): FakeWorld {
    const jobs = createJobs(database, { sharedTurns: SHARED_TURNS });
    return createFakeWorld(PLAN, {
      async openJob({ request, workflowId }) {
        const { jobId, surfaceId, turn } = await jobs.open({ request, workflowId, plan: PLAN });
        return { jobId, surfaceId, mirrors: [], plan: PLAN, link: null, turn };
      },
      async collectAttachment({ jobId }) {
        begun.push(jobId);
        under.add(jobId);
        most = Math.max(most, under.size);
        await gate.promise;
        return { key: 'x', bytes: 1, sha256: 'aa', title: 'song' };
      },
      async endJob({ jobId, outcome }) {
        under.delete(jobId);
        await jobs.end(jobId, outcome);
      },
    });
  }

  async function beginRelay(): Promise<void> {
    const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
    const { client } = stage.environment;
    const waits = createTurns(database, SHARED_TURNS);
    relays.push(await startJobRelay({ client, waits, signal: turnCame, channel: TURN_CHANNEL, listener, log }));
  }

  /** One after the other, as they were sent; each has its card. */
  async function askAll(run: StageRun): Promise<readonly RequestHandle[]> {
    const inbox = createInbox(database);
    const handles: RequestHandle[] = [];
    for (let song = 0; song < SONGS; song += 1) {
      const { inboundEventId: _own, ...request }: JobRequest = REQUEST;
      const { id } = await inbox.accept({
        platform: 'console',
        botId: 'local',
        eventKey: crypto.randomUUID(),
        payload: { kind: 'job', request },
      });
      const handle = await run.start({ ...request, inboundEventId: id });
      handles.push(handle);
      if (song < SHARED_TURNS) {
        while (begun.length <= song) await pause(20);
      } else {
        while ((await createJobs(database).findByWorkflow(handle.workflowId)) === null) await pause(20);
        await untilItRests(handle);
      }
    }
    return handles;
  }

  async function finish(handles: readonly RequestHandle[]): Promise<readonly string[]> {
    gate.resolve(undefined);
    return await Promise.all(handles.map(async (handle) => (await handle.result()).state));
  }

  async function idsOf(handles: readonly RequestHandle[]): Promise<readonly (string | undefined)[]> {
    const jobs = createJobs(database);
    return await Promise.all(handles.map(async ({ workflowId }) => (await jobs.findByWorkflow(workflowId))?.id));
  }

  test('all are done, two at a time', async () => {
    await stage.run(world(), async (run) => {
      await beginRelay();
      await beginRelay();
      const handles = await askAll(run);
      const asked = await idsOf(handles);
      assert.deepEqual(begun, asked.slice(0, SHARED_TURNS), 'the others have a card and wait');
      assert.deepEqual(new Set(await finish(handles)), new Set(['done']));
      assert.equal(begun.length, SONGS, 'each is begun once');
      assert.deepEqual(new Set(begun), new Set(asked));
      assert.ok(most <= SHARED_TURNS, String(most));
    });
  });

  test('one that is cancelled while it waits is over at once, and the others come', async () => {
    await stage.run(world(), async (run) => {
      await beginRelay();
      const handles = await askAll(run);
      const third = handles[2] ?? assert.fail();
      await third.cancel();
      assert.equal((await third.result()).state, 'cancelled');
      assert.deepEqual(await finish(handles), ['done', 'done', 'cancelled', 'done', 'done']);
      assert.equal(begun.length, SONGS - 1);
    });
  });

  test('whoever was to tell a job and died, before the signal or after it, is followed by another', async () => {
    await stage.run(world(), async (run) => {
      const handles = await askAll(run);
      gate.resolve(undefined);
      for (const handle of handles.slice(0, SHARED_TURNS)) await handle.result();
      // Found, and nobody told.
      const found = await createTurns(database, SHARED_TURNS).released(10);
      assert.deepEqual(
        found.map(({ workflowId }) => workflowId),
        handles.slice(2, 4).map(({ workflowId }) => workflowId),
      );
      // Told, and nobody noted it.
      await handles[2]?.signal(turnCame);
      await beginRelay();
      assert.deepEqual(new Set(await finish(handles)), new Set(['done']));
      assert.equal(begun.length, SONGS, 'each is begun once');
    });
  });
});
