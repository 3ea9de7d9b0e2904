/** Jobs that wait until earlier ones of their asker are done. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { mirrorWorkflowId } from './contract/ids.ts';
import { turnCame } from './contract/messages.ts';
import { createFakeWorld, planOf } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { LEAVES, REQUEST } from './history-scenes.test-kit.ts';
import { openStage, untilItRests } from './stage.test-kit.ts';
import type { RequestHandle, Stage } from './stage.test-kit.ts';

const PLAN = planOf(LEAVES);
const OPENED = { jobId: 'job', surfaceId: 'origin', mirrors: [], plan: PLAN, link: null, turn: 'later' } as const;

function waitingWorld(overrides: Partial<FakeWorld['activities']> = {}): FakeWorld {
  return createFakeWorld(PLAN, { openJob: async () => OPENED, ...overrides });
}

async function called({ calls }: FakeWorld, name: string): Promise<void> {
  while (!calls.includes(name)) await pause(20);
}

describe('a job whose turn comes later', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  async function play<T>(world: FakeWorld, scene: (job: RequestHandle) => Promise<T>): Promise<T> {
    return await stage.run(world, async (run) => await scene(await run.start(REQUEST)));
  }

  test('has its card, waits, and is done once when it is told, however often that is said', async () => {
    const world = waitingWorld();
    const outcome = await play(world, async (job) => {
      await called(world, 'postCard');
      await untilItRests(job);
      assert.deepEqual(world.calls, ['openJob', 'postCard']);
      await job.signal(turnCame);
      await job.signal(turnCame);
      return await job.result();
    });
    assert.equal(outcome.state, 'done');
    assert.equal(world.calls[2], 'collectAttachment');
    assert.equal(world.delivered.length, 1);
  });

  test('waits for nothing where it is told before it waits', async () => {
    const told = Promise.withResolvers<undefined>();
    const world = waitingWorld({
      async postCard() {
        await told.promise;
        return { isThere: true, fileLimitBytes: null };
      },
    });
    const outcome = await play(world, async (job) => {
      await job.signal(turnCame);
      told.resolve(undefined);
      return await job.result();
    });
    assert.equal(outcome.state, 'done');
  });

  test('is cancelled while it waits: it says so once, and nothing was worked on', async () => {
    const world = waitingWorld();
    const outcome = await play(world, async (job) => {
      await called(world, 'postCard');
      await job.cancel();
      return await job.result();
    });
    assert.equal(outcome.state, 'cancelled');
    assert.deepEqual([world.delivered, world.ended], [[{ state: 'cancelled' }], [{ state: 'cancelled' }]]);
    assert.ok(!world.calls.includes('collectAttachment'), world.calls.join(' '));
  });

  test('has its cards in the band’s other chats too, which hear of its end', async () => {
    const world = waitingWorld({
      openJob: async () => ({ ...OPENED, mirrors: [{ surfaceId: 'other', platform: 'slack' }] }),
    });
    await play(world, async (job) => {
      while (world.calls.filter((name) => name === 'postCard').length < 2) await pause(20);
      await job.cancel();
      await job.result();
      await stage.environment.client.workflow.getHandle(mirrorWorkflowId(job.workflowId, 'other')).result();
    });
    assert.deepEqual(world.parcels.map(({ surfaceId }) => surfaceId).toSorted(), ['origin', 'other']);
  });
});
