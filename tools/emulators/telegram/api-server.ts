/** The emulated `api.telegram.org`: methods below `/bot<token>/`, files below `/file/bot<token>/`. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmulatedRequest } from '../core/emulator.ts';
import type { Fault, Faults } from '../core/faults.ts';
import type { SpecCheck } from '../core/spec-check.ts';
import { ApiError, tooManyRequests } from './api-error.ts';
import { createArguments, toTexts } from './arguments.ts';
import type { Emulation } from './emulation.ts';
import { findMethod, isSend } from './methods/index.ts';
import { readRequest } from './read-request.ts';

export interface ApiServerSettings {
  readonly hangMs: number;
  readonly faultRetryAfterSeconds: number;
  readonly random: () => number;
  readonly spec: SpecCheck;
  /** Read anew for each request. */
  readonly faults: () => Faults;
}

export interface TelegramRequest extends EmulatedRequest {
  /** Id of the chat that it is about; null where it is about none, or nobody read it. */
  readonly chat: string | null;
}

export interface ApiServer {
  /** Without a slash at the end. */
  readonly root: string;
  readonly requests: readonly TelegramRequest[];
  /** Breaks the connection of the next `count` polls after their updates were read: they are not confirmed. */
  breakPolls(count: number): void;
  close(): Promise<void>;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export async function startApiServer(emulation: Emulation, settings: ApiServerSettings): Promise<ApiServer> {
  const requests: Writable<TelegramRequest>[] = [];
  const hangs = new Set<NodeJS.Timeout>();
  let pollsToBreak = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.writableEnded || response.destroyed) return;
      answer(response, jsonAnswer(500, { ok: false, error_code: 500, description: 'Internal Server Error' }));
      console.error('telegram emulator:', error);
    });
  });
  // Long polls and hangs outlast Node's own limits.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 60_000;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://telegram.invalid');
    const file = /^\/file\/bot(?<token>[^/]+)\/(?<path>.+)$/u.exec(url.pathname)?.groups;
    if (file !== undefined) {
      answer(response, fileAnswer(decodeURIComponent(file['token'] ?? ''), decodeURIComponent(file['path'] ?? '')));
      return;
    }
    const { token = '', name = '' } = /^\/bot(?<token>[^/]+)\/(?<name>[^/]*)$/u.exec(url.pathname)?.groups ?? {};
    const found = findMethod(name);
    const log: Writable<TelegramRequest> = { method: found?.name ?? name, chat: null, atMs: Date.now(), status: null };
    requests.push(log);
    const refusal = refuse(decodeURIComponent(token), found !== null);
    const fault = refusal === null ? settings.faults().next({ method: log.method, isSend: isSend(log.method) }) : null;
    if (fault === 'reset-before') {
      request.socket.resetAndDestroy();
      return;
    }
    const hungUp = new AbortController();
    response.on('close', () => hungUp.abort());
    const read = await readRequest(request, url.searchParams, emulation.limits.uploadBytes);
    log.chat = read.values.get('chat_id') ?? null;
    // Of what is far too large nothing was kept that could be looked at.
    if (refusal === null && !(read.isTooLarge && read.body === null)) {
      const { query, contentType, body, uploads } = read;
      settings.spec.check({
        method: request.method ?? 'GET',
        path: log.method,
        query,
        contentType,
        body,
        files: [...uploads.keys()],
      });
    }
    const given = await result(async () => {
      if (refusal !== null) throw refusal;
      if (fault === 'rate-limited') throw tooManyRequests(settings.faultRetryAfterSeconds);
      if (fault === 'refused-5xx') return null;
      if (read.isTooLarge) throw new ApiError(413, 'Request Entity Too Large');
      return await found?.method(emulation, {
        args: createArguments(read.values),
        uploads: read.uploads,
        hungUp: hungUp.signal,
      });
    });
    if (log.method === 'getUpdates' && pollsToBreak > 0) {
      pollsToBreak -= 1;
      request.socket.resetAndDestroy();
      return;
    }
    finish(request, response, fault, given, log);
  }

  function finish(
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | null,
    given: Answer,
    log: { status: number | null },
  ): void {
    switch (fault) {
      case 'done-then-reset':
      case 'reset-before':
        request.socket.resetAndDestroy();
        return;
      case 'done-then-hang': {
        const hang = setTimeout(() => request.socket.destroy(), settings.hangMs);
        hangs.add(hang);
        response.on('close', () => {
          clearTimeout(hang);
          hangs.delete(hang);
        });
        return;
      }
      case 'refused-5xx':
      case 'done-then-5xx': {
        const failure = failureAnswer(settings.random());
        log.status = failure.status;
        answer(response, failure);
        return;
      }
      case 'rate-limited':
      case null:
        if (response.destroyed) return;
        log.status = given.status;
        answer(response, given);
    }
  }

  function refuse(token: string, isMethod: boolean): ApiError | null {
    if (!/^\d+:[\w-]+$/u.test(token))
      return token === '' ? new ApiError(404, 'Not Found') : new ApiError(401, 'Unauthorized: invalid token specified');
    if (token !== emulation.token || emulation.isTokenRevoked) return new ApiError(401, 'Unauthorized');
    return isMethod ? null : new ApiError(404, 'Not Found: method not found');
  }

  function fileAnswer(token: string, path: string): Answer {
    const stored = token === emulation.token ? emulation.files.atPath(path, emulation.clock.nowMs()) : null;
    if (stored === null || emulation.localFolder !== null) {
      return jsonAnswer(404, { ok: false, error_code: 404, description: 'Not Found' });
    }
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: stored.bytes };
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    root: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    breakPolls(count) {
      pollsToBreak += count;
    },
    async close() {
      for (const hang of hangs) clearTimeout(hang);
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** Runs a method that the bot's server named in its answer to a webhook; Telegram does not tell how that went. */
export async function runWebhookAnswer(emulation: Emulation, json: string): Promise<void> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    // Whatever else a server says with its 200 is of no interest.
    return;
  }
  if (typeof parsed !== 'object' || parsed === null) return;
  const values = toTexts(parsed as Record<string, unknown>);
  const found = findMethod(values.get('method') ?? '');
  if (found === null) return;
  await result(
    async () =>
      await found.method(emulation, {
        args: createArguments(values),
        uploads: new Map(),
        hungUp: new AbortController().signal,
      }),
  );
}

async function result(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return jsonAnswer(200, { ok: true, result: await run() });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, description, parameters } = error;
    const hasParameters = Object.keys(parameters).length > 0;
    return jsonAnswer(code, { ok: false, error_code: code, description, ...(hasParameters && { parameters }) });
  }
}

function jsonAnswer(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Half of Telegram's failures come from its web server, which speaks HTML. */
function failureAnswer(random: number): Answer {
  return random < 0.5
    ? {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: '<html><head><title>502 Bad Gateway</title></head></html>',
      }
    : jsonAnswer(500, { ok: false, error_code: 500, description: 'Internal Server Error' });
}

function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
