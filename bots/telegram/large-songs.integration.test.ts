/** Songs that Telegram does not hand to bots: answered at once, and no job. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUploads } from '../../db/uploads.repository.ts';
import { ADAS_CHAT, GROUP_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { TelegramOptions } from '../../tools/emulators/telegram/options.ts';
import type { PersonFile } from '../../tools/emulators/core/emulator.ts';
import { WEB_URL } from '../core/accounts.test-kit.ts';
import { requests, said, says, withInbound } from './inbound.test-kit.ts';
import type { InboundBench } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };
const MIB = 1024 * 1024;
const LIMIT_BYTES = 20 * MIB;
const [SMALL, LARGE] = [song('take.mp3', LIMIT_BYTES), song('whole concert.mp3', LIMIT_BYTES + 1)];
/** What is wrong, and both things that help. */
const SENTENCE = /20 MB[^]*whole[^]*concert[^]*direct link[^]*smaller/u;

/** What the bot says to it, once all is settled and so many answers at least have come. */
async function handled(
  bench: InboundBench,
  chat: string,
  text: string,
  files: PersonFile[],
  answers = 0,
): Promise<readonly string[]> {
  const before = said(bench.telegram, chat).length;
  await says(bench.telegram, chat, text, { files });
  const process = await bench.process();
  for (const update of await bench.take()) await process.handle(update);
  await bench.until(async () => {
    const held = await bench.deps.inbox.heldGroups('telegram', '7000001');
    return held.length === 0 && said(bench.telegram, chat).length >= before + answers;
  });
  return said(bench.telegram, chat).slice(before);
}

async function names(bench: InboundBench): Promise<readonly (string | null)[]> {
  return (await bench.accepted())
    .flatMap(({ payload }) => requests(payload))
    .map(({ command: { source } }) => (source.kind === 'attachment' ? source.name : null));
}

async function withSongs(options: TelegramOptions, use: (bench: InboundBench) => Promise<void>): Promise<void> {
  await withInbound(options, async (bench) => {
    await use(bench);
    assert.deepEqual([bench.errors, bench.telegram.specReport().violations], [[], []]);
  });
}

test('a song above the limit is one sentence that says what to do, with a command and without', LIMIT, async () => {
  await withSongs({}, async (bench) => {
    for (const [chat, text] of [
      [ADAS_CHAT, '/split'],
      [ADAS_CHAT, ''],
      [GROUP_CHAT, '/split format:opus'],
    ] as const) {
      const [answer, ...others] = await handled(bench, chat, text, [LARGE], 1);
      assert.match(answer ?? '', SENTENCE, `${chat} ${text}`);
      assert.equal(others.length, 0);
    }
    assert.deepEqual(await bench.accepted(), []);
    const told = [ADAS_CHAT, GROUP_CHAT].flatMap((chat) => bench.telegram.conversation.messages(chat));
    const pages = told.flatMap(({ buttons }) => buttons.map(({ url }) => url ?? ''));
    assert.equal(pages.length, 3);
    const uploads = createUploads(bench.database);
    for (const [index, page] of pages.entries()) {
      const token = new RegExp(`^${WEB_URL}/u/([\\w-]{43})$`, 'u').exec(page)?.[1] ?? assert.fail(page);
      const { order } = (await uploads.find(token)) ?? assert.fail('no ticket');
      assert.equal(order.address.chatId, index === 2 ? GROUP_CHAT : ADAS_CHAT);
      assert.ok(order.command.kind === 'split');
      assert.equal(order.command.format, index === 2 ? 'opus' : bench.deps.defaults.format);
    }
  });
});

test('one at the limit is taken, and so is a larger one by a server of one’s own', LIMIT, async () => {
  await withSongs({}, async (bench) => {
    assert.deepEqual(await handled(bench, ADAS_CHAT, '/split', [SMALL]), []);
    assert.deepEqual(await names(bench), ['take.mp3']);
  });
  await withSongs({ local: true }, async (bench) => {
    assert.deepEqual(await handled(bench, ADAS_CHAT, '/split', [LARGE]), []);
    assert.deepEqual(await names(bench), ['whole concert.mp3']);
  });
});

test('a reply to a song above the limit is told the same', LIMIT, async () => {
  await withSongs({}, async (bench) => {
    const { telegram } = bench;
    const replyTo = await says(telegram, GROUP_CHAT, '', { files: [LARGE] });
    await says(telegram, GROUP_CHAT, '/split', { replyTo });
    const process = await bench.process();
    for (const update of await bench.take()) await process.handle(update);
    assert.match(said(telegram, GROUP_CHAT).join('\n'), SENTENCE);
    assert.deepEqual(await bench.accepted(), []);
  });
});

test(
  'of an album the songs that fit are taken, wherever the command stands, and each other one is told',
  LIMIT,
  async () => {
    await withSongs({ privacyMode: false }, async (bench) => {
      // A person's album carries its command below the last of its songs.
      for (const files of [
        [LARGE, SMALL],
        [SMALL, LARGE],
      ]) {
        const before = (await names(bench)).length;
        const [answer, ...others] = await handled(bench, GROUP_CHAT, '/split format:opus', files, 1);
        assert.match(answer ?? '', SENTENCE);
        assert.equal(others.length, 0);
        assert.deepEqual((await names(bench)).slice(before), ['take.mp3']);
      }
      for (const { payload } of await bench.accepted()) {
        assert.deepEqual(
          requests(payload).map(({ command }) => command.kind === 'split' && command.format),
          ['opus'],
        );
      }
      const told = await handled(bench, ADAS_CHAT, '', [LARGE, LARGE], 2);
      assert.equal(told.filter((text) => SENTENCE.test(text)).length, 2);
      assert.deepEqual(await handled(bench, GROUP_CHAT, '', [LARGE, SMALL]), [], 'nobody asked for these');
      assert.equal((await bench.accepted()).length, 2);
    });
  },
);
