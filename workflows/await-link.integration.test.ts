/** Results that wait until their asker's account is linked. Days are seconds here; the order is what counts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlActivities } from './contract/control-activities.ts';
import type { JobOutcome } from './contract/job.ts';
import { refuse } from './contract/failure.ts';
import { mirrorWorkflowId } from './contract/ids.ts';
import { accountLinked } from './contract/messages.ts';
import type { Timing } from './contract/timing.ts';
import { createFakeWorld, planOf } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { LEAVES, REQUEST } from './history-scenes.test-kit.ts';
import { QUICK, openStage } from './stage.test-kit.ts';
import type { RequestHandle, Stage } from './stage.test-kit.ts';

const PLAN = planOf(LEAVES);
const NOT_LINKED: JobOutcome = { state: 'refused', failure: { code: 'account-not-linked', facts: {} } };
type AwaitLink = Parameters<ControlActivities['awaitLink']>[0];

interface Waiting {
  readonly world: FakeWorld;
  /** What was noted on the job. */
  readonly noted: AwaitLink[];
  /** Resolves once a note of this stage was made. */
  noting(stage: AwaitLink['stage']): Promise<void>;
}

function waitingWorld(keptSeconds: number | null, overrides: Partial<FakeWorld['activities']> = {}): Waiting {
  const noted: AwaitLink[] = [];
  const world = createFakeWorld(PLAN, {
    openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors: [], plan: PLAN, link: { keptSeconds } }),
    async awaitLink(wait) {
      noted.push(wait);
      return { isLinked: false };
    },
    ...overrides,
  });
  return {
    world,
    noted,
    async noting(stage) {
      while (!noted.some((each) => each.stage === stage)) {
        await pause(20);
      }
    },
  };
}

function callsAfter(calls: readonly string[], name: string): readonly string[] {
  return calls.slice(calls.indexOf(name) + 1);
}

describe('a result', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  async function play<T>(
    world: FakeWorld,
    scene: (job: RequestHandle) => Promise<T>,
    timing: Timing = QUICK,
  ): Promise<T> {
    return await stage.run(world, async (run) => await scene(await run.start(REQUEST, timing)));
  }

  test('is computed at once, waits for the link, and is handed over once when it comes', async () => {
    const { world, noted, noting } = waitingWorld(3600);
    const outcome = await play(world, async (job) => {
      await noting('result');
      assert.deepEqual(world.delivered, []);
      // However often it is said.
      await job.signal(accountLinked);
      await job.signal(accountLinked);
      return await job.result();
    });
    assert.equal(outcome.state, 'done');
    assert.deepEqual(callsAfter(world.calls, 'saveResult'), ['awaitLink', 'deliverOutcome', 'endJob']);
    assert.equal(noted.length, 1);
    const keptMs = Date.parse(noted[0]?.endsAt ?? '') - Date.now();
    assert.ok(keptMs > 0 && keptMs <= 3_600_000, String(keptMs));
    assert.equal(world.delivered.length, 1);
  });

  test('waits for nothing where the link came while it was computed', async () => {
    const { world, noted } = waitingWorld(3600, {
      async finishStems(input) {
        await signalled;
        return await createFakeWorld(PLAN).activities.finishStems(input);
      },
    });
    let tell: () => void = () => undefined;
    const signalled = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const outcome = await play(world, async (job) => {
      await job.signal(accountLinked);
      tell();
      return await job.result();
    });
    assert.equal(outcome.state, 'done');
    assert.deepEqual(noted, []);
  });

  test('waits for nothing where nobody has to link, nor where the link is there by the time that it is asked for', async () => {
    const free = createFakeWorld(PLAN);
    assert.equal((await play(free, async (job) => await job.result())).state, 'done');
    assert.ok(!free.calls.includes('awaitLink'));

    const { world } = waitingWorld(3600, { awaitLink: async () => ({ isLinked: true }) });
    assert.equal((await play(world, async (job) => await job.result())).state, 'done');
    assert.equal(world.delivered.length, 1);
  });

  test('is announced as kept after a while, and still comes when the link does', async () => {
    const { world, noted, noting } = waitingWorld(null);
    const outcome = await play(
      world,
      async (job) => {
        await noting('late');
        assert.deepEqual(world.delivered, []);
        await job.signal(accountLinked);
        return await job.result();
      },
      { ...QUICK, linkReminderSeconds: 0.2 },
    );
    assert.equal(outcome.state, 'done');
    assert.deepEqual(noted, [
      { jobId: 'job', stage: 'result', endsAt: null },
      { jobId: 'job', stage: 'late', endsAt: null },
    ]);
  });

  test('is given up with a plain word once it is not kept any longer', async () => {
    for (const [keptSeconds, stages] of [
      [0.6, ['result', 'late']],
      // Kept for less than the reminder's time: there is nothing to remind of.
      [0.1, ['result']],
    ] as const) {
      const { world, noted } = waitingWorld(keptSeconds);
      const timing = { ...QUICK, linkReminderSeconds: 0.3 };
      assert.deepEqual(await play(world, async (job) => await job.result(), timing), NOT_LINKED);
      assert.deepEqual(
        noted.map((wait) => wait.stage),
        stages,
      );
      assert.deepEqual(world.delivered, [NOT_LINKED]);
      assert.deepEqual(world.ended, [NOT_LINKED]);
    }
  });

  test('that waits can be cancelled, and says so once', async () => {
    const { world, noting } = waitingWorld(3600);
    const outcome = await play(world, async (job) => {
      await noting('result');
      await job.cancel();
      return await job.result();
    });
    assert.equal(outcome.state, 'cancelled');
    assert.deepEqual(world.delivered, [{ state: 'cancelled' }]);
    assert.deepEqual(world.ended, [{ state: 'cancelled' }]);
  });

  test('of which there is none waits for nobody: a refusal is told at once', async () => {
    const { world } = waitingWorld(3600, { probeSource: async () => refuse('not-audio') });
    assert.equal((await play(world, async (job) => await job.result())).state, 'refused');
    assert.ok(!world.calls.includes('awaitLink'));
  });

  test('comes to the band’s other chats no sooner than to its own', async () => {
    const { world, noting } = waitingWorld(3600, {
      openJob: async () => ({
        jobId: 'job',
        surfaceId: 'origin',
        mirrors: [{ surfaceId: 'other', platform: 'slack' }],
        plan: PLAN,
        link: { keptSeconds: 3600 },
      }),
    });
    await play(world, async (job) => {
      await noting('result');
      assert.deepEqual(world.parcels, []);
      await job.signal(accountLinked);
      await job.result();
      await stage.environment.client.workflow.getHandle(mirrorWorkflowId(job.workflowId, 'other')).result();
    });
    assert.deepEqual(world.parcels.map(({ surfaceId }) => surfaceId).toSorted(), ['origin', 'other']);
  });
});
