/** What Discord gives with a command to answer it is worth nothing after 15 minutes; results of longer jobs come all the same. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { DiscordAPIError } from 'discord.js';
import type { ButtonInteraction, ChatInputCommandInteraction, MessageContextMenuCommandInteraction } from 'discord.js';
import type { Acted, PersonFile, PersonPlace } from '../../tools/emulators/core/emulator.ts';
import { ADA, BEN, OVERDUBS, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { openDeliveryPath, openHouse } from '../core/delivery-path.test-kit.ts';
import type { AskedJob, DeliveryPath, House } from '../core/delivery-path.test-kit.ts';
import { openLedger, PATIENCE_MS, until } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';
import { createDiscordPort } from './outbound.ts';

const MINUTE_MS = 60_000;
const INVALID_TOKEN = 50_027;
const HERE: PersonPlace = { chat: REHEARSAL.id, thread: null };
const THREAD: PersonPlace = { chat: REHEARSAL.id, thread: OVERDUBS.id };
const song: PersonFile = { name: 'song.mp3', bytes: Buffer.from('la'), mimeType: 'audio/mpeg' };

type Asking = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | ButtonInteraction;

let house: House;
let ledger: Ledger;
let bot: DiscordBot;
let path: DeliveryPath;
before(async () => {
  house = await openHouse();
  ledger = await openLedger(house.database);
  bot = await ledger.openBot();
  const { discord, rest, connection } = bot;
  const uploadLimitBytes = async (channelId: string): Promise<number> => await connection.uploadLimitBytes(channelId);
  const port = createDiscordPort({ rest, uploadLimitBytes, ownHost: new URL(discord.apiUrl).host });
  path = await openDeliveryPath(house, port, 'discord');
});
after(async () => {
  await path.stop();
  await ledger.close();
  await house.close();
  assert.deepEqual([bot.errors, path.errors].flat().map(String), []);
});

async function said(at: PersonPlace): Promise<Acted> {
  return await bot.discord.act({ kind: 'message', by: ADA.id, at, text: '', files: [song], replyTo: null });
}

/** Each asks for a job in its own way. */
const WAYS: readonly (readonly [string, PersonPlace | null, () => Promise<Acted>])[] = [
  [
    'a command in a channel',
    HERE,
    async () =>
      await bot.discord.act({
        kind: 'command',
        by: BEN.id,
        at: HERE,
        verb: 'split',
        options: {},
        text: '',
        file: song,
      }),
  ],
  [
    'the message menu in a thread',
    THREAD,
    async () => {
      const { id: messageId } = await said(THREAD);
      return await bot.discord.act({ kind: 'shortcut', by: BEN.id, at: THREAD, name: 'Split stems', messageId });
    },
  ],
  [
    'a button in private',
    null,
    async () => {
      const at = inPrivate();
      await said(at);
      const { id: messageId } = await bot.discord.conversation.until(
        ({ buttons }) => buttons.some(({ label }) => label === 'Split stems'),
        PATIENCE_MS,
      );
      return await bot.discord.act({ kind: 'press', by: ADA.id, at, messageId, label: 'Split stems' });
    },
  ],
];

function inPrivate(): PersonPlace {
  return { chat: bot.discord.directChat(ADA.id), thread: null };
}

/** The job that this made, with its card. */
async function begun(ask: () => Promise<Acted>): Promise<{ readonly job: AskedJob; readonly asking: Asking }> {
  const { discord, connection } = bot;
  const known = (await ledger.accepted(discord.botId)).length;
  const coming = once(connection.client, 'interactionCreate');
  const { acknowledgedMs } = await ask();
  const [asking] = (await coming) as [Asking];
  assert.notEqual(await acknowledgedMs, null);
  await until(async () => (await ledger.accepted(discord.botId)).length > known);
  const event = (await ledger.accepted(discord.botId)).at(-1);
  assert.ok(event?.payload.kind === 'job');
  const job = await path.ask(event.payload.request);
  assert.deepEqual((await job.postCard()).isThere, true);
  return { job, asking };
}

for (const [way, place, ask] of WAYS) {
  test(`asked for by ${way}, a result that takes 20 minutes is delivered`, async () => {
    const { discord } = bot;
    const { job, asking } = await begun(ask);
    discord.advance(20 * MINUTE_MS);
    await assert.rejects(
      async () => await asking.editReply('too late'),
      (error) => error instanceof DiscordAPIError && error.code === INVALID_TOKEN,
    );
    const earlier = discord.requests.length;
    assert.deepEqual(await job.deliver(await job.parcel('files')), { state: 'delivered' });
    const made = discord.requests.slice(earlier);
    assert.ok(
      made.every(
        ({ method, status }) => !method.includes('webhook') && !method.includes('interaction') && status === 200,
      ),
      JSON.stringify(made),
    );
    const { chat, thread } = place ?? inPrivate();
    const own = new Set(job.files.map(({ blob }) => blob.sha256));
    const shown = discord.conversation
      .messages(chat)
      .filter(({ files }) => files.some(({ sha256 }) => own.has(sha256)));
    assert.deepEqual(
      shown.map((message) => [message.thread, message.onlyFor, message.files.map(({ sha256 }) => sha256)]),
      [[thread, null, [...own]]],
    );
  });
}
