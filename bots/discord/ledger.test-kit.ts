/** A real ledger, and as many real bots on emulated Discords as a test wants. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { REST } from 'discord.js';
import { Pool } from 'pg';
import { createBands } from '../../db/bands.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createSpokenPlaces } from '../../db/spoken-places.repository.ts';
import { createTabPreferences } from '../../db/tab-preferences.repository.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import type { DiscordOptions } from '../../tools/emulators/discord/options.ts';
import type { InboundPayload } from '../../workflows/contract/inbound.ts';
import { testAccounts, testUploads } from '../core/accounts.test-kit.ts';
import type { AnswerDeps } from '../core/answer.ts';
import { createChatSender } from '../core/chat-sender.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { connectDiscord } from './connect.ts';
import type { DiscordConnection } from './connect.ts';
import { listenTo } from './inbound.ts';
import { registerCommands } from './register-commands.ts';
import { createRestOptions } from './rest-options.ts';
import { createTokenWatch } from './token-watch.ts';
import type { TokenWatch } from './token-watch.ts';

export const PATIENCE_MS = 120_000;
const MOST_CONNECTIONS = 20;
const PLENTY = {
  jobsPerMemberAndHour: 100_000,
  audioMinutesPerBandAndDay: 100_000,
  megabytesPerBandAndDay: 100_000,
  commandsPerMemberAndMinute: 100_000,
};

export interface AcceptedRow {
  readonly key: string;
  readonly payload: InboundPayload;
}

export interface Ledger {
  readonly deps: AnswerDeps;
  /** Events of one bot, oldest first. */
  accepted(botId: string): Promise<readonly AcceptedRow[]>;
  sql<Row>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** One more bot: an emulated Discord, and our bot on it. */
  openBot(options?: DiscordOptions): Promise<DiscordBot>;
  /** Also sees to it that every request of every bot was as Discord describes it. */
  close(): Promise<void>;
}

export interface DiscordBot {
  readonly discord: DiscordEmulator;
  readonly watch: TokenWatch;
  readonly rest: REST;
  readonly sender: ChatSender;
  readonly errors: unknown[];
  readonly connection: DiscordConnection;
  /** Stops the bot's process, and starts another one. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** @param shared a database that outlives the ledger; null: one of its own */
export async function openLedger(shared: Database | null = null): Promise<Ledger> {
  const own = shared === null ? await createTestDatabase() : null;
  // One process has one bot, but for tests.
  const database = shared ?? (await openDatabase(own?.url ?? '', { poolSize: MOST_CONNECTIONS }));
  const pool = new Pool({ connectionString: database.url, max: 2 });
  const bots: DiscordBot[] = [];
  const deps: AnswerDeps = {
    inbox: createInbox(database),
    jobs: createJobs(database),
    bands: createBands(database),
    shares: createShares(database, PLENTY),
    accounts: testAccounts(database),
    uploads: testUploads(database),
    tabs: createTabPreferences(database),
    strategies: new Map([
      ['vocals', ['vocals', 'accompaniment']],
      ['band', ['vocals', 'drums', 'bass', 'other']],
    ]),
    defaults: { strategy: 'vocals', quality: 'fast', format: 'mp3' },
    songLimits: { largestBytes: 500_000_000, fromChatBytes: null },
    style: SLASH_STYLE,
  };
  const sql = async <Row>(statement: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await pool.query(statement, [...values])).rows as Row[];
  return {
    deps,
    sql,
    accepted: async (botId) =>
      await sql<AcceptedRow>(
        'select event_key as key, payload from inbound_event where bot_id = $1 order by created_at',
        [botId],
      ),
    async openBot(options = {}) {
      const discord = await createDiscordEmulator(options);
      const bot = await startBot(discord, deps, createSpokenPlaces(database, 'discord'));
      bots.push(bot);
      return bot;
    },
    async close() {
      for (const bot of bots) await bot.stop();
      await pool.end();
      if (own !== null) {
        await database.close();
        await own.close();
      }
      const violations = bots.flatMap(({ discord }) => discord.specReport().violations);
      for (const { discord } of bots) await discord.close();
      assert.deepEqual(violations, []);
    },
  };
}

async function startBot(
  discord: DiscordEmulator,
  deps: AnswerDeps,
  places: Parameters<typeof listenTo>[0]['places'],
): Promise<DiscordBot> {
  const { apiUrl, botId } = discord;
  const ownHost = new URL(apiUrl).host;
  const errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  const watch = createTokenWatch();
  const options = createRestOptions(apiUrl, watch);
  const rest = new REST(options).setToken(discord.token);
  const sender = createChatSender({ bands: deps.bands, onError });
  let connection: DiscordConnection | null = null;
  const bot: DiscordBot = {
    discord,
    watch,
    rest,
    sender,
    errors,
    get connection() {
      assert.ok(connection !== null, 'the bot is connected');
      return connection;
    },
    async start() {
      connection = await connectDiscord({
        token: discord.token,
        watch,
        rest: options,
        onError,
        listen: (client) => listenTo({ client, rest, botId, deps, sender, places, onError, ownHost }),
      });
    },
    async stop() {
      await connection?.close();
      connection = null;
    },
  };
  await bot.start();
  await registerCommands(rest, botId, null);
  return bot;
}

/** Rejects where it does not come true in two minutes. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await condition());) {
    if (Date.now() > deadline) throw new Error(`it did not come true: ${condition.toString()}`);
    await pause(20);
  }
}
