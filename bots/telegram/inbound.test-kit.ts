/** An emulated Telegram, a real database, and as many bot processes between them as a test wants. */
import { Api } from 'grammy';
import type { Transformer } from 'grammy';
import type { Update } from 'grammy/types';
import { Client } from 'pg';
import { createBands } from '../../db/bands.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createTabPreferences } from '../../db/tab-preferences.repository.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import { createTelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import type { PersonFile } from '../../tools/emulators/core/emulator.ts';
import { ADA } from '../../tools/emulators/telegram/options.ts';
import type { PersonSeed, TelegramOptions } from '../../tools/emulators/telegram/options.ts';
import type { TelegramEmulator } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { InboundPayload } from '../../workflows/contract/inbound.ts';
import type { JobRequest } from '../../workflows/contract/request.ts';
import { testAccounts, testUploads } from '../core/accounts.test-kit.ts';
import type { AnswerDeps } from '../core/answer.ts';
import { createChatSender } from '../core/chat-sender.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { createInbound } from './inbound.ts';
import type { TelegramInbound } from './inbound.ts';
import { ALLOWED_UPDATES } from './poll-updates.ts';

const SIDE_BY_SIDE = 8;
const PATIENCE_MS = 60_000;
const LAST_ANSWERS_MS = 1000;
const PLENTY = {
  jobsPerMemberAndHour: 100_000,
  audioMinutesPerBandAndDay: 100_000,
  megabytesPerBandAndDay: 100_000,
  commandsPerMemberAndMinute: 100_000,
};

export interface AcceptedRow {
  readonly id: string;
  readonly eventKey: string;
  readonly payload: InboundPayload;
}

export interface InboundBench {
  readonly telegram: TelegramEmulator;
  readonly deps: AnswerDeps;
  readonly database: Database;
  /** What went wrong and was not told to whoever redelivers. */
  readonly errors: unknown[];
  /** One more process on the same ledgers, whose updates are handled once they are answered too. */
  process(): Promise<TelegramInbound>;
  /** As it is: answers come when they come. @param around each of its calls */
  bareProcess(around?: Transformer): Promise<TelegramInbound>;
  /** Everything that waits, confirmed to Telegram as nobody should. */
  take(): Promise<Update[]>;
  /** The ledger, oldest first. */
  accepted(): Promise<readonly AcceptedRow[]>;
  sql(statement: string): Promise<unknown>;
  /** Rejects where it does not come true within a minute. */
  until(condition: () => Promise<boolean>): Promise<void>;
}

export async function withInbound(
  options: TelegramOptions,
  use: (bench: InboundBench) => Promise<void>,
): Promise<void> {
  const closing: (() => Promise<void> | void)[] = [];
  try {
    const telegram = await createTelegramEmulator(options);
    closing.push(async () => await telegram.close());
    const testDatabase = await createTestDatabase();
    closing.push(async () => await testDatabase.close());
    const database = await openDatabase(testDatabase.url);
    closing.push(async () => await database.close());
    const client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    closing.push(async () => await client.end());

    const api = new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: 30 });
    const deps: AnswerDeps = {
      inbox: createInbox(database),
      jobs: createJobs(database),
      bands: createBands(database),
      shares: createShares(database, PLENTY),
      accounts: testAccounts(database),
      uploads: testUploads(database),
      tabs: createTabPreferences(database),
      strategies: new Map([['vocals', ['vocals', 'accompaniment']]]),
      defaults: { strategy: 'vocals', quality: 'fast', format: 'mp3' },
      songLimits: { largestBytes: 500_000_000, fromChatBytes: null },
      style: SLASH_STYLE,
    };
    const errors: unknown[] = [];

    async function bareProcess(around?: Transformer): Promise<TelegramInbound> {
      const ownApi = new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: 30 });
      const me = await ownApi.getMe();
      if (around !== undefined) ownApi.config.use(around);
      const onError = (error: unknown): void => void errors.push(error);
      const inbound = createInbound({
        api: ownApi,
        me,
        deps,
        sender: createChatSender({ bands: deps.bands, onError }),
        isLocal: options.local === true,
        onError,
      });
      closing.push(async () => {
        inbound.stop();
        await inbound.told(LAST_ANSWERS_MS);
      });
      return inbound;
    }

    await use({
      telegram,
      deps,
      database,
      errors,
      bareProcess,
      async process() {
        const inbound = await bareProcess();
        return {
          ...inbound,
          async handle(update) {
            await inbound.handle(update);
            await inbound.told(PATIENCE_MS);
          },
        };
      },
      async take() {
        const updates: Update[] = [];
        for (let offset = 0; ; offset = (updates.at(-1)?.update_id ?? 0) + 1) {
          const more = await api.getUpdates({ offset, limit: 100, allowed_updates: ALLOWED_UPDATES });
          updates.push(...more);
          if (more.length === 0) return updates;
        }
      },
      async accepted() {
        const { rows } = await client.query<AcceptedRow>(
          'select id, event_key as "eventKey", payload from inbound_event order by created_at',
        );
        return rows;
      },
      sql: async (statement) => await client.query(statement),
      async until(condition) {
        for (const deadline = Date.now() + PATIENCE_MS; !(await condition());) {
          if (Date.now() > deadline) throw new Error(`it did not come true: ${condition.toString()}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Each 1 to 4 times, in any order. @param random 0 to below 1, from a seed */
export function redelivered(updates: readonly Update[], random: () => number): Update[] {
  return updates
    .flatMap((update) => Array.from({ length: 1 + Math.floor(random() * 4) }, () => update))
    .map((update) => ({ update, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ update }) => update);
}

export interface Saying {
  readonly thread?: string;
  readonly by?: PersonSeed;
  readonly files?: PersonFile[];
  readonly replyTo?: string;
}

/** Somebody writes; Ada, unless told otherwise. @returns the message's id */
export async function says(
  telegram: TelegramEmulator,
  chat: string,
  text: string,
  { thread, by = ADA, files = [], replyTo }: Saying = {},
): Promise<string> {
  const at = { chat, thread: thread ?? null };
  return (await telegram.act({ kind: 'message', by: String(by.id), at, text, files, replyTo: replyTo ?? null })).id;
}

/** Of a job, or of several. */
export function requests(payload: InboundPayload): readonly Omit<JobRequest, 'inboundEventId'>[] {
  return payload.kind === 'job' ? [payload.request] : payload.kind === 'jobs' ? payload.requests : [];
}

/** Handed to several at once, as threads of a webhook and two processes would. */
export async function handleAll(
  updates: readonly Update[],
  handlers: readonly ((update: Update) => Promise<void>)[],
): Promise<void> {
  const waiting = updates.entries();
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const [index, update] of waiting) await handlers[index % handlers.length]?.(update);
    }),
  );
}

/** What the bot says in a chat, as Telegram has it. */
export function said(telegram: TelegramEmulator, chat: string): string[] {
  return telegram.conversation
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ text }) => text);
}
