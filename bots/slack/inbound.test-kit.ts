/** An emulated Slack, a real database, and real Bolt apps between them, as many as a test wants. */
import { createHmac } from 'node:crypto';
import { Client } from 'pg';
import { createBands } from '../../db/bands.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createSlackInstallations } from '../../db/slack-installations.repository.ts';
import { createTabPreferences } from '../../db/tab-preferences.repository.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import { createSeal } from '../../runtime/seal.ts';
import type { SlackOptions } from '../../tools/emulators/slack/options.ts';
import { ADA } from '../../tools/emulators/slack/options.ts';
import { createSlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import type { SlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import type { InboundPayload } from '../../workflows/contract/inbound.ts';
import type { JobRequest } from '../../workflows/contract/request.ts';
import { testAccounts, testUploads } from '../core/accounts.test-kit.ts';
import type { AnswerDeps } from '../core/answer.ts';
import { JAM_STYLE } from '../core/command-style.ts';
import { boltLogger } from './bolt-logger.ts';
import { connectByHttp, connectBySocket } from './connect.ts';
import type { SlackConnection } from './connect.ts';
import { listenTo } from './inbound.ts';
import { createInstallationStore } from './installations.ts';
import { freePort } from '../../runtime/embedded/free-port.ts';

const PLENTY = {
  jobsPerMemberAndHour: 100_000,
  audioMinutesPerBandAndDay: 100_000,
  megabytesPerBandAndDay: 100_000,
  commandsPerMemberAndMinute: 100_000,
};
export const PATIENCE_MS = 60_000;
/** Instead of Slack's three seconds. */
const BUSY_MACHINE_MS = 45_000;
const LAST_ANSWERS_MS = 1000;
const SECRET = 'a secret of the operator that is long enough';

export interface AcceptedRow {
  readonly botId: string;
  readonly eventKey: string;
  readonly payload: InboundPayload;
}

export interface SlackBench {
  readonly slack: SlackEmulator;
  readonly deps: AnswerDeps;
  readonly database: Database;
  /** What went wrong, told to Slack or not. */
  readonly errors: unknown[];
  /** One more bot on the same ledger. HTTP: @param port 0 takes a free one. @param clientOf in place of its own, for what it tells */
  connect(
    port?: number,
    clientOf?: SlackConnection['clientOf'],
  ): Promise<SlackConnection & { readonly origin: string }>;
  /** The ledger, oldest first. */
  accepted(): Promise<readonly AcceptedRow[]>;
  requests(): Promise<readonly Omit<JobRequest, 'inboundEventId'>[]>;
  sql<Row>(statement: string): Promise<readonly Row[]>;
  /** Rejects where it does not come true within a minute. */
  until(condition: () => Promise<boolean> | boolean): Promise<void>;
}

export async function withSlackBot(options: SlackOptions, use: (bench: SlackBench) => Promise<void>): Promise<void> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const slack = await createSlackEmulator({
      acknowledgeMs: BUSY_MACHINE_MS,
      triggerLifeMs: BUSY_MACHINE_MS,
      ...options,
    });
    closing.push(async () => await slack.close());
    const testDatabase = await createTestDatabase();
    closing.push(async () => await testDatabase.close());
    const database = await openDatabase(testDatabase.url);
    closing.push(async () => await database.close());
    const client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    closing.push(async () => await client.end());

    const errors: unknown[] = [];
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
      style: JAM_STYLE,
    };
    const logger = boltLogger({ debug: () => undefined, warn: () => undefined, error: () => undefined });
    const { apiUrl, credentials, requestUrl } = slack;

    async function accepted(): Promise<AcceptedRow[]> {
      const { rows } = await client.query<AcceptedRow>(
        'select bot_id as "botId", event_key as "eventKey", payload from inbound_event order by created_at',
      );
      return rows;
    }

    await use({
      slack,
      deps,
      database,
      errors,
      accepted,
      async connect(port = 0, clientOf) {
        const httpPort = port === 0 ? await freePort() : port;
        const store = createInstallationStore(
          createSlackInstallations(database),
          createSeal([SECRET], 'slack installations'),
        );
        const connection =
          requestUrl === null
            ? connectBySocket({ apiUrl, botToken: slack.token().accessToken, appToken: credentials.appToken }, logger)
            : connectByHttp({ apiUrl, port: httpPort, ...credentials, stateSecret: SECRET }, store, logger);
        const { app } = connection;
        const home = { ...deps, songPage: (id: string) => `https://band.example/r/${id}` };
        const listening = listenTo({ app, clientOf: clientOf ?? connection.clientOf }, home, (error) => {
          errors.push(error);
        });
        await connection.start();
        closing.push(async () => {
          await connection.stop();
          await listening.told(LAST_ANSWERS_MS);
        });
        return { ...connection, origin: `http://127.0.0.1:${String(httpPort)}` };
      },
      async requests() {
        return (await accepted()).flatMap(({ payload }) =>
          payload.kind === 'job' ? [payload.request] : payload.kind === 'jobs' ? payload.requests : [],
        );
      },
      sql: async <Row>(statement: string) => (await client.query(statement)).rows as Row[],
      async until(condition) {
        for (const deadline = Date.now() + PATIENCE_MS; !(await condition());) {
          if (Date.now() > deadline) throw new Error(`it did not come true: ${condition.toString()}`);
          await new Promise((resolve) => {
            setTimeout(resolve, 50);
          });
        }
      },
    });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** An app that takes events over HTTP, installed in the emulator's first workspace by "Add to Slack". */
export async function withInstalledBot(
  options: Omit<SlackOptions, 'delivery'>,
  use: (bench: SlackBench & { readonly origin: string }) => Promise<void>,
): Promise<void> {
  const origin = `http://127.0.0.1:${String(await freePort())}`;
  const http: SlackOptions = {
    ...options,
    app: { ...options.app, redirectUrls: [`${origin}/slack/oauth_redirect`] },
    delivery: { mode: 'http', requestUrl: `${origin}/slack/events` },
  };
  await withSlackBot(http, async (bench) => {
    await bench.connect(Number(new URL(origin).port));
    const { status, text } = await bench.slack.addToSlack(ADA.id, `${origin}/slack/install`);
    if (status !== 200) throw new Error(`installing ended in ${String(status)}: ${text}`);
    await use({ ...bench, origin });
  });
}

export interface SignedRequest {
  readonly body: string;
  readonly type?: 'application/json' | 'application/x-www-form-urlencoded';
  readonly headers?: Readonly<Record<string, string>>;
}

/** As Slack itself sends it. @returns the answer's status */
export async function deliver(
  { slack }: Pick<SlackBench, 'slack'>,
  origin: string,
  { body, type = 'application/json', headers = {} }: SignedRequest,
): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(`${origin}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature(slack, timestamp, body),
      ...headers,
    },
  });
  await response.text();
  return response.status;
}

export function signature({ credentials }: SlackEmulator, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', credentials.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}
