/** Telegram may take half a minute for an answer of ours; nobody's song waits for that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from 'grammy';
import type { Transformer } from 'grammy';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import { ADAS_CHAT, GROUP_CHAT } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { callTelegram } from './call-telegram.ts';
import { limitCalls } from './limit-calls.ts';
import { pollUpdates } from './poll-updates.ts';
import { said, says, withInbound } from './inbound.test-kit.ts';

const LIMIT = { timeout: 180_000 };
const LINK = 'https://example.org/a.mp3';

/** Nothing is said in this chat before `gate`. */
function hungIn(chat: string, gate: Promise<unknown>): Transformer {
  return async (call, method, payload, signal) => {
    if (method === 'sendMessage' && String((payload as { chat_id: number }).chat_id) === chat) await gate;
    return await call(method, payload, signal);
  };
}

test('while an answer hangs, songs of its chat and of others are written down and confirmed', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const { telegram } = bench;
    const gate = Promise.withResolvers<undefined>();
    const process = await bench.bareProcess(hungIn(GROUP_CHAT, gate.promise));
    const stopping = new AbortController();
    const polling = pollUpdates({
      api: new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: 60 }),
      signal: stopping.signal,
      handle: process.handle.bind(process),
      onError: (error) => bench.errors.push(error),
    });
    await says(telegram, GROUP_CHAT, '/help');
    await says(telegram, GROUP_CHAT, '/jobs');
    await says(telegram, ADAS_CHAT, `/split ${LINK}`);
    await says(telegram, ADAS_CHAT, '/help');
    await says(telegram, GROUP_CHAT, `/split ${LINK}`);
    await bench.until(async () => (await bench.accepted()).length === 2);
    await bench.until(async () => await Promise.resolve(telegram.pendingUpdates() === 0));
    await bench.until(async () => await Promise.resolve(said(telegram, ADAS_CHAT).length === 1));
    assert.deepEqual(said(telegram, GROUP_CHAT), []);
    gate.resolve(undefined);
    await bench.until(async () => await Promise.resolve(said(telegram, GROUP_CHAT).length === 2));
    assert.match(said(telegram, GROUP_CHAT)[0] ?? '', /\/split/u, 'the answers keep their order');
    stopping.abort();
    await polling;
    assert.deepEqual(bench.errors, []);
  });
});

test('a command that is delivered again is neither done nor answered again', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    const processes = [await bench.process(), await bench.process()];
    await says(bench.telegram, ADAS_CHAT, '/jam band create Sheds');
    const [update] = await bench.take();
    assert.ok(update !== undefined);
    await processes[0]?.handle(update);
    for (const process of processes) await process.handle(update);
    assert.equal(said(bench.telegram, ADAS_CHAT).filter((text) => text.includes('Sheds')).length, 1);
    const { rowCount } = (await bench.sql("select from band where name = 'Sheds'")) as { rowCount: number };
    assert.equal(rowCount, 1);
  });
});

test(
  'a call that carries words ends in time, with nothing known of it; one for updates takes its time',
  LIMIT,
  async () => {
    await withInbound({ hangMs: 60_000 }, async (bench) => {
      const { telegram } = bench;
      telegram.setFaults(plannedFaults([{ method: 'sendMessage', fault: 'done-then-hang' }]));
      const api = new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: 60 });
      api.config.use(limitCalls(100));
      await assert.rejects(
        callTelegram(async () => await api.sendMessage(Number(ADAS_CHAT), 'hello')),
        (error) => error instanceof SendError && error.outcome === 'ambiguous',
      );
      assert.deepEqual(await api.getUpdates({ timeout: 1 }), []);
    });
  },
);
