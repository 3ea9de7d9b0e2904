/** What a job has besides its stems: previews and pings, picks, retries and reserved shares. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refuse } from './contract/failure.ts';
import { isStemResult } from './contract/job.ts';
import type { JobOutcome } from './contract/job.ts';
import type { JobRequest, Platform } from './contract/request.ts';
import { finishedOf, pcm } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { lastFor, requestOn, worldOf } from './places.test-kit.ts';
import type { Overrides } from './places.test-kit.ts';
import { QUICK, openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

describe('a job', () => {
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

  describe('has extras', () => {
    type Extras = Parameters<FakeWorld['activities']['postExtras']>[0];

    async function extrasOn(
      platform: Platform,
      { pingAfterSeconds, overrides = {} }: { pingAfterSeconds?: number; overrides?: Overrides } = {},
    ): Promise<readonly Extras[]> {
      const posted: Extras[] = [];
      const world = worldOf(
        {},
        {
          async postExtras(extras) {
            // Nobody waits for them: the job has ended.
            assert.equal(world.ended.length, 1);
            posted.push(extras);
          },
          ...overrides,
        },
      );
      const timing = pingAfterSeconds === undefined ? QUICK : { ...QUICK, pingAfterSeconds };
      await stage.run(world, async (run) => {
        assert.equal((await (await run.start(requestOn(platform), timing)).result()).state, 'done');
      });
      return posted;
    }

    test('a preview of the first stem that is heard, where one can be played', async () => {
      for (const platform of ['discord', 'telegram'] as const) {
        const [extras, ...more] = await extrasOn(platform);
        assert.equal(extras?.preview?.file.fileName, 'vocals-preview.ogg', platform);
        assert.deepEqual([extras.ping, extras.surfaceId, more.length], [false, 'origin', 0]);
      }
      for (const platform of ['slack', 'console'] as const) {
        assert.deepEqual(await extrasOn(platform), [], platform);
      }
    });

    test('a word that it is ready, where it took long', async () => {
      const [extras] = await extrasOn('slack', { pingAfterSeconds: 0 });
      assert.deepEqual([extras?.ping, extras?.preview], [true, null]);
    });

    test('that never fail it', async () => {
      const failing = async (): Promise<never> => refuse('no-space');
      assert.deepEqual(await extrasOn('discord', { overrides: { makePreview: failing } }), []);
      assert.deepEqual(await extrasOn('telegram', { overrides: { postExtras: failing } }), []);
    });
  });

  test('takes a pick for its one file, and what an earlier job was given for its source', async () => {
    const world = worldOf({});
    const outcome = await handle(
      world,
      requestOn('slack', {
        pick: { kind: 'want', stems: ['vocals', 'rest'] },
        source: { kind: 'earlier', jobId: 'before', name: 'song' },
      }),
    );
    assert.ok(outcome.state === 'done' && isStemResult(outcome.result));
    assert.equal(outcome.result.mixed?.name, 'want-vocals+rest');
    assert.deepEqual(
      lastFor(world, 'origin')?.files.map(({ fileName }) => fileName),
      ['want-vocals+rest.flac', 'metadata.json'],
    );
    assert.ok(world.calls.includes('reuseSource') && !world.calls.includes('collectAttachment'));
  });

  test('reserves what a file claims before it is decoded, what it really holds after, and nothing for earlier work', async () => {
    const reserved: number[] = [];
    const reserving: Overrides = {
      async reserveAudio({ seconds }) {
        reserved.push(seconds);
      },
    };
    await handle(worldOf({}, reserving), requestOn('slack'));
    assert.deepEqual(reserved, [1], 'an honest claim is reserved once');

    reserved.length = 0;
    const longer = { sha256: 'aa', title: 'song', durationSeconds: 300, canonical: pcm('mix'), working: pcm('mix') };
    await handle(worldOf({}, { ...reserving, decodeRecording: async () => longer }), requestOn('slack'));
    assert.deepEqual(reserved, [1, 300]);

    reserved.length = 0;
    const finished = finishedOf([{ name: 'vocals', pcm: pcm('vocals') }]);
    const earlier: Overrides = { ...reserving, findEarlier: async () => ({ recording: longer, finished }) };
    const outcome = await handle(worldOf({}, earlier), requestOn('slack'));
    assert.ok(outcome.state === 'done' && outcome.reused);
    assert.deepEqual(reserved, []);
  });
});
