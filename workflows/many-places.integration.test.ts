/** One job in many places: what each of them gets, and that none of them waits for another. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ControlActivities } from './contract/control-activities.ts';
import type { DeliveryReport, ResultParcel } from './contract/delivery.ts';
import { refuse } from './contract/failure.ts';
import { mirrorWorkflowId } from './contract/ids.ts';
import type { JobOutcome } from './contract/job.ts';
import type { JobRequest, Platform } from './contract/request.ts';
import type { StrategyNode } from './contract/stems.ts';
import { bug, createFakeWorld, pcm, planOf, soundFile } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { openStage } from './stage.test-kit.ts';
import type { RequestHandle, Stage } from './stage.test-kit.ts';

const PLAN = planOf({ separator: 's', outputs: { a: 'vocals', b: 'rest' } } satisfies StrategyNode);
const MIB = 1024 * 1024;
/** Of four minutes: what each encoding really takes. */
const SIZES: Readonly<Record<string, number>> = {
  'wav null': 84_672_000,
  'flac null': 40_000_000,
  'mp3 320': 9_600_000,
  'mp3 192': 5_760_000,
  'mp3 128': 3_840_000,
};

function requestOn(platform: Platform, command: Partial<JobRequest['command']> = {}): JobRequest {
  return {
    inboundEventId: 'event',
    address: { platform, botId: 'bot', chatId: 'chat', threadId: null },
    requester: { platform, userId: '1', displayName: 'Ana' },
    command: {
      kind: 'split',
      source: { kind: 'attachment', reference: 'song.mp3', name: 'song.mp3', declaredBytes: 1 },
      strategy: 'test',
      quality: 'fast',
      format: 'flac',
      pick: { kind: 'all' },
      ...command,
    },
  };
}

type Overrides = Partial<FakeWorld['activities']>;

/** A song of four minutes; each place takes files up to its limit, and says so only when it is tried. */
function worldOf(
  truth: Readonly<Record<string, number | null>>,
  overrides: Overrides = {},
  told: Readonly<Record<string, number | null>> = {},
): FakeWorld {
  const long = { ...pcm('long'), samples: 4 * 60 * 44_100 };
  const world: FakeWorld = createFakeWorld(PLAN, {
    async postCard({ surfaceId }) {
      return { isThere: true, fileLimitBytes: told[surfaceId] ?? null };
    },
    async finishStems({ stems }) {
      const of = (name: string) => ({ name, pcm: long, loudnessLufs: -20, peakDbtp: -3, gainDb: 2, waveform: long });
      return { stems: stems.map(({ name }) => of(name)), residual: of('residual'), nullDepthDb: 40 };
    },
    async encodeStems({ stems, encoding }) {
      const bytes = SIZES[`${encoding.format} ${String(encoding.kbps)}`] ?? 1;
      return stems.map(({ name }) => soundFile(name, encoding.format, bytes, 240));
    },
    async deliverOutcome({ surfaceId, outcome, parcel }): Promise<DeliveryReport> {
      world.delivered.push(outcome);
      world.parcels.push({ surfaceId, parcel });
      const limitBytes = truth[surfaceId] ?? null;
      const isTooLarge = limitBytes !== null && parcel.files.some(({ blob }) => blob.bytes > limitBytes);
      return isTooLarge ? { state: 'too-large', limitBytes } : { state: 'delivered' };
    },
    ...overrides,
  });
  return world;
}

function encodingOf(parcel: ResultParcel | undefined): string {
  if (parcel === undefined) return 'nothing';
  const { encoding, files, links, left } = parcel;
  const sounds = files.filter(({ kind }) => kind === 'sound').length;
  const name = encoding === null ? 'none' : `${encoding.format} ${String(encoding.kbps)}`;
  return `${name}: ${String(sounds)} here, ${String(links.length)} linked, ${String(left.length)} left`;
}

function lastFor(world: FakeWorld, surfaceId: string): ResultParcel | undefined {
  return world.parcels.findLast((parcel) => parcel.surfaceId === surfaceId)?.parcel;
}

function stateOf(outcome: JobOutcome | undefined): string | undefined {
  return outcome !== undefined && 'failure' in outcome ? `${outcome.state} ${outcome.failure.code}` : outcome?.state;
}

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

  describe('steps down', () => {
    test('by what is known of a place, without trying', async () => {
      const world = worldOf({ origin: 10 * MIB }, {}, { origin: 10 * MIB });
      const outcome = await handle(world, requestOn('discord'));
      assert.equal(encodingOf(lastFor(world, 'origin')), 'mp3 320: 3 here, 0 linked, 0 left');
      assert.equal(world.parcels.length, 1);
      assert.equal(world.calls.filter((name) => name === 'encodeStems').length, 1, 'nothing is encoded for nothing');
      assert.ok(outcome.state === 'done' && outcome.result.format === 'mp3');
    });

    test('when a place takes less than it said, and learns that', async () => {
      const learned: number[] = [];
      const world = worldOf(
        { origin: 6_000_000 },
        {
          async learnSurface({ fileLimitBytes }) {
            learned.push(fileLimitBytes);
          },
        },
        { origin: 10 * MIB },
      );
      const outcome = await handle(world, requestOn('discord'));
      assert.deepEqual(
        world.parcels.map(({ parcel }) => encodingOf(parcel)),
        ['mp3 320: 3 here, 0 linked, 0 left', 'mp3 192: 3 here, 0 linked, 0 left'],
      );
      assert.deepEqual(learned, [6_000_000]);
      assert.ok(outcome.state === 'done' && outcome.result.files.some(({ fileName }) => fileName === 'vocals.mp3'));
    });

    test('one rung at a time where a place says nonsense', async () => {
      let refusals = 3;
      const world = worldOf({});
      const stubborn: Overrides = {
        async deliverOutcome({ surfaceId, outcome, parcel }) {
          world.delivered.push(outcome);
          world.parcels.push({ surfaceId, parcel });
          refusals -= 1;
          return refusals < 0 ? { state: 'delivered' } : { state: 'too-large', limitBytes: 1_000_000_000 };
        },
      };
      await handle(worldOf({}, stubborn), requestOn('discord', { format: 'wav' }));
      assert.deepEqual(
        world.parcels.map(({ parcel }) => encodingOf(parcel).split(':')[0]),
        ['wav null', 'flac null', 'mp3 320', 'mp3 192'],
      );
    });

    test('to links of what was asked for where nothing fits', async () => {
      const world = worldOf({ origin: 1_000_000 }, {}, { origin: 1_000_000 });
      const outcome = await handle(world, requestOn('telegram'));
      const parcel = lastFor(world, 'origin');
      assert.equal(encodingOf(parcel), 'none: 0 here, 3 linked, 0 left');
      assert.deepEqual(
        parcel?.links.map(({ fileName }) => fileName),
        ['vocals.flac', 'rest.flac', 'residual.flac'],
      );
      assert.deepEqual(
        parcel?.files.map(({ fileName }) => fileName),
        ['metadata.json'],
        'small files still go along',
      );
      assert.ok(outcome.state === 'done' && outcome.result.format === 'flac');
    });

    test('to names of what is left where there is no web address either', async () => {
      const world = worldOf({}, { makeLinks: async () => [] }, { origin: 1_000_000 });
      assert.equal((await handle(world, requestOn('telegram'))).state, 'done');
      assert.equal(encodingOf(lastFor(world, 'origin')), 'none: 0 here, 0 linked, 3 left');
    });

    test('to links once nobody knows what became of posted files', async () => {
      let tries = 0;
      const world = worldOf({});
      const uncertain: Overrides = {
        async deliverOutcome({ surfaceId, parcel }) {
          world.parcels.push({ surfaceId, parcel });
          tries += 1;
          return tries === 1 ? { state: 'unknown' } : { state: 'delivered' };
        },
      };
      const other = worldOf({}, uncertain);
      assert.equal((await handle(other, requestOn('slack'))).state, 'done');
      assert.deepEqual(
        world.parcels.map(({ parcel }) => encodingOf(parcel)),
        ['flac null: 3 here, 0 linked, 0 left', 'none: 0 here, 4 linked, 0 left'],
      );
      assert.ok(!other.calls.includes('learnSurface'));
    });
  });

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

  test('whose chat was gone from the start ends quietly, and nothing is computed', async () => {
    const world = worldOf({}, { postCard: async () => ({ isThere: false, fileLimitBytes: null }) });
    assert.equal((await handle(world, requestOn('discord'))).state, 'cancelled');
    assert.deepEqual(world.calls, ['openJob', 'postCard', 'endJob']);
    assert.deepEqual(world.ended.map(stateOf), ['cancelled']);
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
});
