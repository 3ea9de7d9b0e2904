/** An album that somebody asked for, on a real Temporal server over activities that keep the contract. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { AlbumContent, AlbumReport } from './contract/delivery.ts';
import { refuse } from './contract/failure.ts';
import { CONTROL_QUEUE } from './contract/task-queues.ts';
import { pcm, soundFile, stem } from './fake-activities.test-kit.ts';
import { MIB, worldOf } from './places.test-kit.ts';
import type { Overrides } from './places.test-kit.ts';
import type { postAlbum } from './post-album.ts';
import { QUICK, openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

/** Four minutes each. */
const STEMS = ['vocals', 'drums', 'bass', 'other'].map((name) =>
  stem(name, { ...pcm(name), samples: 4 * 60 * 44_100 }),
);

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(async () => {
  await stage.close();
});

/** What the chat was asked for, one call after the other. */
async function asked(reports: readonly AlbumReport[], overrides: Overrides = {}): Promise<readonly string[]> {
  const calls: string[] = [];
  const world = worldOf(
    {},
    {
      async postAlbum({ jobId, surfaceId, album }) {
        assert.deepEqual([jobId, surfaceId], ['job', 'origin']);
        calls.push(described(album));
        return reports[calls.length - 1] ?? { state: 'settled' };
      },
      ...overrides,
    },
  );
  await stage.run(world, async () => {
    await stage.environment.client.workflow.execute<typeof postAlbum>('postAlbum', {
      taskQueue: CONTROL_QUEUE,
      workflowId: `album-${randomUUID()}`,
      args: [{ jobId: 'job', surfaceId: 'origin', platform: 'telegram', timing: QUICK }],
    });
  });
  return calls;
}

function described(album: AlbumContent): string {
  return album.kind === 'files'
    ? album.files.map(({ fileName, blob }) => `${fileName} ${String(blob.bytes)}`).join(', ')
    : album.kind;
}

function needed(limitBytes: number | null): AlbumReport {
  return { state: 'files-needed', stems: STEMS, limitBytes };
}

function songs(bytes: number): string {
  return STEMS.map(({ name }) => `${name}.mp3 ${String(bytes)}`).join(', ');
}

test('what stands in the chat needs nothing', async () => {
  assert.deepEqual(await asked([]), ['standing']);
});

test('stems become songs in the best quality in which all of them fit into one message', async () => {
  assert.deepEqual(await asked([needed(null)]), ['standing', songs(9_600_000)]);
  assert.deepEqual(await asked([needed(50 * MIB)]), ['standing', songs(9_600_000)]);
  assert.deepEqual(await asked([needed(30 * MIB)]), ['standing', songs(5_760_000)]);
});

test('what the chat does not take comes smaller, and where nothing is small enough that is said', async () => {
  assert.deepEqual(await asked([needed(null), needed(38_399_999)]), ['standing', songs(9_600_000), songs(5_760_000)]);
  assert.deepEqual(await asked([needed(10_000_000)]), ['standing', 'nothing']);
  assert.deepEqual(await asked([needed(null), needed(0)]), ['standing', songs(9_600_000), 'nothing']);
});

test('a size that is only known when it is there counts as much', async () => {
  const larger = async ({ encoding }: { encoding: { format: string; kbps: number | null } }) =>
    STEMS.map(({ name }) => soundFile(name, encoding.format, encoding.kbps === 320 ? 14_000_000 : 5_760_000));
  assert.deepEqual(await asked([needed(50_000_000)], { encodeStems: larger }), ['standing', songs(5_760_000)]);
});

test('stems that are not kept any more, or a chat that fails for good: it is said, and nothing else breaks', async () => {
  const gone = async (): Promise<never> => refuse('file-missing');
  assert.deepEqual(await asked([needed(null)], { encodeStems: gone }), ['standing', 'nothing']);
  const said: string[] = [];
  const closed: Overrides = {
    async postAlbum({ album }) {
      said.push(album.kind);
      return refuse('internal');
    },
  };
  await asked([], closed);
  assert.deepEqual(said, ['standing', 'nothing']);
});
