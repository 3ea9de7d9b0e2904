/** Plain calls of the emulated API, a bare gateway connection, real clients, and people's doings in short. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Client, GatewayIntentBits, Partials } from 'discord.js';
import { WebSocket } from 'ws';
import type { SeenMessage } from '../core/conversation.ts';
import type { Acted, PersonAction, PersonFile, PersonPlace } from '../core/emulator.ts';
import { createDiscordEmulator } from './discord-emulator.ts';
import type { DiscordEmulator } from './discord-emulator.ts';
import { ADA, GUILD, REHEARSAL } from './options.ts';
import type { DiscordOptions } from './options.ts';

/** How long a test waits for what must come; machines are busy. */
export const PATIENCE_MS = 60_000;
export const LIMIT = { timeout: 120_000 };
export const HERE: PersonPlace = { chat: REHEARSAL.id, thread: null };
export const MESSAGES = `/channels/${REHEARSAL.id}/messages`;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Null where there was none. */
  // The answers' shapes differ by route, and the tests say which they expect.
  readonly body: Record<string, unknown> | null;
}

export interface Sending {
  readonly body?: unknown;
  readonly files?: readonly PersonFile[];
  /** Null: no header at all. */
  readonly token?: string | null;
}

/** As any client could. @param call `POST /channels/1/messages` */
export async function call(discord: DiscordEmulator, name: string, sending: Sending = {}): Promise<ApiAnswer> {
  const [method = '', path = ''] = name.split(' ');
  const { body, files = [], token = discord.token } = sending;
  const form = new FormData();
  for (const [index, file] of files.entries()) {
    form.set(`files[${String(index)}]`, new Blob([Uint8Array.from(file.bytes)], { type: file.mimeType }), file.name);
  }
  if (body !== undefined) form.set('payload_json', JSON.stringify(body));
  const response = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bot ${token}` }),
      ...(files.length === 0 && body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(files.length > 0 ? { body: form } : body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** Asserts that it worked. */
export async function good(
  discord: DiscordEmulator,
  name: string,
  sending: Sending = {},
): Promise<Record<string, unknown>> {
  const { status, body } = await call(discord, name, sending);
  assert.ok(status >= 200 && status < 300, `${name}: ${String(status)} ${JSON.stringify(body)}`);
  return body ?? {};
}

/** Status and code of what must fail. */
export async function errorOf(
  discord: DiscordEmulator,
  name: string,
  sending: Sending = {},
): Promise<[number, unknown]> {
  const { status, body } = await call(discord, name, sending);
  return [status, body?.['code']];
}

/** @returns the message's id */
export async function post(
  discord: DiscordEmulator,
  body: object,
  path = MESSAGES,
  files: readonly PersonFile[] = [],
): Promise<string> {
  return String((await good(discord, `POST ${path}`, { body, files }))['id']);
}

export async function say(
  discord: DiscordEmulator,
  text: string,
  more: Partial<Extract<PersonAction, { kind: 'message' }>> = {},
): Promise<Acted> {
  return await discord.act({ kind: 'message', by: ADA.id, at: HERE, text, files: [], replyTo: null, ...more });
}

export async function command(
  discord: DiscordEmulator,
  verb: string,
  more: Partial<Extract<PersonAction, { kind: 'command' }>> = {},
): Promise<Acted> {
  return await discord.act({ kind: 'command', by: ADA.id, at: HERE, verb, options: {}, text: '', file: null, ...more });
}

export function song(name = 'take.flac', bytes = 2000, mimeType = 'audio/flac'): PersonFile {
  return { name, bytes: Buffer.alloc(bytes, name), mimeType };
}

/** What stands in the chat from the bot. */
export function fromBot(discord: DiscordEmulator, chat: string = REHEARSAL.id): SeenMessage[] {
  return discord.conversation.messages(chat).filter(({ by }) => by === 'bot');
}

/** A command with a file, a choice and suggestions; one with two levels below it; an entry of the message menu. */
export const COMMANDS = [
  {
    name: 'split',
    description: 'Takes a song apart',
    options: [
      { type: 11, name: 'audio', description: 'The song' },
      { type: 3, name: 'quality', description: 'How well', choices: [{ name: 'Best', value: 'best' }] },
      { type: 3, name: 'want', description: 'Which stems', autocomplete: true },
    ],
  },
  {
    name: 'jam',
    description: 'The band',
    options: [
      {
        type: 2,
        name: 'band',
        description: 'A band',
        options: [
          {
            type: 1,
            name: 'create',
            description: 'Begins one',
            options: [{ type: 3, name: 'name', description: 'Its name', required: true }],
          },
        ],
      },
      { type: 1, name: 'status', description: 'How it stands' },
    ],
  },
  { type: 3, name: 'Split stems', name_localizations: { de: 'Stems trennen' } },
];

export async function register(discord: DiscordEmulator): Promise<void> {
  await good(discord, `PUT /applications/${discord.botId}/guilds/${GUILD.id}/commands`, { body: COMMANDS });
  await good(discord, `PUT /applications/${discord.botId}/commands`, { body: COMMANDS });
}

export interface Frame {
  readonly op: number;
  readonly d: Record<string, unknown>;
  readonly s: number | null;
  readonly t: string | null;
}

/** A connection to the gateway, as bare as it gets. */
export interface BareGateway {
  readonly frames: readonly Frame[];
  send(frame: object): void;
  /** The first frame, come or to come, that is wanted. */
  until(wanted: (frame: Frame) => boolean): Promise<Frame>;
  readonly closed: Promise<number>;
  /** Without a word. */
  drop(): void;
}

export async function openGateway(discord: DiscordEmulator, query = '?v=10&encoding=json'): Promise<BareGateway> {
  const { url } = await good(discord, 'GET /gateway/bot');
  const socket = new WebSocket(`${String(url)}${query}`);
  const frames: Frame[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as Frame);
    for (const watcher of watchers) watcher();
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', resolve);
  });
  socket.on('error', () => socket.terminate());
  const opened = new Promise<void>((resolve) => {
    socket.once('open', resolve);
  });
  await Promise.race([opened, closed]);
  return {
    frames,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    drop: () => socket.terminate(),
    async until(wanted) {
      for (;;) {
        const found = frames.find(wanted);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          const watcher = (): void => {
            watchers.delete(watcher);
            resolve();
          };
          watchers.add(watcher);
        });
      }
    },
  };
}

/** Guilds, their messages, private messages. */
export const USUAL_INTENTS = (1 << 0) | (1 << 9) | (1 << 12);

export function identify({ token }: DiscordEmulator, intents = USUAL_INTENTS): object {
  return { op: 2, d: { token, intents, properties: { os: 'linux', browser: 'test', device: 'test' } } };
}

/** @returns with READY in its frames */
export async function connect(
  discord: DiscordEmulator,
  intents = USUAL_INTENTS,
): Promise<BareGateway & { readonly sessionId: string }> {
  const gateway = await openGateway(discord);
  gateway.send(identify(discord, intents));
  const { d } = await gateway.until(({ t }) => t === 'READY');
  return { ...gateway, sessionId: String(d['session_id']) };
}

/** What comes of the bot's event. */
export async function nextEvent({ until }: BareGateway, type: string): Promise<Record<string, unknown>> {
  return (await until(({ t }) => t === type)).d;
}

/** A real client, as the bot makes it. */
export async function login(discord: DiscordEmulator, more: readonly GatewayIntentBits[] = []): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages, ...more],
    partials: [Partials.Channel],
    rest: { api: discord.apiUrl, retries: 0, rejectOnRateLimit: () => true },
  });
  const ready = once(client, 'clientReady');
  await client.login(discord.token);
  await ready;
  return client as Client<true>;
}

/** The client's next event of this name. */
export async function nextOf<T>(client: Client, event: string): Promise<T> {
  const [found] = await once(client, event, { signal: AbortSignal.timeout(PATIENCE_MS) });
  return found as T;
}

export async function withDiscord(
  options: DiscordOptions,
  run: (discord: DiscordEmulator) => Promise<void>,
): Promise<void> {
  const discord = await createDiscordEmulator(options);
  try {
    await run(discord);
  } finally {
    await discord.close();
  }
}

/** Also sees to it that every request of the client is as the description has it. */
export async function withClient(
  options: DiscordOptions,
  run: (discord: DiscordEmulator, client: Client<true>) => Promise<void>,
): Promise<void> {
  await withDiscord(options, async (discord) => {
    const client = await login(discord);
    try {
      await register(discord);
      await run(discord, client);
    } finally {
      await client.destroy();
    }
    assert.deepEqual(discord.specReport().violations, []);
  });
}
