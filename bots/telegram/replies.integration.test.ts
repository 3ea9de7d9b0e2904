/** Answers in a chat that is to be quiet: after it, and nobody waits for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Update } from 'grammy/types';
import { ADA, FORUM } from '../../tools/emulators/telegram/options.ts';
import { withInbound } from './inbound.test-kit.ts';
import type { InboundBench } from './inbound.test-kit.ts';

const [ADAS_CHAT, FORUM_CHAT] = [String(ADA.id), String(FORUM.id)] as const;
const LIMIT = { timeout: 120_000 };
const SHORT_SECONDS = 3;
const LONG_SECONDS = 3600;

async function asksForHelp({ telegram }: InboundBench, chat: string, thread: string | null): Promise<void> {
  const at = { chat, thread };
  const verb = 'help';
  await telegram.act({ kind: 'command', by: ADAS_CHAT, at, verb, options: {}, text: '', file: null });
}

function answersIn({ telegram }: InboundBench, chat: string): number {
  return telegram.conversation.messages(chat).filter(({ by }) => by === 'bot').length;
}

function callsAbout({ telegram }: InboundBench, wanted: string): InboundBench['telegram']['requests'] {
  return telegram.requests.filter(({ chat }) => chat === wanted);
}

async function handleAll(bench: InboundBench, updates: readonly Update[]): Promise<void> {
  const bot = await bench.bareProcess();
  for (const update of updates) await bot.handle(update);
}

test('an answer comes after the wait, and meanwhile the updates of others are handled', LIMIT, async () => {
  await withInbound({}, async (bench) => {
    await asksForHelp(bench, FORUM_CHAT, '11');
    await asksForHelp(bench, FORUM_CHAT, '12');
    await asksForHelp(bench, ADAS_CHAT, null);
    const updates = await bench.take();
    bench.telegram.floodWait(FORUM_CHAT, SHORT_SECONDS);
    await handleAll(bench, updates);
    await bench.until(async () => await Promise.resolve(answersIn(bench, ADAS_CHAT) === 1));
    assert.equal(answersIn(bench, FORUM_CHAT), 0, 'nobody waited');
    await bench.until(async () => await Promise.resolve(answersIn(bench, FORUM_CHAT) === 2));
    const [first, second, third, ...more] = callsAbout(bench, FORUM_CHAT);
    assert.deepEqual([first?.status, second?.status, third?.status, more], [429, 200, 200, []]);
    const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0);
    // Telegram's own seconds are whole ones, counted from before the call.
    assert.ok(waitedMs > (SHORT_SECONDS - 1) * 1000, `${String(waitedMs)} ms`);
    assert.deepEqual(bench.errors, []);
  });
});

test(
  'one that would come too late is not told, and a chat that is to be quiet for long is not asked again',
  LIMIT,
  async () => {
    await withInbound({}, async (bench) => {
      for (const thread of ['11', '12', '11']) await asksForHelp(bench, FORUM_CHAT, thread);
      const updates = await bench.take();
      bench.telegram.floodWait(FORUM_CHAT, LONG_SECONDS);
      await handleAll(bench, updates);
      await bench.until(async () => await Promise.resolve(bench.errors.length === updates.length));
      assert.deepEqual(
        callsAbout(bench, FORUM_CHAT).map(({ status }) => status),
        [429],
      );
    });
  },
);
