/** Songs that were sent together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { ADAS_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { handleAll, redelivered, requests, said, says, withInbound } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };

test(
  'ten songs sent at once are one event with ten requests, however they arrive and however late again',
  LIMIT,
  async () => {
    await withInbound({}, async (bench) => {
      const files = Array.from({ length: 10 }, (_, index) => song(`${String(index)}.mp3`));
      await says(bench.telegram, ADAS_CHAT, '/split format:opus', { files });
      const updates = await bench.take();
      assert.equal(updates.length, 10);
      const processes = [await bench.process(), await bench.process()];
      const handlers = processes.map((process) => process.handle.bind(process));
      await handleAll(redelivered(updates, seededRandom(3)), handlers);
      await bench.until(async () => (await bench.accepted()).length > 0);
      // A part of it once more, from a batch that was never confirmed.
      await handleAll(updates.slice(4), handlers);
      await bench.until(async () => (await bench.deps.inbox.heldGroups('telegram', '7000001')).length === 0);
      const [event, ...others] = await bench.accepted();
      assert.equal(others.length, 0);
      assert.ok(event?.payload.kind === 'jobs');
      const asked = event.payload.requests.map(
        ({ command }) =>
          `${command.source.kind === 'attachment' ? command.source.name : ''} as ${command.kind === 'split' ? command.format : ''}`,
      );
      assert.deepEqual(asked.toSorted(), files.map(({ name }) => `${name} as opus`).toSorted());
      assert.deepEqual(bench.errors, []);
    });
  },
);

test('an album whose process died is gone on with by the next', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    await says(bench.telegram, ADAS_CHAT, '', { files: [song('a.mp3'), song('b.mp3')] });
    const first = await bench.process();
    for (const update of await bench.take()) await first.handle(update);
    first.stop();
    assert.equal((await bench.accepted()).length, 0);
    await (await bench.process()).resume();
    await bench.until(async () => (await bench.accepted()).length > 0);
    const [event] = await bench.accepted();
    assert.equal(event === undefined ? 0 : requests(event.payload).length, 2, 'in private it needs no word');
  });
});

test('an album with a command that cannot be is told so, and is nothing', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    await says(bench.telegram, ADAS_CHAT, '/split format:ogg', { files: [song('a.mp3'), song('b.mp3')] });
    const process = await bench.process();
    for (const update of await bench.take()) await process.handle(update);
    await bench.until(async () => (await bench.deps.inbox.heldGroups('telegram', '7000001')).length === 0);
    assert.deepEqual(await bench.accepted(), []);
    assert.match(said(bench.telegram, ADAS_CHAT).join('\n'), /mp3/u);
  });
});
