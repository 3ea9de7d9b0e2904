/** The gateway is cut in every way there is: nothing that Discord repeats is lost, and what it does not repeat is found in the channels. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { testRandom } from '../../stack/seeded-random.test-kit.ts';
import type { PersonPlace } from '../../tools/emulators/core/emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, BEN, BOT, NEW_SONG, OVERDUBS, REHEARSAL, SONGS } from '../../tools/emulators/discord/options.ts';
import { openLedger, until } from './ledger.test-kit.ts';
import type { DiscordBot, Ledger } from './ledger.test-kit.ts';

/** A client begins one session in five seconds at most: several of them, side by side, are cut together. */
const BOTS = 10;
const CUTS = 50;
const HEARTBEAT_MS = 1500;
/** Discord's three seconds are no matter here. */
const ANSWER_MS = 45_000;

interface Cut {
  readonly name: string;
  readonly isResumable: boolean;
  strike(discord: DiscordEmulator): void;
}

const KINDS: readonly Cut[] = [
  { name: 'op 7', isResumable: true, strike: (discord) => discord.askToReconnect() },
  { name: 'op 9, resumable', isResumable: true, strike: (discord) => discord.invalidateSessions(true) },
  { name: 'close 4000', isResumable: true, strike: (discord) => discord.closeGateway(4000) },
  { name: 'reset', isResumable: true, strike: (discord) => discord.resetGateway() },
  { name: 'no acknowledgement', isResumable: true, strike: (discord) => discord.withholdAcks(true) },
  { name: 'op 9, not resumable', isResumable: false, strike: (discord) => discord.invalidateSessions(false) },
  { name: 'close 4007', isResumable: false, strike: (discord) => discord.closeGateway(4007) },
  { name: 'close 4009', isResumable: false, strike: (discord) => discord.closeGateway(4009) },
];

/** Every kind as often as any other, and as many sessions to begin for each bot as for any other. */
function dealt(random: () => number): readonly (readonly Cut[])[] {
  const cuts = Array.from({ length: CUTS }, (_, index) => KINDS[index % KINDS.length] as Cut);
  const inGroups = shuffled(cuts, random).toSorted((a, b) => Number(a.isResumable) - Number(b.isResumable));
  return Array.from({ length: BOTS }, (_, bot) =>
    shuffled(
      inGroups.filter((_cut, index) => index % BOTS === bot),
      random,
    ),
  );
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** What a person sent, by the ledger's key. */
interface Sent {
  readonly key: string;
  readonly isCommand: boolean;
  /** Before the cut, or in a gap that Discord repeats. */
  readonly isRepeated: boolean;
}

interface Person {
  readonly sent: Sent[];
  /** A command with a file, and a mention with one, somewhere. */
  send(isRepeated: boolean): Promise<void>;
}

function createPerson(discord: DiscordEmulator, by: string, random: () => number): Person {
  const places: readonly PersonPlace[] = [
    { chat: REHEARSAL.id, thread: null },
    { chat: REHEARSAL.id, thread: OVERDUBS.id },
    { chat: SONGS.id, thread: NEW_SONG.id },
    { chat: discord.directChat(by), thread: null },
  ];
  const sent: Sent[] = [];
  return {
    sent,
    async send(isRepeated) {
      const at = places[sent.length < 2 * places.length ? sent.length / 2 : Math.floor(random() * places.length)];
      assert.ok(at !== undefined);
      const file = { name: `${String(sent.length)}.mp3`, bytes: Buffer.from('la'), mimeType: 'audio/mpeg' };
      const typed = { kind: 'command', by, at, verb: 'split', options: {}, text: '', file } as const;
      const said = {
        kind: 'message',
        by,
        at,
        text: `<@${discord.botId}> split`,
        files: [file],
        replyTo: null,
      } as const;
      const [command, message] = [await discord.act(typed), await discord.act(said)];
      sent.push({ key: command.id, isCommand: true, isRepeated }, { key: message.id, isCommand: false, isRepeated });
    },
  };
}

async function cutAndComeBack(
  { discord, connection }: DiscordBot,
  person: Person,
  { isResumable, strike }: Cut,
): Promise<void> {
  let returns = 0;
  connection.client.once(isResumable ? 'shardResume' : 'shardReady', () => {
    returns += 1;
  });
  const isBack = (): boolean => returns > 0;
  await person.send(true);
  strike(discord);
  await person.send(isResumable);
  await until(() => discord.gatewayConnections() === 0 || isBack());
  if (!isBack()) await person.send(isResumable);
  await until(isBack);
  discord.withholdAcks(false);
}

/** A session that ends in the moment in which it was resumed: the library reads of it then what it was. */
async function cutTwice(ledger: Ledger): Promise<void> {
  const seed = { ...BOT, id: String(BigInt(BOT.id) + BigInt(BOTS)) };
  const { discord, errors } = await ledger.openBot({ bot: seed });
  discord.closeGateway(4000);
  while (discord.gatewayCounts.resumes === 0) await setImmediate();
  discord.invalidateSessions(false);
  await until(() => discord.gatewayCounts.identifies === 2);
  assert.deepEqual(errors.map(String), []);
}

async function runBot(ledger: Ledger, number: number, cuts: readonly Cut[], random: () => number): Promise<DiscordBot> {
  const seed = { ...BOT, id: String(BigInt(BOT.id) + BigInt(number)) };
  const bot = await ledger.openBot({ bot: seed, heartbeatMs: HEARTBEAT_MS, acknowledgeMs: ANSWER_MS });
  const { discord } = bot;
  const { id: by } = [ADA, BEN][number % 2] ?? ADA;
  const person = createPerson(discord, by, random);
  // Where the bot was never spoken to it does not look.
  for (let place = 0; place < 4; place += 1) {
    await person.send(true);
    await until(async () => (await ledger.accepted(discord.botId)).length === person.sent.length);
  }
  for (const cut of cuts) await cutAndComeBack(bot, person, cut);
  await person.send(true);

  const needed = person.sent.filter(({ isRepeated, isCommand }) => isRepeated || !isCommand).map(({ key }) => key);
  await until(async () => {
    const keys = await keysOf(ledger, discord);
    return needed.every((key) => keys.has(key));
  });
  const sent = new Set(person.sent.map(({ key }) => key));
  const others = [...(await keysOf(ledger, discord))].filter((key) => !sent.has(key));
  assert.deepEqual(others, [], 'nothing else is in the ledger');
  const gaps = cuts.filter(({ isResumable }) => !isResumable).length;
  assert.equal(discord.gatewayCounts.identifies, 1 + gaps, cuts.map(({ name }) => name).join(', '));
  assert.deepEqual(bot.errors.map(String), []);
  return bot;
}

async function keysOf(ledger: Ledger, { botId }: DiscordEmulator): Promise<Set<string>> {
  return new Set((await ledger.accepted(botId)).map(({ key }) => key));
}

test('50 cuts: no command is lost that Discord repeats, no mention at all, and a session begins only where one ended', async (t) => {
  const { random } = testRandom(t);
  const ledger = await openLedger();
  try {
    const hands = dealt(random);
    assert.equal(hands.flat().length, CUTS);
    const [bots] = await Promise.all([
      Promise.all(hands.map(async (cuts, number) => await runBot(ledger, number, cuts, random))),
      cutTwice(ledger),
    ]);
    const begun = bots.map(({ discord }) => discord.gatewayCounts.identifies).join(' ');
    t.diagnostic(`sessions begun by ${String(BOTS)} bots in ${String(CUTS)} cuts: ${begun}`);
  } finally {
    await ledger.close();
  }
});
