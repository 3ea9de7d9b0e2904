/** Songs that were sent together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { ADAS_CHAT, GROUP_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { handleAll, redelivered, requests, said, says, withInbound } from './inbound.test-kit.ts';
import type { AcceptedRow, InboundBench } from './inbound.test-kit.ts';

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

/** Held, waited for, and decided upon. */
async function settles(bench: InboundBench): Promise<void> {
  await bench.until(async () => (await bench.deps.inbox.heldGroups('telegram', '7000001')).length === 0);
}

function names(payloads: readonly AcceptedRow[]): readonly (readonly string[])[] {
  return payloads.map(({ payload }) =>
    requests(payload).map(({ command: { kind, source } }) => `${kind} ${'name' in source ? source.name : ''}`),
  );
}

test('songs of an album that come late are done as the others, once, however often they come', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const files = ['a', 'b', 'c', 'd'].map((name) => song(`${name}.mp3`));
    await says(bench.telegram, ADAS_CHAT, '/lyrics', { files });
    // The emulator writes the command below the last of them.
    const [first, second, third, fourth] = (await bench.take()).toReversed();
    assert.ok(first !== undefined && second !== undefined && third !== undefined && fourth !== undefined);
    const process = await bench.process();
    for (const update of [first, second]) await process.handle(update);
    await settles(bench);
    for (const update of [second, third, first]) await process.handle(update);
    await settles(bench);
    for (const update of [third, fourth, fourth]) await process.handle(update);
    await settles(bench);
    assert.deepEqual(names(await bench.accepted()), [
      ['lyrics d.mp3', 'lyrics c.mp3'],
      ['lyrics b.mp3'],
      ['lyrics a.mp3'],
    ]);
    assert.deepEqual(bench.errors, []);
  });
});

test('where the command of an album comes late, the songs that came before it are done too', LIMIT, async () => {
  await withInbound({ privacyMode: false }, async (bench) => {
    const files = ['a', 'b', 'c'].map((name) => song(`${name}.mp3`));
    await says(bench.telegram, GROUP_CHAT, '/split', { files });
    const updates = await bench.take();
    const told = updates.find(({ message }) => message?.caption !== undefined);
    assert.ok(told !== undefined);
    const process = await bench.process();
    for (const update of updates) if (update !== told) await process.handle(update);
    await settles(bench);
    assert.deepEqual(await bench.accepted(), [], 'nobody has said yet what to do');
    await process.handle(told);
    await settles(bench);
    assert.deepEqual(names(await bench.accepted()), [['split a.mp3', 'split b.mp3', 'split c.mp3']]);
    assert.deepEqual(bench.errors, []);
  });
});
