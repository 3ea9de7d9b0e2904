/** An answer that is longer than a message comes whole. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { ADA, BEN, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { helpLines } from '../core/help-lines.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { openLedger, until } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';

const HERE = { chat: REHEARSAL.id, thread: null };

let ledger: Ledger;
let bot: DiscordBot;
let help: string;
before(async () => {
  ledger = await openLedger();
  bot = await ledger.openBot();
  help = letters(helpLines(wordsOf(USUAL_LANGUAGE), ledger.deps.strategies, ledger.deps.style).join(''));
});
after(async () => {
  await ledger.close();
  assert.deepEqual(bot.errors.map(String), []);
});

/** Without what makes a text inert, and without spaces. */
function letters(text: string): string {
  return text.replaceAll(/[\s\\\u2060]/gu, '');
}

function told(isIt: (message: SeenMessage) => boolean): readonly SeenMessage[] {
  return bot.discord.conversation.messages(REHEARSAL.id).filter((message) => message.by === 'bot' && isIt(message));
}

async function wholeHelp(isIt: (message: SeenMessage) => boolean): Promise<readonly SeenMessage[]> {
  const end = help.slice(-60);
  await until(() => told(isIt).some(({ text }) => letters(text).endsWith(end)));
  const messages = told(isIt);
  assert.ok(messages.length > 1);
  assert.equal(letters(messages.map(({ text }) => text).join('')), help);
  return messages;
}

async function askForHelp(by: string): Promise<void> {
  const command = { kind: 'command', verb: 'help', options: {}, text: '', file: null } as const;
  const { acknowledgedMs } = await bot.discord.act({ ...command, by, at: HERE });
  assert.notEqual(await acknowledgedMs, null);
}

test('to a command: all of it in order, for nobody else', async () => {
  await askForHelp(ADA.id);
  await wholeHelp(({ onlyFor }) => onlyFor === ADA.id);
});

test('to a command of a slow day, which was told that more is coming', async () => {
  const { bands } = ledger.deps;
  const slow = { ...bands, of: bands.of.bind(bands) };
  const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
  Object.assign(bands, {
    of: async (...given: Parameters<typeof bands.of>) => {
      await held;
      return await slow.of(...given);
    },
  });
  try {
    await askForHelp(BEN.id);
    release(undefined);
    await wholeHelp(({ onlyFor }) => onlyFor === BEN.id);
  } finally {
    release(undefined);
    Object.assign(bands, { of: slow.of });
  }
});

test('to a mention: in order, the first as a reply', async () => {
  const text = `<@${bot.discord.botId}> help`;
  const said = await bot.discord.act({ kind: 'message', by: ADA.id, at: HERE, text, files: [], replyTo: null });
  const [first, ...more] = await wholeHelp(({ onlyFor }) => onlyFor === null);
  assert.equal(first?.replyTo, said.id);
  assert.ok(more.every(({ replyTo }) => replyTo === null));
});
