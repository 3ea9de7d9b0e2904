import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { heartbeat, sleep } from '@temporalio/activity';
import type { JobOutcome } from './contract/job.ts';
import { refuse } from './contract/failure.ts';
import type { JobRequest } from './contract/request.ts';
import type { StrategyNode } from './contract/stems.ts';
import { bug, createFakeWorld, pcm, planOf } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

const REQUEST: JobRequest = {
  inboundEventId: 'event',
  address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: '/out' },
  requester: { platform: 'console', userId: '1', displayName: 'Ana' },
  command: {
    kind: 'split',
    source: { kind: 'attachment', reference: '/song.mp3', name: 'song.mp3', declaredBytes: 1 },
    strategy: 'test',
    quality: 'fast',
    format: 'flac',
    pick: { kind: 'all' },
  },
};
const LEAVES: StrategyNode = { separator: 's', outputs: { a: 'vocals', b: 'rest' } };
const TREE: StrategyNode = {
  separator: 's',
  outputs: {
    a: 'vocals',
    b: { separator: 't', outputs: { a: 'drums', b: 'other' } },
    c: { separator: 'u', outputs: { a: 'bass' } },
  },
};

function stateOf(outcome: JobOutcome): string {
  return 'failure' in outcome ? `${outcome.state} ${outcome.failure.code}` : outcome.state;
}

describe('a request', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  async function handle(world: FakeWorld, request: JobRequest = REQUEST): Promise<JobOutcome> {
    return await stage.run(world, async (run) => await (await run.start(request)).result());
  }

  test('goes from the card to the delivered stems, each step once', async () => {
    const world = createFakeWorld(planOf(LEAVES));
    const outcome = await handle(world);
    assert.equal(outcome.state, 'done');
    assert.deepEqual(world.calls, [
      'openJob',
      'postCard',
      'collectAttachment',
      'findEarlier',
      'probeSource',
      'reserveAudio',
      'decodeRecording',
      'saveRecording',
      'separateNode',
      'finishStems',
      'encodeStems',
      'saveResult',
      'deliverOutcome',
      'endJob',
    ]);
    assert.deepEqual(world.delivered.map(stateOf), ['done']);
    assert.deepEqual(world.ended.map(stateOf), ['done']);
  });

  test('walks the tree and names the leaves in its order', async () => {
    let stems: readonly { readonly name: string; readonly pcm: { readonly key: string } }[] = [];
    const world = createFakeWorld(planOf(TREE), {
      async finishStems(input) {
        stems = input.stems;
        return {
          stems: [],
          residual: {
            name: 'residual',
            pcm: pcm('r'),
            loudnessLufs: null,
            peakDbtp: null,
            gainDb: null,
            waveform: pcm('w'),
          },
          nullDepthDb: null,
        };
      },
    });
    await handle(world);
    assert.deepEqual(
      stems.map(({ name, pcm: blob }) => [name, blob.key]),
      [
        ['vocals', 'mix/s.a'],
        ['drums', 'mix/s.b/t.a'],
        ['other', 'mix/s.b/t.b'],
        ['bass', 'mix/s.c/u.a'],
      ],
    );
  });

  test('takes links without asking the chat for an attachment', async () => {
    const world = createFakeWorld(planOf(LEAVES));
    await handle(world, {
      ...REQUEST,
      command: { ...REQUEST.command, source: { kind: 'link', url: 'https://example.org/a.mp3' } },
    });
    assert.ok(world.calls.includes('fetchLink') && !world.calls.includes('collectAttachment'));
  });

  test('answers from earlier work without computing', async () => {
    const world = createFakeWorld(planOf(LEAVES), {
      async findEarlier() {
        return {
          recording: { sha256: 'aa', title: 'song', durationSeconds: 1, canonical: pcm('mix'), working: pcm('mix') },
          finished: {
            stems: [],
            residual: {
              name: 'residual',
              pcm: pcm('r'),
              loudnessLufs: null,
              peakDbtp: null,
              gainDb: null,
              waveform: pcm('w'),
            },
            nullDepthDb: null,
          },
        };
      },
    });
    const outcome = await handle(world);
    assert.ok(outcome.state === 'done' && outcome.reused);
    for (const name of ['probeSource', 'decodeRecording', 'separateNode', 'finishStems']) {
      assert.ok(!world.calls.includes(name), name);
    }
  });

  test('tells a refusal once and computes nothing', async () => {
    const world = createFakeWorld(planOf(LEAVES), {
      async probeSource() {
        return refuse('too-long', { limitMinutes: 30 });
      },
    });
    const outcome = await handle(world);
    assert.deepEqual(outcome, { state: 'refused', failure: { code: 'too-long', facts: { limitMinutes: 30 } } });
    assert.equal(world.calls.filter((name) => name === 'probeSource').length, 1, 'no retry');
    assert.deepEqual(world.delivered.map(stateOf), ['refused too-long']);
    assert.ok(!world.calls.includes('separateNode'));
  });

  test('says why there is no plan', async () => {
    const world = createFakeWorld(planOf(LEAVES), {
      async openJob() {
        return {
          jobId: 'job',
          surfaceId: 'origin',
          plan: null,
          refusal: { code: 'unknown-strategy', facts: { known: 'vocals' } },
        };
      },
    });
    assert.equal(stateOf(await handle(world)), 'refused unknown-strategy');
    assert.deepEqual(world.calls, ['openJob', 'postCard', 'deliverOutcome', 'endJob']);
  });

  test('a folder that cannot be written is told, not retried', async () => {
    let tries = 0;
    const world = createFakeWorld(planOf(LEAVES), {
      async deliverOutcome({ outcome }) {
        if (outcome.state === 'done') {
          tries += 1;
          refuse('delivery-folder');
        }
        return { state: 'delivered' };
      },
    });
    assert.equal(stateOf(await handle(world)), 'refused delivery-folder');
    assert.equal(tries, 1);
    assert.deepEqual(world.ended.map(stateOf), ['refused delivery-folder']);
  });

  test('a passing error is tried again until it works', async () => {
    let tries = 0;
    const world = createFakeWorld(planOf(LEAVES), {
      async findEarlier() {
        tries += 1;
        if (tries < 3) {
          throw bug();
        }
        return null;
      },
    });
    assert.equal((await handle(world)).state, 'done');
    assert.equal(tries, 3);
  });

  test('a worker that dies again and again is replaced as long as each one gets further', async () => {
    let attempts = 0;
    const world = createFakeWorld(planOf(LEAVES), {
      async separateNode({ separator, input }) {
        attempts += 1;
        heartbeat({ fraction: attempts / 10, chunk: attempts });
        if (attempts <= 6) {
          // Never reports again: what a SIGKILL looks like from outside.
          await new Promise((resolve) => setTimeout(resolve, 2500));
          throw new Error('too late to matter');
        }
        return { slots: { a: pcm(`${input.key}/${separator}.a`), b: pcm('b') } };
      },
    });
    assert.equal((await handle(world)).state, 'done');
    assert.equal(attempts, 7);
  });

  test('a job that kills its worker at the same chunk every time is given up', async () => {
    let attempts = 0;
    const world = createFakeWorld(planOf(LEAVES), {
      async separateNode() {
        attempts += 1;
        throw bug();
      },
    });
    assert.equal(stateOf(await handle(world)), 'failed internal');
    assert.equal(attempts, 5);
  });

  test('a cancelled job stops its computing and says so once', async () => {
    let announce: () => void = () => undefined;
    const computing = new Promise<void>((resolve) => {
      announce = resolve;
    });
    let sawCancellation = false;
    const world = createFakeWorld(planOf(TREE), {
      async separateNode() {
        announce();
        for (;;) {
          heartbeat({ fraction: 0, chunk: 0 });
          try {
            await sleep(100);
          } catch (error) {
            sawCancellation = true;
            throw error;
          }
        }
      },
    });
    const outcome = await stage.run(world, async (run) => {
      const started = await run.start(REQUEST);
      await computing;
      await started.cancel();
      return await started.result();
    });
    assert.equal(outcome.state, 'cancelled');
    assert.ok(sawCancellation);
    assert.deepEqual(world.delivered.map(stateOf), ['cancelled']);
    assert.deepEqual(world.ended.map(stateOf), ['cancelled']);
  });

  test('a job that is cancelled while its row is made ends that row', async () => {
    let announce: () => void = () => undefined;
    const opening = new Promise<void>((resolve) => {
      announce = resolve;
    });
    let letGo: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const world = createFakeWorld(planOf(TREE), {
      async openJob() {
        announce();
        await cancelled;
        return { jobId: 'job', surfaceId: 'surface', mirrors: [], plan: planOf(TREE) };
      },
    });
    const outcome = await stage.run(world, async (run) => {
      const started = await run.start(REQUEST);
      await opening;
      await started.cancel();
      letGo();
      return await started.result();
    });
    assert.equal(outcome.state, 'cancelled');
    assert.deepEqual(world.ended.map(stateOf), ['cancelled']);
    assert.ok(!world.calls.includes('postCard'), 'no card is begun');
  });
});
