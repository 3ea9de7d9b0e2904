/** Plain calls of the emulated Bot API, and people's doings in short, for its tests. */
import type { Acted, PersonFile } from '../core/emulator.ts';
import { ADA, FORUM, GROUP } from './options.ts';
import type { TelegramOptions } from './options.ts';
import { createTelegramEmulator } from './telegram-emulator.ts';
import type { TelegramEmulator } from './telegram-emulator.ts';

export type { TelegramEmulator } from './telegram-emulator.ts';

export const [ADAS_CHAT, FORUM_CHAT, GROUP_CHAT] = [String(ADA.id), String(FORUM.id), String(GROUP.id)] as const;

export interface ApiAnswer {
  readonly status: number;
  readonly ok: boolean;
  // The answers' shapes differ by method, and the tests say which they expect.
  readonly result?: Record<string, unknown> & { readonly message_id?: number };
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

export interface Bench {
  readonly telegram: TelegramEmulator;
  call(
    method: string,
    parameters?: Readonly<Record<string, unknown>>,
    files?: Readonly<Record<string, PersonFile>>,
  ): Promise<ApiAnswer>;
  /** The updates that wait, confirming those before `offset`. */
  updates(offset?: number): Promise<readonly Record<string, unknown>[]>;
  /** Ada writes. */
  says(
    chat: string,
    text: string,
    more?: { files?: PersonFile[]; replyTo?: string; thread?: string; by?: string },
  ): Promise<Acted>;
}

/** @param use its emulator is closed whatever happens */
export async function withBench(options: TelegramOptions, use: (bench: Bench) => Promise<void>): Promise<void> {
  const telegram = await createTelegramEmulator(options);
  const bench: Bench = {
    telegram,
    async call(method, parameters = {}, files = {}) {
      const url = `${telegram.root}/bot${telegram.token}/${method}`;
      return await read(await fetch(url, { method: 'POST', ...encode(parameters, files) }));
    },
    async updates(offset) {
      const { result } = await bench.call('getUpdates', offset === undefined ? {} : { offset });
      return (result ?? []) as unknown as readonly Record<string, unknown>[];
    },
    says: async (chat, text, { files = [], replyTo, thread, by = ADAS_CHAT } = {}) =>
      await telegram.act({
        kind: 'message',
        by,
        at: { chat, thread: thread ?? null },
        text,
        files,
        replyTo: replyTo ?? null,
      }),
  };
  try {
    await use(bench);
  } finally {
    await telegram.close();
  }
}

export async function read(response: Response): Promise<ApiAnswer> {
  return { status: response.status, ...((await response.json()) as Omit<ApiAnswer, 'status'>) };
}

function encode(
  parameters: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, PersonFile>>,
): { readonly body: string | FormData; readonly headers: Record<string, string> } {
  if (Object.keys(files).length === 0) {
    return { body: JSON.stringify(parameters), headers: { 'content-type': 'application/json' } };
  }
  const body = new FormData();
  for (const [name, value] of Object.entries(parameters)) {
    body.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [field, { name, mimeType, bytes }] of Object.entries(files)) {
    body.set(field, new Blob([Uint8Array.from(bytes)], { type: mimeType }), name);
  }
  return { body, headers: {} };
}

/** A file whose bytes nobody looks into: Telegram goes by its name. */
export function song(name: string, bytes = 2000, mimeType = 'audio/mpeg'): PersonFile {
  return { name, mimeType, bytes: Buffer.alloc(bytes, name) };
}
