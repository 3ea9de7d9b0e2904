/** Plain calls of the emulated Web API, real Bolt apps, and people's doings in short, for this emulator's tests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { App, LogLevel, SocketModeReceiver, webApi } from '@slack/bolt';
import type { Acted, PersonAction, PersonFile } from '../core/emulator.ts';
import type { SeenMessage } from '../core/conversation.ts';
import { ADA, REHEARSAL } from './options.ts';
import type { SlackOptions } from './options.ts';
import { createSlackEmulator } from './slack-emulator.ts';
import type { SlackEmulator } from './slack-emulator.ts';

/** How long a test waits for what must come; machines are busy. */
export const PATIENCE_MS = 60_000;

export interface ApiAnswer {
  readonly httpStatus: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { readonly ok: boolean; readonly error?: string };
}

export interface CallManner {
  /** Null: none at all. */
  readonly token?: string | null;
  readonly as?: 'form' | 'json';
  readonly tokenIn?: 'header' | 'body';
}

/** As any client could: nested values of a form are JSON text. */
export async function call(
  slack: SlackEmulator,
  method: string,
  parameters: Readonly<Record<string, unknown>> = {},
  { token = slack.token().accessToken, as = 'form', tokenIn = 'header' }: CallManner = {},
): Promise<ApiAnswer> {
  const all = { ...parameters, ...(tokenIn === 'body' && token !== null && { token }) };
  const form = Object.entries(all).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': as === 'json' ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded',
      ...(tokenIn === 'header' && token !== null && { authorization: `Bearer ${token}` }),
    },
    body: as === 'json' ? JSON.stringify(all) : new URLSearchParams(form).toString(),
  });
  const body = (await response.json()) as ApiAnswer['body'];
  return { httpStatus: response.status, headers: response.headers, body };
}

/** Asserts `ok`. */
export async function good(
  slack: SlackEmulator,
  method: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<ApiAnswer['body']> {
  const { body } = await call(slack, method, parameters);
  assert.equal(body.ok, true, `${method}: ${JSON.stringify(body)}`);
  return body;
}

export async function errorOf(
  slack: SlackEmulator,
  method: string,
  parameters: Readonly<Record<string, unknown>> = {},
  manner: CallManner = {},
): Promise<string | undefined> {
  return (await call(slack, method, parameters, manner)).body.error;
}

/** The three steps of an upload, without sharing unless `share` says where. */
export async function uploadFile(
  slack: SlackEmulator,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  share: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly fileId: string; readonly answer: ApiAnswer['body'] }> {
  const { upload_url: url, file_id: fileId } = await good(slack, 'files.getUploadURLExternal', {
    filename: name,
    length: bytes.byteLength,
  });
  const sent = await fetch(String(url), { method: 'POST', body: bytes });
  assert.equal(sent.status, 200);
  const answer = await good(slack, 'files.completeUploadExternal', { files: [{ id: fileId, title: name }], ...share });
  return { fileId: String(fileId), answer };
}

export function say(
  slack: SlackEmulator,
  text: string,
  more: Partial<Extract<PersonAction, { kind: 'message' }>> = {},
): Promise<Acted> {
  return slack.act({
    kind: 'message',
    by: ADA.id,
    at: { chat: REHEARSAL.id, thread: null },
    text,
    files: [],
    replyTo: null,
    ...more,
  });
}

export function songFile(name = 'take.flac', fill = 7): PersonFile {
  return { name, bytes: new Uint8Array(2000).fill(fill), mimeType: 'audio/flac' };
}

/** What stands in the chat from the bot. */
export function fromBot(slack: SlackEmulator, chat: string = REHEARSAL.id): SeenMessage[] {
  return slack.conversation.messages(chat).filter(({ by }) => by === 'bot');
}

/** As the bots send: no retries, no waiting. */
export function clientOptions(slack: SlackEmulator): webApi.WebClientOptions {
  return {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 30_000,
    logLevel: LogLevel.ERROR,
  };
}

export function createClient(slack: SlackEmulator, more: webApi.WebClientOptions = {}): webApi.WebClient {
  return new webApi.WebClient(slack.token().accessToken, { ...clientOptions(slack), ...more });
}

/** A real Bolt app over Socket Mode. */
export function createSocketApp(slack: SlackEmulator): App {
  const receiver = new SocketModeReceiver({
    appToken: slack.credentials.appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: clientOptions(slack) },
  });
  return new App({
    receiver,
    token: slack.token().accessToken,
    clientOptions: clientOptions(slack),
    logLevel: LogLevel.ERROR,
  });
}

export async function withSlack(options: SlackOptions, run: (slack: SlackEmulator) => Promise<void>): Promise<void> {
  const slack = await createSlackEmulator(options);
  try {
    await run(slack);
  } finally {
    await slack.close();
  }
}

/** Something that Slack documents, by name. */
export type Fact = readonly [name: string, check: (slack: SlackEmulator) => Promise<void>, options?: SlackOptions];

export function checkFacts(room: string, facts: readonly Fact[]): void {
  describe(room, () => {
    for (const [name, check, options = {}] of facts) {
      it(name, async () => {
        await withSlack(options, check);
      });
    }
  });
}

/** With a Bolt app connected; in the end every one of its requests must have been as Slack describes them. */
export async function withApp(
  setUp: (app: App) => void,
  run: (slack: SlackEmulator, app: App) => Promise<void>,
  options: SlackOptions = {},
): Promise<void> {
  await withSlack(options, async (slack) => {
    const app = createSocketApp(slack);
    setUp(app);
    await app.start();
    try {
      await run(slack, app);
      assert.deepEqual(slack.specReport().violations, []);
    } finally {
      await app.stop();
    }
  });
}

export function typeCommand(
  slack: SlackEmulator,
  text: string,
  verb = 'jam',
  chat: string = REHEARSAL.id,
): Promise<Acted> {
  const at = { chat, thread: null };
  return slack.act({ kind: 'command', by: ADA.id, at, verb, options: {}, text, file: null });
}
