/** One job in many places: what each of them gets, and that none of them waits for another. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ControlActivities } from './contract/control-activities.ts';
import type { ResultParcel } from './contract/delivery.ts';
import { refuse } from './contract/failure.ts';
import { mirrorWorkflowId } from './contract/ids.ts';
import type { JobOutcome } from './contract/job.ts';
import type { JobRequest } from './contract/request.ts';
import { bug } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { MIB, PLAN, encodingOf, lastFor, requestOn, stateOf, worldOf } from './places.test-kit.ts';
import type { Overrides } from './places.test-kit.ts';
import { openStage } from './stage.test-kit.ts';
import type { RequestHandle, Stage } from './stage.test-kit.ts';

const MIRRORS: Awaited<ReturnType<ControlActivities['openJob']>> = {
  jobId: 'job',
  surfaceId: 'origin',
  mirrors: [
    { surfaceId: 'slack-home', platform: 'slack' },
    { surfaceId: 'telegram-home', platform: 'telegram' },
  ],
  plan: PLAN,
};

describe('a job in many places', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  async function handle(world: FakeWorld, request: JobRequest): Promise<JobOutcome> {
    return await stage.run(world, async (run) => await (await run.start(request)).result());
  }

  async function mirrorsOf(started: RequestHandle): Promise<void> {
    for (const surfaceId of ['slack-home', 'telegram-home']) {
      await stage.environment.client.workflow.getHandle(mirrorWorkflowId(started.workflowId, surfaceId)).result();
    }
  }

  test('is mirrored in every other chat of the band, in the best encoding of each', async () => {
    const world = worldOf(
      { 'telegram-home': 50_000_000, origin: 10 * MIB },
      { openJob: async () => MIRRORS },
      { origin: 10 * MIB, 'telegram-home': 50_000_000 },
    );
    await stage.run(world, async (run) => {
      const started = await run.start(requestOn('discord'));
      await started.result();
      await mirrorsOf(started);
    });
    assert.deepEqual(
      Object.fromEntries(['origin', 'slack-home', 'telegram-home'].map((id) => [id, encodingOf(lastFor(world, id))])),
      {
        origin: 'mp3 320: 3 here, 0 linked, 0 left',
        'slack-home': 'flac null: 3 here, 0 linked, 0 left',
        'telegram-home': 'flac null: 3 here, 0 linked, 0 left',
      },
    );
    assert.equal(world.calls.filter((name) => name === 'saveResult').length, 1);
    assert.equal(world.ended.length, 1);
  });

  test('tells mirrors of a refusal, of a cancellation, and nobody of a job that was never planned', async () => {
    const surfaces = new Map<string, string | undefined>();
    const noting: Overrides = {
      openJob: async () => MIRRORS,
      async deliverOutcome({ surfaceId, outcome }) {
        surfaces.set(surfaceId, stateOf(outcome));
        return { state: 'delivered' };
      },
    };
    await stage.run(worldOf({}, { ...noting, probeSource: async () => refuse('not-audio') }), async (run) => {
      const started = await run.start(requestOn('discord'));
      await started.result();
      await mirrorsOf(started);
    });
    const refused = 'refused not-audio';
    assert.deepEqual(Object.fromEntries(surfaces), {
      origin: refused,
      'slack-home': refused,
      'telegram-home': refused,
    });

    surfaces.clear();
    const reading = Promise.withResolvers<undefined>();
    const endless: Overrides = {
      ...noting,
      async findEarlier() {
        reading.resolve(undefined);
        throw bug();
      },
    };
    await stage.run(worldOf({}, endless), async (run) => {
      const started = await run.start(requestOn('discord'));
      await reading.promise;
      await started.cancel();
      assert.equal((await started.result()).state, 'cancelled');
      await mirrorsOf(started);
    });
    assert.deepEqual(new Set(surfaces.values()), new Set(['cancelled']));
    assert.equal(surfaces.size, 3);
  });

  test('is done where it was asked for while the bots of its mirrors are down, which show it when they are back', async () => {
    const back = Promise.withResolvers<undefined>();
    const world = worldOf(
      {},
      {
        openJob: async () => MIRRORS,
        async postCard({ surfaceId }) {
          if (surfaceId !== 'origin') {
            await back.promise;
          }
          return { isThere: true, fileLimitBytes: null };
        },
      },
    );
    await stage.run(world, async (run) => {
      const started = await run.start(requestOn('discord'));
      assert.equal((await started.result()).state, 'done');
      assert.deepEqual(
        world.parcels.map(({ surfaceId }) => surfaceId),
        ['origin'],
      );
      back.resolve(undefined);
      await mirrorsOf(started);
    });
    assert.deepEqual(new Set(world.parcels.map(({ surfaceId }) => surfaceId)).size, 3);
  });

  test('shows the result in its mirrors while the bot of its own chat is down', async () => {
    const back = Promise.withResolvers<undefined>();
    const mirrored = Promise.withResolvers<undefined>();
    const world = worldOf(
      {},
      {
        openJob: async () => MIRRORS,
        async deliverOutcome({ surfaceId, parcel }) {
          if (surfaceId === 'origin') {
            await back.promise;
          }
          world.parcels.push({ surfaceId, parcel });
          if (world.parcels.length === 2) {
            mirrored.resolve(undefined);
          }
          return { state: 'delivered' };
        },
      },
    );
    await stage.run(world, async (run) => {
      const started = await run.start(requestOn('discord'));
      await mirrored.promise;
      assert.equal(world.ended.length, 0);
      back.resolve(undefined);
      assert.equal((await started.result()).state, 'done');
    });
    assert.equal(world.parcels.length, 3);
  });

  test('is not held up by a mirror whose chat is gone', async () => {
    const world = worldOf(
      {},
      {
        openJob: async () => MIRRORS,
        postCard: async ({ surfaceId }) => ({ isThere: surfaceId === 'origin', fileLimitBytes: null }),
      },
    );
    await stage.run(world, async (run) => {
      const started = await run.start(requestOn('discord'));
      assert.equal((await started.result()).state, 'done');
      await mirrorsOf(started);
    });
    assert.deepEqual(
      world.parcels.map(({ surfaceId }) => surfaceId),
      ['origin'],
    );
  });

  test('that cannot be shown where it was asked for is told to the asker in private, and nothing is computed', async () => {
    const told: JobOutcome[] = [];
    const world = worldOf(
      {},
      {
        postCard: async () => ({ isThere: false, fileLimitBytes: null }),
        async tellInPrivate({ outcome }) {
          told.push(outcome);
        },
      },
    );
    const outcome = await handle(world, requestOn('discord'));
    assert.deepEqual(outcome, { state: 'refused', failure: { code: 'chat-closed', facts: {} } });
    assert.deepEqual(world.calls, ['openJob', 'postCard', 'endJob', 'tellInPrivate']);
    assert.deepEqual(world.ended.map(stateOf), ['refused chat-closed']);
    assert.deepEqual(told, [outcome]);
  });

  test('whose chat goes while it is computed stays done, and is told in private with links', async () => {
    const told: ResultParcel[] = [];
    const world = worldOf(
      {},
      {
        deliverOutcome: async () => ({ state: 'gone' }),
        async tellInPrivate({ parcel }) {
          told.push(parcel);
        },
      },
    );
    assert.equal((await handle(world, requestOn('discord'))).state, 'done');
    assert.deepEqual(world.ended.map(stateOf), ['done']);
    assert.deepEqual(told.map(encodingOf), ['none: 0 here, 4 linked, 0 left']);
    assert.ok(!world.calls.includes('postExtras'));
  });

  test('that one place cannot show is told there, and done everywhere else', async () => {
    const shown = new Map<string, string | undefined>();
    const world = worldOf(
      {},
      {
        openJob: async () => MIRRORS,
        async deliverOutcome({ surfaceId, outcome }) {
          if (surfaceId === 'slack-home' && outcome.state === 'done') {
            refuse('delivery-folder');
          }
          shown.set(surfaceId, stateOf(outcome));
          return { state: 'delivered' };
        },
      },
    );
    await stage.run(world, async (run) => {
      const started = await run.start(requestOn('discord'));
      assert.equal((await started.result()).state, 'done');
      await mirrorsOf(started);
    });
    assert.deepEqual(Object.fromEntries(shown), {
      origin: 'done',
      'slack-home': 'refused delivery-folder',
      'telegram-home': 'done',
    });
  });
});
