/** Links that bring another chat into the band. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, BEN, GROUP, PRIVATE_CHAT } from '../../tools/emulators/telegram/options.ts';
import type { ChatSeed } from '../../tools/emulators/telegram/options.ts';
import { ADAS_CHAT, GROUP_CHAT } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { BandView } from '../../workflows/contract/band.ts';
import { said, says, withInbound } from './inbound.test-kit.ts';
import type { InboundBench } from './inbound.test-kit.ts';

const LIMIT = { timeout: 240_000 };
const BENS_CHAT = String(BEN.id);
const CHATS: readonly ChatSeed[] = [PRIVATE_CHAT, { ...PRIVATE_CHAT, id: BEN.id, members: [BEN.id] }, GROUP];
/** As Telegram opens it: with the start button's payload in a private chat, and with the bot's name in a group. */
const LINK = /^https:\/\/t\.me\/(\w+)\?(start|startgroup)=([\w-]{1,64})$/u;

interface OpenedLink {
  readonly bot: string;
  readonly payload: string;
}

async function handle(bench: InboundBench): Promise<void> {
  const process = await bench.process();
  for (const update of await bench.take()) await process.handle(update);
}

/** What can be opened from the newest answer in a chat, by what it opens. */
function links({ telegram }: InboundBench, chat: string): ReadonlyMap<string, OpenedLink> {
  const newest = telegram.conversation.messages(chat).findLast(({ by }) => by === 'bot');
  return new Map(
    (newest?.buttons ?? []).flatMap(({ url }) => {
      const [, bot = '', kind = '', payload = ''] = LINK.exec(url ?? '') ?? [];
      return kind === '' ? [] : [[kind, { bot, payload }]];
    }),
  );
}

async function bandOf({ deps }: InboundBench, chatId: string): Promise<BandView> {
  const address = { platform: 'telegram', botId: '7000001', chatId, threadId: null } as const;
  return await deps.bands.of(address, { platform: 'telegram', userId: ADAS_CHAT, displayName: 'Ada' });
}

test('a new band shows links that join it, and whoever opens one is in it', LIMIT, async () => {
  await withInbound({ chats: CHATS }, async (bench) => {
    const { telegram } = bench;
    await says(telegram, ADAS_CHAT, '/jam band create "The @Sheds"');
    await handle(bench);
    const alone = links(bench, ADAS_CHAT).get('start');
    assert.equal(alone?.bot, 'woodshed_emulated_bot');
    await says(telegram, BENS_CHAT, `/start ${alone.payload}`, { by: BEN });
    await handle(bench);
    const band = await bandOf(bench, BENS_CHAT);
    assert.deepEqual([band.name, band.chats, band.id], ['The @Sheds', 2, (await bandOf(bench, ADAS_CHAT)).id]);
    assert.match(said(telegram, BENS_CHAT).join('\n'), /joined/u);
    assert.ok(
      telegram.conversation.messages(ADAS_CHAT).every(({ pings }) => pings.length === 0),
      'the name calls nobody',
    );
    assert.deepEqual([bench.errors, telegram.specReport().violations], [[], []]);
  });
});

test('the link for groups brings a group into the band', LIMIT, async () => {
  await withInbound({ chats: CHATS }, async (bench) => {
    const { telegram } = bench;
    await says(telegram, ADAS_CHAT, '/jam band create Sheds');
    await says(telegram, ADAS_CHAT, '/jam band code');
    await handle(bench);
    const group = links(bench, ADAS_CHAT).get('startgroup');
    assert.ok(group !== undefined);
    await says(telegram, GROUP_CHAT, `/start@${group.bot} ${group.payload}`, { by: ADA });
    await handle(bench);
    assert.equal((await bandOf(bench, GROUP_CHAT)).name, 'Sheds');
  });
});

test('the code beside it can be copied letter by letter, and works once', LIMIT, async () => {
  await withInbound({ chats: CHATS }, async (bench) => {
    const { telegram } = bench;
    await says(telegram, ADAS_CHAT, '/jam band code');
    await handle(bench);
    const typed = /\/jam band join [\dA-Z]{8}/u.exec(said(telegram, ADAS_CHAT).at(-1) ?? '')?.[0];
    assert.ok(typed !== undefined, said(telegram, ADAS_CHAT).join('\n'));
    await says(telegram, GROUP_CHAT, typed);
    await handle(bench);
    assert.equal((await bandOf(bench, GROUP_CHAT)).id, (await bandOf(bench, ADAS_CHAT)).id);
    const used = links(bench, ADAS_CHAT).get('start');
    await says(telegram, BENS_CHAT, `/start ${used?.payload ?? ''}`, { by: BEN });
    await handle(bench);
    assert.match(said(telegram, BENS_CHAT).at(-1) ?? '', /has been used/u);
  });
});

test('a link that is none of ours opens the list of what can be said', LIMIT, async () => {
  await withInbound({ chats: CHATS }, async (bench) => {
    const { telegram } = bench;
    for (const payload of ['', ' hello', ' join_', ' join_ABC-DEF', " join_'or1=1"]) {
      await says(telegram, ADAS_CHAT, `/start${payload}`);
    }
    await handle(bench);
    const lists = said(telegram, ADAS_CHAT);
    assert.equal(lists.length, 5);
    for (const list of lists) assert.match(list, /^\/split/u);
  });
});
