import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import type { Acted, PersonAction, PersonFile } from '../../tools/emulators/core/emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, BEN, NEW_SONG, OVERDUBS, REHEARSAL, SONGS } from '../../tools/emulators/discord/options.ts';
import { openLedger, PATIENCE_MS, until } from './ledger.test-kit.ts';
import type { AcceptedRow, DiscordBot, Ledger } from './ledger.test-kit.ts';

const HERE = { chat: REHEARSAL.id, thread: null };

let ledger: Ledger;
let bot: DiscordBot;
let discord: DiscordEmulator;

before(async () => {
  ledger = await openLedger();
  bot = await ledger.openBot();
  ({ discord } = bot);
});

after(async () => {
  await ledger.close();
  assert.deepEqual(bot.errors.map(String), []);
});

function song(name: string): PersonFile {
  return { name, bytes: new TextEncoder().encode(name), mimeType: 'audio/mpeg' };
}

async function act(action: PersonAction): Promise<Acted> {
  const acted = await discord.act(action);
  assert.notEqual(await acted.acknowledgedMs, null, 'it was acknowledged');
  return acted;
}

async function command(verb: string, given: Partial<Extract<PersonAction, { kind: 'command' }>> = {}): Promise<Acted> {
  return await act({ kind: 'command', by: ADA.id, at: HERE, verb, options: {}, text: '', file: null, ...given });
}

/** The event that names this file, once it is in the ledger. */
async function acceptedWith(name: string): Promise<readonly AcceptedRow[]> {
  const found = async (): Promise<readonly AcceptedRow[]> =>
    (await ledger.accepted(discord.botId)).filter(({ payload }) => JSON.stringify(payload).includes(name));
  await until(async () => (await found()).length > 0);
  return await found();
}

async function answer(pattern: RegExp): Promise<SeenMessage> {
  return await discord.conversation.until(({ by, text }) => by === 'bot' && pattern.test(text), PATIENCE_MS);
}

test('a slash command with a file is in the ledger when it is acknowledged, and told to the asker alone', async () => {
  const { id } = await command('split', { file: song('slash.mp3'), options: { strategy: 'band', want: 'drums,bass' } });
  const [event, ...more] = await acceptedWith('slash.mp3');
  assert.deepEqual(more, []);
  assert.equal(event?.key, id);
  assert.ok(event.payload.kind === 'job');
  const { address, requester, command: asked } = event.payload.request;
  assert.deepEqual(address, {
    platform: 'discord',
    botId: discord.botId,
    chatId: REHEARSAL.id,
    threadId: null,
  });
  assert.deepEqual([requester.userId, requester.displayName], [ADA.id, ADA.displayName]);
  assert.ok(asked.kind === 'split');
  assert.deepEqual([asked.strategy, asked.pick], ['band', { kind: 'want', stems: ['drums', 'bass'] }]);
  assert.equal((await answer(/On it/u)).onlyFor, ADA.id);
});

test('words of a song come as a text file; numbers are numbers', async () => {
  const words = { name: 'words.txt', bytes: new TextEncoder().encode('One line\nand mine'), mimeType: 'text/plain' };
  const link = 'https://example.org/sung.mp3';
  await command('lyrics', { file: words, fileOption: 'text', options: { song: link } });
  const [event] = await acceptedWith('sung.mp3');
  assert.ok(event?.payload.kind === 'job');
  assert.deepEqual(event.payload.request.command, {
    kind: 'lyrics',
    source: { kind: 'link', url: link },
    given: 'One line\nand mine',
  });
  const novel = { ...words, bytes: new TextEncoder().encode('la '.repeat(30_000)) };
  await command('lyrics', { file: novel, fileOption: 'text', options: { song: link } });
  assert.equal((await answer(/more text than a song has/u)).onlyFor, ADA.id);
  await command('chords', { file: song('chords.mp3'), options: { capo: '2', transpose: '-1' } });
  const [asked] = await acceptedWith('chords.mp3');
  assert.ok(asked?.payload.kind === 'job' && asked.payload.request.command.kind === 'chords');
  assert.deepEqual(asked.payload.request.command.options, { capo: 2, transpose: -1, detail: 'simple' });
});

test('a message’s menu takes its songs, also in a thread and a forum’s post', async () => {
  for (const [index, at] of [
    { chat: REHEARSAL.id, thread: OVERDUBS.id },
    { chat: SONGS.id, thread: NEW_SONG.id },
  ].entries()) {
    const name = `menu-${String(index)}.mp3`;
    const said = await discord.act({
      kind: 'message',
      by: ADA.id,
      at,
      text: 'take',
      files: [song(name)],
      replyTo: null,
    });
    await act({ kind: 'shortcut', by: BEN.id, at, name: 'Split stems', messageId: said.id });
    const [event] = await acceptedWith(name);
    assert.ok(event?.payload.kind === 'job');
    assert.deepEqual(
      [event.payload.request.address.chatId, event.payload.request.address.threadId],
      [at.chat, at.thread],
    );
    assert.equal(event.payload.request.requester.userId, BEN.id);
  }
});

test('a mention with several files is one event with a job each; ten are the most', async () => {
  const files = Array.from({ length: 3 }, (_, index) => song(`many-${String(index)}.mp3`));
  const text = `<@${discord.botId}> split`;
  await discord.act({ kind: 'message', by: ADA.id, at: HERE, text, files, replyTo: null });
  const [event] = await acceptedWith('many-0.mp3');
  assert.ok(event?.payload.kind === 'jobs');
  assert.equal(event.payload.requests.length, 3);
});

test('a mention behind other words is a wish where a song is there: the verb counts, and talk is not refused', async () => {
  const at = `<@${discord.botId}>`;
  for (const [name, text, kind] of [
    ['behind.mp3', `the new take, ${at} split it please`, 'split'],
    ['thanks.mp3', `here it is ${at}, from last night. Thanks!`, 'split'],
    ['end.mp3', `for you ${at}`, 'split'],
    ['chart.mp3', `the new take\n${at} chords --capo 2`, 'chords'],
    ['low.mp3', `Ben, listen! ${at} tab what Cleo plays there`, 'tab'],
  ] as const) {
    await discord.act({ kind: 'message', by: ADA.id, at: HERE, text, files: [song(name)], replyTo: null });
    const [event] = await acceptedWith(name);
    assert.ok(event?.payload.kind === 'job');
    const { command: asked } = event.payload.request;
    assert.equal(asked.kind, kind);
    if (asked.kind === 'chords') assert.equal(asked.options.capo, 2);
  }
  const unanswered = new Set<string>();
  for (const text of [`I like what ${at} made of it`, `look what ${at} says: ${at} jobs`]) {
    unanswered.add((await discord.act({ kind: 'message', by: ADA.id, at: HERE, text, files: [], replyTo: null })).id);
  }
  await command('jobs', { by: BEN.id });
  assert.ok(discord.conversation.messages(REHEARSAL.id).every(({ replyTo }) => !unanswered.has(replyTo ?? '')));
});

test('jobs, help and settings answer, in the words of the band', async () => {
  await command('jobs', { by: BEN.id });
  assert.equal((await answer(/No jobs/u)).onlyFor, BEN.id);
  await command('help');
  await answer(/\/split/u);
  await command('jam', { text: 'settings', options: { language: 'de' } });
  await command('split', { by: BEN.id });
  await answer(/Schick einen Song mit/u);
  await command('jam', { text: 'settings', options: { language: 'en' } });
});

test('another chat joins the band by its code', async () => {
  await command('jam', { text: 'band code' });
  const told = await answer(/[A-HJ-NP-Z2-9]{8}/u);
  const [code = ''] = /\b[A-HJ-NP-Z2-9]{8}\b/u.exec(told.text) ?? [];
  await command('jam', { text: 'band join', options: { code }, at: { chat: SONGS.id, thread: NEW_SONG.id } });
  const rows = await ledger.sql<{ bands: string }>(
    'select count(distinct band_id)::text as bands from surface where chat_id = any($1)',
    [[REHEARSAL.id, SONGS.id]],
  );
  assert.equal(rows[0]?.bands, '1');
});

test('what is no command gets one plain sentence', async () => {
  await command('split', { options: { want: 'kazoo' }, file: song('kazoo.mp3') });
  await answer(/kazoo|vocals, accompaniment/u);
  await command('cancel', { options: { code: 'NOSUCH' } });
  await answer(/NOSUCH/u);
  assert.deepEqual(await ledger.sql(`select 1 from inbound_event where payload::text like '%kazoo.mp3%'`), []);
});

test('the ledger has one event however often the gateway tells', async () => {
  const { id } = await command('split', { file: song('again.mp3') });
  discord.closeGateway(4000);
  // What it has not acknowledged is told again when the session is resumed.
  await until(() => discord.gatewayCounts.resumes === 1);
  const events = await acceptedWith('again.mp3');
  assert.deepEqual(
    events.map(({ key }) => key),
    [id],
  );
});
