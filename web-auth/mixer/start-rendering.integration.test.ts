/** From a look at the page to the player, by the real workflow on a real Temporal server. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRenderings } from '../../db/renderings.repository.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import { createFakeWorld, planOf } from '../../workflows/fake-activities.test-kit.ts';
import type { FakeWorld } from '../../workflows/fake-activities.test-kit.ts';
import { openStage, QUICK } from '../../workflows/stage.test-kit.ts';
import type { Stage } from '../../workflows/stage.test-kit.ts';
import { openMixerBench } from './mixer.test-kit.ts';
import type { MixerBench } from './mixer.test-kit.ts';
import { createStartRendering } from './start-rendering.ts';

let stage: Stage;
let bench: MixerBench;
before(async () => {
  [stage, bench] = await Promise.all([openStage(), openMixerBench()]);
});
after(async () => {
  await bench.close();
  await stage.close();
});

/** Real rows, real ffmpeg; of the rest nothing is asked. */
function world(overrides: Partial<FakeWorld['activities']> = {}): FakeWorld {
  const renderings = createRenderings(bench.database);
  return createFakeWorld(planOf({ separator: 's', outputs: {} }), {
    openRendering: async ({ renderingId }) => await renderings.open(renderingId),
    saveRendering: async ({ renderingId, made }) => await renderings.save(renderingId, made),
    failRendering: async ({ renderingId, code }) => await renderings.fail(renderingId, code),
    packPlayer: bench.media.packPlayer,
    mixDown: bench.media.mixDown,
    ...overrides,
  });
}

function stems(): { name: string; samples: Float32Array }[] {
  return ['vocals', 'drums', 'residual'].map((name, index) => ({
    name,
    samples: Float32Array.from({ length: 44_100 * 2 * 5 }, (_, at) => Math.sin(at / (20 + index)) / 4),
  }));
}

test('many who look at once have one player made, and hear when it is there', async (t) => {
  const { recordingId } = await bench.addSong({ stems: stems() });
  const fake = world();
  await stage.run(fake, async () => {
    const startRendering = createStartRendering(stage.environment.client, QUICK);
    const server = await bench.serve(t, { startRendering });
    const headers = { Cookie: await server.signIn(bench.memberId) };
    const looks = await Promise.all(
      Array.from({ length: 5 }, async () => await fetch(`${server.origin}/r/${recordingId}`, { headers })),
    );
    assert.ok(looks.every(({ status }) => status === 200));
    const stream = await fetch(`${server.origin}/r/${recordingId}/events`, { headers });
    const events = stream.body?.pipeThrough(new TextDecoderStream());
    let told = '';
    for await (const piece of events as ReadableStream<string>) {
      told += piece;
      if (told.includes('"state":"made"')) break;
    }
    const player = (await (await fetch(`${server.origin}/r/${recordingId}/player.json`, { headers })).json()) as {
      state: string;
      stems: unknown[];
    };
    assert.deepEqual([player.state, player.stems.length], ['made', 3]);
  });
  assert.equal(fake.calls.filter((name) => name === 'packPlayer').length, 1);
});

test('a player that cannot be made is a failure in its row, and is tried again later', async () => {
  await bench.addSong({ stems: stems() });
  const { rows } = await bench.client.query<{ id: string }>(
    'select id from separation order by created_at desc limit 1',
  );
  const renderings = createRenderings(bench.database);
  const wish = { separationId: rows[0]?.id ?? '', recipe: { kind: 'player' } } as const;
  const { id } = await renderings.want(wish);
  const start = createStartRendering(stage.environment.client, QUICK);
  const ended = async (): Promise<void> =>
    void (await stage.environment.client.workflow.getHandle(`rendering-${id}`).result());
  await stage.run(world({ packPlayer: async () => refuse('no-space') }), async () => {
    await start(id, 'band');
    await ended();
  });
  assert.deepEqual(
    [(await renderings.look(wish))?.state, (await renderings.look(wish))?.failure],
    ['failed', 'no-space'],
  );
  await bench.client.query('update rendering set failure = null where id = $1', [id]);
  await stage.run(world(), async () => {
    await start(id, 'band');
    await ended();
  });
  assert.equal((await renderings.look(wish))?.state, 'made');
});
