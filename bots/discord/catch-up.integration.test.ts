/** What people wrote while the bot was away is found when it comes back, once; what they did with buttons and commands is not repeated. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Acted, PersonFile, PersonPlace } from '../../tools/emulators/core/emulator.ts';
import { ADA, BOT, NEW_SONG, NOTICES, OVERDUBS, REHEARSAL, SONGS } from '../../tools/emulators/discord/options.ts';
import { openLedger, PATIENCE_MS, until } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';

const HERE: PersonPlace = { chat: REHEARSAL.id, thread: null };
const THREAD: PersonPlace = { chat: REHEARSAL.id, thread: OVERDUBS.id };
const POST: PersonPlace = { chat: SONGS.id, thread: NEW_SONG.id };

let ledger: Ledger;
before(async () => {
  ledger = await openLedger();
});
after(async () => {
  await ledger.close();
});

function song(name: string): PersonFile {
  return { name, bytes: Buffer.from(name), mimeType: 'audio/mpeg' };
}

async function say({ discord }: DiscordBot, at: PersonPlace, text: string, files: PersonFile[] = []): Promise<Acted> {
  return await discord.act({ kind: 'message', by: ADA.id, at, text, files, replyTo: null });
}

async function keys({ discord }: DiscordBot): Promise<string[]> {
  return (await ledger.accepted(discord.botId)).map(({ key }) => key);
}

/** What the bot answered, by the place. */
function answers({ discord }: DiscordBot, { chat }: PersonPlace): string[] {
  return discord.conversation
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ text }) => text);
}

async function readAgain({ discord }: DiscordBot, reads: number): Promise<void> {
  await until(() => readsOf({ discord }) === reads);
}

function readsOf({ discord }: Pick<DiscordBot, 'discord'>): number {
  return discord.requests.filter(
    ({ method, status }) => method === 'GET /channels/{channel_id}/messages' && status !== null,
  ).length;
}

test('mentions, files with a mention and private messages of the time between are found where the bot was spoken to', async () => {
  const bot = await ledger.openBot();
  const at = `<@${bot.discord.botId}>`;
  const direct: PersonPlace = { chat: bot.discord.directChat(ADA.id), thread: null };
  const known = [HERE, THREAD, POST, direct];
  for (const place of known) await say(bot, place, `${at} jobs`);
  await until(() => [HERE, POST, direct].every((place) => answers(bot, place).length === (place === HERE ? 2 : 1)));
  await bot.stop();

  const found = [];
  for (const [index, place] of known.entries()) {
    await say(bot, place, 'not for the bot');
    found.push(await say(bot, place, `${at} split`, [song(`${String(index)}.mp3`)]));
  }
  await say(bot, direct, 'jobs');
  await say(bot, HERE, 'so that it is not in the first page', [song('mine.mp3')]);
  for (let line = 0; line < 120; line += 1) await say(bot, HERE, `line ${String(line)}`);
  await bot.start();
  await until(async () => (await keys(bot)).length === found.length);
  assert.deepEqual(new Set(await keys(bot)), new Set(found.map(({ id }) => id)));
  // Two in the private chat: what was said there is for the bot, all of it.
  await until(() => answers(bot, direct).length === 3);

  const [said, reads] = [bot.discord.conversation.messages(direct.chat).length, readsOf(bot)];
  await bot.stop();
  await bot.start();
  await readAgain(bot, reads * 2);
  assert.equal((await keys(bot)).length, found.length);
  assert.equal(bot.discord.conversation.messages(direct.chat).length, said, 'nothing is answered twice');
  assert.deepEqual(bot.errors.map(String), []);
});

test('a place that is closed to the bot is asked for once, and few of them in a row', async () => {
  const bot = await ledger.openBot({ bot: { ...BOT, id: '290000000000000002' } });
  const { botId } = bot.discord;
  const requester = { platform: 'discord', userId: ADA.id, displayName: ADA.displayName } as const;
  // The latest first: this one is the last.
  await ledger.deps.bands.of({ platform: 'discord', botId, chatId: NOTICES.id, threadId: null }, requester);
  for (let chat = 1; chat <= 5; chat += 1) {
    const address = { platform: 'discord', botId, chatId: String(chat), threadId: null } as const;
    await ledger.deps.bands.of(address, requester);
  }
  const asked = (): number =>
    bot.discord.requests.filter(({ method }) => method === 'GET /channels/{channel_id}').length;
  await bot.stop();
  await bot.start();
  await until(() => asked() === 3);
  // As another session says it.
  bot.connection.client.emit('shardReady', 0, undefined);
  await until(() => asked() === 5);
  bot.connection.client.emit('shardReady', 0, undefined);
  await until(() => readsOf(bot) === 2);
  assert.equal(asked(), 5);
  assert.deepEqual(bot.errors.map(String), []);
});

test('an interaction that is told twice is answered once', async () => {
  const bot = await ledger.openBot({ bot: { ...BOT, id: '290000000000000003' } });
  const { client } = bot.connection;
  client.once('interactionCreate', (interaction) => {
    client.emit('interactionCreate', interaction as ChatInputCommandInteraction);
  });
  const { acknowledgedMs } = await bot.discord.act({
    kind: 'command',
    by: ADA.id,
    at: HERE,
    verb: 'jam',
    options: { name: 'Twice' },
    text: 'band create',
    file: null,
  });
  assert.notEqual(await acknowledgedMs, null);
  await bot.discord.conversation.until(({ by, text }) => by === 'bot' && text.includes('Twice'), PATIENCE_MS);
  assert.equal((await ledger.sql(`select 1 from band where name = 'Twice'`)).length, 1);
  assert.deepEqual(bot.errors.map(String), []);
});
