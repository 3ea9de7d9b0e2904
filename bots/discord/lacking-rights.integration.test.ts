/** Where a card could not stand, whoever asks is told what the bot lacks, and nothing is begun. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PersonAction, PersonFile } from '../../tools/emulators/core/emulator.ts';
import { ADA, BEN, NOTICES, OVERDUBS, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import type { Permission } from '../../tools/emulators/discord/permissions.ts';
import { openLedger, PATIENCE_MS } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';

const HERE = { chat: REHEARSAL.id, thread: null };
const THREAD = { chat: REHEARSAL.id, thread: OVERDUBS.id };
const FILE: PersonFile = { name: 'take.mp3', bytes: Buffer.from('take'), mimeType: 'audio/mpeg' };

let ledger: Ledger;
let bot: DiscordBot;
before(async () => {
  ledger = await openLedger();
  bot = await ledger.openBot();
});
after(async () => {
  await ledger.close();
  assert.deepEqual(bot.errors.map(String), []);
});

async function act(action: PersonAction): Promise<void> {
  const { acknowledgedMs } = await bot.discord.act(action);
  assert.notEqual(await acknowledgedMs, null, 'it was acknowledged');
}

async function split(by: string, at: typeof HERE | typeof THREAD): Promise<void> {
  await act({ kind: 'command', by, at, verb: 'split', options: {}, text: '', file: FILE });
}

async function told(by: string, pattern: RegExp): Promise<void> {
  await bot.discord.conversation.until(
    ({ text, onlyFor }) => onlyFor === by && pattern.test(text.replaceAll('\\', '')),
    PATIENCE_MS,
  );
}

async function begun(): Promise<number> {
  return (await ledger.accepted(bot.discord.botId)).length;
}

const LACKING: readonly (readonly [Permission, typeof HERE | typeof THREAD, RegExp])[] = [
  ['viewChannel', HERE, /I lack “View Channel”, “Send Messages”, “Embed Links”, “Attach Files” here/u],
  ['sendMessages', HERE, /I lack “Send Messages” here/u],
  ['sendMessagesInThreads', THREAD, /I lack “Send Messages in Threads” here/u],
  ['embedLinks', HERE, /I lack “Embed Links” here/u],
  ['attachFiles', HERE, /I lack “Attach Files” here/u],
];

for (const [right, at, says] of LACKING) {
  test(`a command without ${right} begins nothing`, async () => {
    bot.discord.setLacking(REHEARSAL.id, [right]);
    await split(ADA.id, at);
    await told(ADA.id, says);
    assert.equal(await begun(), 0);
    bot.discord.setLacking(REHEARSAL.id, []);
  });
}

test('a message’s menu begins nothing either, and what needs no card is answered', async () => {
  const said = await bot.discord.act({ kind: 'message', by: BEN.id, at: HERE, text: '', files: [FILE], replyTo: null });
  bot.discord.setLacking(REHEARSAL.id, ['sendMessages', 'embedLinks']);
  await act({ kind: 'shortcut', by: BEN.id, at: HERE, name: 'Write the chords', messageId: said.id });
  await told(BEN.id, /I lack “Send Messages”, “Embed Links” here/u);
  await act({ kind: 'command', by: BEN.id, at: HERE, verb: 'jobs', options: {}, text: '', file: null });
  await told(BEN.id, /No jobs yet/u);
  assert.equal(await begun(), 0);
  bot.discord.setLacking(REHEARSAL.id, []);
});

test('it is said in the language of the band', async () => {
  const at = { chat: NOTICES.id, thread: null };
  await act({
    kind: 'command',
    by: ADA.id,
    at,
    verb: 'jam',
    options: { language: 'de' },
    text: 'settings',
    file: null,
  });
  await split(ADA.id, at);
  await told(ADA.id, /Mir fehlt hier „Nachrichten senden“/u);
});

test('a thread needs no right for the channel above it, and with all rights it begins', async () => {
  bot.discord.setLacking(REHEARSAL.id, ['sendMessages']);
  await split(ADA.id, THREAD);
  await told(ADA.id, /On it/u);
  bot.discord.setLacking(REHEARSAL.id, []);
  await split(BEN.id, HERE);
  await told(BEN.id, /On it/u);
  const direct = { chat: bot.discord.directChat(ADA.id), thread: null };
  await split(ADA.id, direct);
  assert.equal(await begun(), 3);
});
