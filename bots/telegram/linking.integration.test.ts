/** Accounts: everybody gets a page of their own, in private alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from 'grammy';
import { createLinking } from '../../db/linking.repository.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { ADA, BEN, GROUP, PRIVATE_CHAT } from '../../tools/emulators/telegram/options.ts';
import type { ChatSeed } from '../../tools/emulators/telegram/options.ts';
import { ADAS_CHAT, GROUP_CHAT, song } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { tokenOf } from '../core/accounts.test-kit.ts';
import { letEverybodyLink, postWaitingCard } from '../core/waiting-card.test-kit.ts';
import type { WaitingCard } from '../core/waiting-card.test-kit.ts';
import { said, says, withInbound } from './inbound.test-kit.ts';
import type { InboundBench } from './inbound.test-kit.ts';
import { createTelegramPort } from './outbound.ts';

const LIMIT = { timeout: 240_000 };
const BENS_CHAT = String(BEN.id);
const CHATS: readonly ChatSeed[] = [PRIVATE_CHAT, { ...PRIVATE_CHAT, id: BEN.id, members: [BEN.id] }, GROUP];
const DEEP_LINK = 'https://t.me/woodshed_emulated_bot?start=link';

interface LinkBench extends InboundBench {
  handle(): Promise<void>;
  /** Of Ada, in this chat. */
  card(chat: string): Promise<WaitingCard>;
  press(by: string, chat: string, messageId: string): Promise<void>;
  newest(chat: string): SeenMessage | undefined;
  /** Whose page the button of the newest answer in a chat opens. */
  owner(chat: string): Promise<string | undefined>;
}

async function withLinking(use: (bench: LinkBench) => Promise<void>): Promise<void> {
  await withInbound({ chats: CHATS }, async (bench) => {
    const { telegram, database, deps } = bench;
    letEverybodyLink(deps, database);
    const process = await bench.process();
    const api = new Api(telegram.token, { apiRoot: telegram.root });
    const port = createTelegramPort({ api, token: telegram.token, apiRoot: telegram.root, isLocal: false });
    const newest = (chat: string): SeenMessage | undefined =>
      telegram.conversation.messages(chat).findLast(({ by }) => by === 'bot');
    await use({
      ...bench,
      newest,
      async handle() {
        for (const update of await bench.take()) await process.handle(update);
      },
      async card(chat) {
        const address = { platform: 'telegram', botId: '7000001', chatId: chat, threadId: null } as const;
        const requester = { platform: 'telegram', userId: ADAS_CHAT, displayName: ADA.firstName } as const;
        return await postWaitingCard(deps, database, port, { address, requester });
      },
      async press(by, chat, messageId) {
        await telegram.act({ kind: 'press', by, at: { chat, thread: null }, messageId, label: 'Link account' });
      },
      async owner(chat) {
        const url = newest(chat)?.buttons.find(({ label }) => label === 'Link account')?.url ?? undefined;
        return (await createLinking(database).look(tokenOf(url)))?.userId;
      },
    });
    // Of all that a group reads, nothing opens anybody's page.
    const inGroup = telegram.conversation.events.filter((event) => JSON.stringify(event).includes(GROUP_CHAT));
    assert.doesNotMatch(JSON.stringify(inGroup), /\/link\//u);
    assert.deepEqual([bench.errors, telegram.specReport().violations], [[], []]);
  });
}

test(
  'in a group the card’s button leads whoever presses to the bot, which hands over their own page there',
  LIMIT,
  async () => {
    await withLinking(async ({ telegram, card, press, handle, owner }) => {
      const { messageId } = await card(GROUP_CHAT);
      await press(BENS_CHAT, GROUP_CHAT, messageId);
      await handle();
      const notices = telegram.conversation.events.flatMap((event) => (event.kind === 'notice' ? [event] : []));
      assert.deepEqual(
        notices.map(({ onlyFor, text }) => [onlyFor, text]),
        [[BENS_CHAT, DEEP_LINK]],
      );
      assert.deepEqual(said(telegram, BENS_CHAT), []);
      // What Telegram makes of it where the bot opens.
      await says(telegram, BENS_CHAT, '/start link', { by: BEN });
      await handle();
      assert.equal(await owner(BENS_CHAT), BENS_CHAT, 'it is Ada’s song, and not her page');
    });
  },
);

test(
  'in private the card’s button and the command hand over the page; in a group the command leads there',
  LIMIT,
  async () => {
    await withLinking(async ({ telegram, card, press, handle, owner, newest }) => {
      const { messageId } = await card(ADAS_CHAT);
      await press(ADAS_CHAT, ADAS_CHAT, messageId);
      await handle();
      assert.equal(await owner(ADAS_CHAT), ADAS_CHAT);
      await says(telegram, ADAS_CHAT, '/jam link');
      await handle();
      assert.equal(await owner(ADAS_CHAT), ADAS_CHAT);
      await says(telegram, GROUP_CHAT, '/jam link', { by: BEN });
      await handle();
      assert.deepEqual(
        newest(GROUP_CHAT)?.buttons.map(({ url }) => url),
        [DEEP_LINK],
      );
    });
  },
);

test(
  'a song in private is answered with the page, once it is accepted; in a group its card says it',
  LIMIT,
  async () => {
    await withLinking(async ({ telegram, handle, owner, accepted }) => {
      await says(telegram, ADAS_CHAT, '/split', { files: [song('a.mp3')] });
      await handle();
      assert.equal(await owner(ADAS_CHAT), ADAS_CHAT);
      await says(telegram, GROUP_CHAT, '/split', { files: [song('b.mp3')] });
      await handle();
      assert.equal((await accepted()).length, 2);
      assert.deepEqual(said(telegram, GROUP_CHAT), []);
    });
  },
);

test('whoever speaks as a chat is told to speak as themselves, and nothing is computed for them', LIMIT, async () => {
  await withLinking(async ({ telegram, take, process, accepted }) => {
    await says(telegram, GROUP_CHAT, '/split', { files: [song('a.mp3')] });
    const [update] = await take();
    assert.ok(update?.message !== undefined);
    // As an admin without a name writes.
    const { message } = update;
    await (await process()).handle({ ...update, message: { ...message, sender_chat: message.chat } });
    assert.match(said(telegram, GROUP_CHAT).join(), /ask as yourself/u);
    assert.equal((await accepted()).length, 0);
  });
});

test('a code that the page showed is typed where one is, and is good for its own asker alone', LIMIT, async () => {
  await withLinking(async ({ telegram, handle, newest, database, sql }) => {
    const linking = createLinking(database);
    await says(telegram, ADAS_CHAT, '/jam link');
    await handle();
    const url = newest(ADAS_CHAT)?.buttons[0]?.url ?? undefined;
    const { rows } = (await sql("insert into member (display_name) values ('Ada') returning id")) as {
      rows: { id: string }[];
    };
    const parked = await linking.park(tokenOf(url), rows[0]?.id ?? '');
    assert.ok(parked !== null);
    await says(telegram, BENS_CHAT, `/jam link ${parked.code}`, { by: BEN });
    await handle();
    assert.match(said(telegram, BENS_CHAT).join(), /not the code/u);
    await says(telegram, ADAS_CHAT, `/jam link ${parked.code.toLowerCase()}`);
    await handle();
    assert.match(newest(ADAS_CHAT)?.text ?? '', /Done/u);
    assert.ok(await linking.isLinked({ platform: 'telegram', userId: ADAS_CHAT, displayName: 'Ada' }));
  });
});
