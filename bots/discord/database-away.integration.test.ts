/** What people say while the database is away is in the ledger when it is back, once and in order. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Acted, PersonPlace } from '../../tools/emulators/core/emulator.ts';
import { ADA, BEN, BOT, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { openLedger, PATIENCE_MS, until } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';
import { MOST_WAITING } from './sure-turns.ts';

const HERE: PersonPlace = { chat: REHEARSAL.id, thread: null };

let ledger: Ledger;
before(async () => {
  ledger = await openLedger();
});
after(async () => {
  await ledger.close();
});

async function say({ discord }: DiscordBot, at: PersonPlace, text: string): Promise<Acted> {
  return await discord.act({ kind: 'message', by: ADA.id, at, text, files: [], replyTo: null });
}

async function keys({ discord }: DiscordBot): Promise<string[]> {
  return (await ledger.accepted(discord.botId)).map(({ key }) => key);
}

async function whileAway(work: () => Promise<void>): Promise<void> {
  await ledger.sql('alter table inbound_event rename to away');
  try {
    await work();
  } finally {
    await ledger.sql('alter table away rename to inbound_event');
  }
}

test('mentions and private messages are written once it is back, each once and in their order', async () => {
  const bot = await ledger.openBot();
  const at = `<@${bot.discord.botId}>`;
  const direct: PersonPlace = { chat: bot.discord.directChat(ADA.id), thread: null };
  await say(bot, HERE, `${at} split https://example.org/known.mp3`);
  await until(async () => (await keys(bot)).length === 1);
  const channel: string[] = [];
  const inPrivate: string[] = [];
  await whileAway(async () => {
    for (const song of ['0', '1', '2']) {
      channel.push((await say(bot, HERE, `${at} split https://example.org/${song}.mp3`)).id);
      inPrivate.push((await say(bot, direct, `split https://example.org/private-${song}.mp3`)).id);
    }
    await until(() => bot.errors.length >= 4);
    // A new session looks back: what waits is not done.
    bot.connection.client.emit('shardReady', 0, undefined);
    await until(() => bot.errors.length >= 6);
  });
  await until(async () => (await keys(bot)).length === 7);
  const written = await keys(bot);
  assert.deepEqual(
    written.filter((key) => channel.includes(key)),
    channel,
  );
  assert.deepEqual(
    written.filter((key) => inPrivate.includes(key)),
    inPrivate,
  );
  await bot.stop();
  assert.deepEqual((await keys(bot)).toSorted(), [...new Set(written)].toSorted());
});

test('who gives a command then is told that it did not work, in their own language, at once or after a while', async () => {
  const bot = await ledger.openBot({ bot: { ...BOT, id: '290000000000000004' } });
  const split = async (by: string): Promise<void> => {
    const options = { song: 'https://example.org/command.mp3' };
    const action = { kind: 'command', by, at: HERE, verb: 'split', options, text: '', file: null } as const;
    const { acknowledgedMs } = await bot.discord.act(action);
    assert.notEqual(await acknowledgedMs, null);
  };
  const told = async (by: string, pattern: RegExp): Promise<void> => {
    await bot.discord.conversation.until(({ onlyFor, text }) => onlyFor === by && pattern.test(text), PATIENCE_MS);
  };
  await whileAway(async () => {
    await split(BEN.id);
    await told(BEN.id, /Das hat nicht geklappt/u);
    const { inbox } = ledger.deps;
    const { accept } = inbox;
    const { promise: thinking, resolve: end } = Promise.withResolvers<undefined>();
    Object.assign(inbox, {
      accept: async (...given: Parameters<typeof accept>) => {
        await thinking;
        return await accept.apply(inbox, given);
      },
    });
    try {
      await split(ADA.id);
      end(undefined);
      await told(ADA.id, /That did not work/u);
    } finally {
      Object.assign(inbox, { accept });
    }
  });
  assert.equal(bot.errors.length, 2);
  assert.deepEqual(await keys(bot), []);
});

test('a bot that comes back before the database still finds what was said to it', async () => {
  const bot = await ledger.openBot({ bot: { ...BOT, id: '290000000000000002' } });
  const at = `<@${bot.discord.botId}>`;
  await say(bot, HERE, `${at} split https://example.org/before.mp3`);
  await until(async () => (await keys(bot)).length === 1);
  await bot.stop();
  const { id } = await say(bot, HERE, `${at} split https://example.org/between.mp3`);
  await whileAway(async () => {
    await bot.start();
    await until(() => bot.errors.length >= 2);
  });
  await until(async () => (await keys(bot)).includes(id));
});

test('messages for which there is no room are found in the channel', { timeout: 300_000 }, async () => {
  const bot = await ledger.openBot({ bot: { ...BOT, id: '290000000000000003' } });
  const at = `<@${bot.discord.botId}>`;
  await say(bot, HERE, `${at} split https://example.org/known.mp3`);
  await until(async () => (await keys(bot)).length === 1);
  const more = MOST_WAITING + 5;
  await whileAway(async () => {
    for (let song = 0; song < more; song += 1) {
      await say(bot, HERE, `${at} split https://example.org/many-${String(song)}.mp3`);
    }
    await until(() => bot.errors.filter((error) => String(error).includes('wait to be written down')).length === 5);
  });
  await until(async () => (await keys(bot)).length === more + 1);
  await bot.stop();
  assert.equal(new Set(await keys(bot)).size, more + 1);
});
