/** Accounts: everybody gets a page of their own, that nobody else sees. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLinking } from '../../db/linking.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import type { PersonAction } from '../../tools/emulators/core/emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, BEN, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { tokenOf } from '../core/accounts.test-kit.ts';
import { letEverybodyLink, postWaitingCard } from '../core/waiting-card.test-kit.ts';
import { openLedger, PATIENCE_MS } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';
import { createDiscordPort } from './outbound.ts';

const HERE = { chat: REHEARSAL.id, thread: null };
const LABEL = 'Link account';

let testDatabase: TestDatabase;
let database: Database;
let ledger: Ledger;
let bot: DiscordBot;
let discord: DiscordEmulator;
const looked = new Set<string>();

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  ledger = await openLedger(database);
  letEverybodyLink(ledger.deps, database);
  bot = await ledger.openBot();
  ({ discord } = bot);
});

after(async () => {
  // What the channel reads opens nobody's page.
  for (const event of discord.conversation.events) {
    if (event.kind === 'posted' && event.message.onlyFor === null && event.message.chat === REHEARSAL.id) {
      assert.doesNotMatch(JSON.stringify(event), /\/link\//u);
    }
  }
  await ledger.close();
  await database.close();
  await testDatabase.close();
  assert.deepEqual(bot.errors.map(String), []);
});

function pageIn({ buttons }: SeenMessage): string | undefined {
  return buttons.find(({ label, url }) => label === LABEL && url !== null && !looked.has(url))?.url ?? undefined;
}

/** Resolves with whose page the next answer that only this person sees opens. */
async function owner(by: { readonly id: string }): Promise<string | undefined> {
  const told = await discord.conversation.until(
    (message) => message.onlyFor === by.id && pageIn(message) !== undefined,
    PATIENCE_MS,
  );
  const url = pageIn(told);
  looked.add(url ?? '');
  return (await createLinking(database).look(tokenOf(url)))?.userId;
}

async function act(action: PersonAction): Promise<void> {
  const { acknowledgedMs } = await discord.act(action);
  assert.notEqual(await acknowledgedMs, null, 'it was acknowledged');
}

async function jam(by: { readonly id: string }, text: string, options: Record<string, string> = {}): Promise<void> {
  await act({ kind: 'command', by: by.id, at: HERE, verb: 'jam', options, text, file: null });
}

test('the card’s button gives whoever presses their own page, for their eyes alone', async () => {
  const port = createDiscordPort({ rest: bot.rest, uploadLimitBytes: async () => 1e7, ownHost: null });
  const { messageId } = await postWaitingCard(ledger.deps, database, port, {
    address: { platform: 'discord', botId: discord.botId, chatId: REHEARSAL.id, threadId: null },
    requester: { platform: 'discord', userId: ADA.id, displayName: ADA.displayName },
  });
  for (const by of [BEN, ADA]) {
    await act({ kind: 'press', by: by.id, at: HERE, messageId, label: LABEL });
    assert.equal(await owner(by), by.id);
  }
});

test('the command hands it over, and so does the answer to a song', async () => {
  await jam(BEN, 'link');
  assert.equal(await owner(BEN), BEN.id);
  const file = { name: 'a.mp3', bytes: new TextEncoder().encode('a'), mimeType: 'audio/mpeg' };
  await act({ kind: 'command', by: ADA.id, at: HERE, verb: 'split', options: {}, text: '', file });
  assert.equal(await owner(ADA), ADA.id);
});

test('a mention is answered for everybody, so it says where the page is; a song’s card has the button', async () => {
  const said = { kind: 'message', by: BEN.id, at: HERE, files: [], replyTo: null } as const;
  await discord.act({ ...said, text: `<@${discord.botId}> https://example.org/a.mp3` });
  await discord.act({ ...said, text: `<@${discord.botId}> jam link` });
  const told = await discord.conversation.until(({ text }) => /\/jam link.*only you see/u.test(text), PATIENCE_MS);
  assert.deepEqual([told.onlyFor, told.buttons], [null, []]);
  const rows = await ledger.sql(`select 1 from inbound_event where payload::text like '%example.org/a.mp3%'`);
  // The card of the first test has the same link.
  assert.equal(rows.length, 2);
});

test('a code of somebody else’s page is worth nothing; one’s own links, and can be taken back', async () => {
  const linking = createLinking(database);
  const { token } = await linking.makeToken({ platform: 'discord', userId: ADA.id, displayName: ADA.displayName });
  const [member] = await ledger.sql<{ id: string }>("insert into member (display_name) values ('Ada') returning id");
  const parked = await linking.park(token, member?.id ?? '');
  const code = parked?.code ?? '';
  const told = async (pattern: RegExp, by: { readonly id: string }): Promise<void> => {
    await discord.conversation.until(({ text, onlyFor }) => onlyFor === by.id && pattern.test(text), PATIENCE_MS);
  };
  await jam(BEN, 'link', { code });
  await told(/not the code/u, BEN);
  await jam(ADA, 'link', { code });
  await told(/^Done/u, ADA);
  await jam(ADA, 'link');
  await told(/linked already/u, ADA);
  await jam(ADA, 'unlink');
  await told(/not linked any more/u, ADA);
});
