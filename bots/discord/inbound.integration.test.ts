import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { REST } from 'discord.js';
import { Client as SqlClient } from 'pg';
import { createBands } from '../../db/bands.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import type { Acted, PersonAction, PersonFile } from '../../tools/emulators/core/emulator.ts';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, BEN, NEW_SONG, OVERDUBS, REHEARSAL, SONGS } from '../../tools/emulators/discord/options.ts';
import type { InboundPayload } from '../../workflows/contract/inbound.ts';
import type { AnswerDeps } from '../core/answer.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { connectDiscord } from './connect.ts';
import type { DiscordConnection } from './connect.ts';
import { createInbound } from './inbound.ts';
import { registerCommands } from './register-commands.ts';

const PATIENCE_MS = 60_000;
const PLENTY = {
  jobsPerMemberAndHour: 100_000,
  audioMinutesPerBandAndDay: 100_000,
  megabytesPerBandAndDay: 100_000,
  commandsPerMemberAndMinute: 100_000,
};
const HERE = { chat: REHEARSAL.id, thread: null };

let discord: DiscordEmulator;
let testDatabase: TestDatabase;
let database: Database;
let sql: SqlClient;
let connection: DiscordConnection;
const errors: unknown[] = [];

before(async () => {
  discord = await createDiscordEmulator();
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  sql = new SqlClient({ connectionString: testDatabase.url });
  await sql.connect();
  const deps: AnswerDeps = {
    inbox: createInbox(database),
    jobs: createJobs(database),
    bands: createBands(database),
    shares: createShares(database, PLENTY),
    strategies: new Map([
      ['vocals', ['vocals', 'accompaniment']],
      ['band', ['vocals', 'drums', 'bass', 'other']],
    ]),
    defaults: { strategy: 'vocals', quality: 'fast', format: 'mp3' },
    style: SLASH_STYLE,
  };
  const rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token);
  connection = await connectDiscord({
    config: { token: discord.token, apiUrl: discord.apiUrl },
    onError: (error) => errors.push(error),
    listen(client, botId) {
      const inbound = createInbound({ rest, botId, deps, onError: (error) => errors.push(error) });
      client.on('interactionCreate', (interaction) => void inbound.onInteraction(interaction));
      client.on('messageCreate', (message) => void inbound.onMessage(message));
    },
  });
  await registerCommands(rest, connection.botId, null);
});

after(async () => {
  await connection.close();
  await sql.end();
  await database.close();
  await testDatabase.close();
  const { violations } = discord.specReport();
  await discord.close();
  assert.deepEqual(violations, []);
  assert.deepEqual(errors.map(String), []);
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
async function acceptedWith(name: string): Promise<{ readonly key: string; readonly payload: InboundPayload }[]> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    const { rows } = await sql.query<{ key: string; payload: InboundPayload }>(
      `select event_key as key, payload from inbound_event where payload::text like $1`,
      [`%${name}%`],
    );
    if (rows.length > 0 || Date.now() > deadline) return rows;
    await pause(20);
  }
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
    botId: connection.botId,
    chatId: REHEARSAL.id,
    threadId: null,
  });
  assert.deepEqual([requester.userId, requester.displayName], [ADA.id, ADA.displayName]);
  assert.deepEqual([asked.strategy, asked.pick], ['band', { kind: 'want', stems: ['drums', 'bass'] }]);
  assert.equal((await answer(/On it/u)).onlyFor, ADA.id);
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
  const text = `<@${connection.botId}> split`;
  await discord.act({ kind: 'message', by: ADA.id, at: HERE, text, files, replyTo: null });
  const [event] = await acceptedWith('many-0.mp3');
  assert.ok(event?.payload.kind === 'jobs');
  assert.equal(event.payload.requests.length, 3);
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
  const { rows } = await sql.query<{ bands: string }>(
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
  assert.deepEqual((await sql.query(`select 1 from inbound_event where payload::text like '%kazoo.mp3%'`)).rows, []);
});

test('the ledger has one event however often the gateway tells', async () => {
  const { id } = await command('split', { file: song('again.mp3') });
  discord.closeGateway(4000);
  // What it has not acknowledged is told again when the session is resumed.
  for (const deadline = Date.now() + PATIENCE_MS; discord.gatewayConnections() === 0;) {
    assert.ok(Date.now() < deadline, 'the bot came back');
    await pause(20);
  }
  const events = await acceptedWith('again.mp3');
  assert.deepEqual(
    events.map(({ key }) => key),
    [id],
  );
});
