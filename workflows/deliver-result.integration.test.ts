/** How a result comes down the ladder in one place. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isStemResult } from './contract/job.ts';
import type { JobOutcome } from './contract/job.ts';
import type { JobRequest } from './contract/request.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { MIB, encodingOf, lastFor, requestOn, worldOf } from './places.test-kit.ts';
import type { Overrides } from './places.test-kit.ts';
import { openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

describe('a result steps down', () => {
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

  test('by what is known of a place, without trying', async () => {
    const world = worldOf({ origin: 10 * MIB }, {}, { origin: 10 * MIB });
    const outcome = await handle(world, requestOn('discord'));
    assert.equal(encodingOf(lastFor(world, 'origin')), 'mp3 320: 3 here, 0 linked, 0 left');
    assert.equal(world.parcels.length, 1);
    assert.equal(world.calls.filter((name) => name === 'encodeStems').length, 1, 'nothing is encoded for nothing');
    assert.ok(outcome.state === 'done' && isStemResult(outcome.result) && outcome.result.format === 'mp3');
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
    assert.ok(outcome.state === 'done' && isStemResult(outcome.result) && outcome.result.format === 'flac');
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
