/** The emulated slack.com on one port of 127.0.0.1: API, uploads, downloads, response URLs, consent pages, WebSockets. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmulatedRequest } from '../core/emulator.ts';
import type { Faults } from '../core/faults.ts';
import { takeAnswer } from './answers.ts';
import { authorizePage } from './authorize-page.ts';
import type { SlackEmulation } from './emulation.ts';
import { download, takeUpload } from './transfers.ts';
import { reply, send } from './reply.ts';
import type { Reply } from './reply.ts';
import { readBytes } from './request-body.ts';
import { SlackError } from './slack-error.ts';
import { rateLimited } from './web-api.ts';
import type { WebApi } from './web-api.ts';

export interface SlackRequest extends EmulatedRequest {
  /** Id of the channel that it is about; null where it is about none, or nobody read it. */
  readonly channel: string | null;
}

export interface SlackServer {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly requests: readonly SlackRequest[];
  close(): Promise<void>;
}

export interface ServerSettings {
  readonly hangMs: number;
  readonly faultRetryAfterSeconds: number;
  /** Read anew for each request. */
  readonly faults: () => Faults;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Faults are meant for these. */
const SENDS = new Set([
  'chat.postMessage',
  'chat.update',
  'chat.delete',
  'chat.postEphemeral',
  'files.completeUploadExternal',
  'upload',
  'views.publish',
]);

interface Route {
  /** Null: a person's browser, which is no request of the bot. */
  readonly method: string | null;
  answer(): Promise<Reply>;
}

/** @param connect gets the emulation and the API once the origin is known */
export async function startServer(
  settings: ServerSettings,
  connect: (origin: string) => { readonly emulation: SlackEmulation; readonly api: WebApi },
): Promise<SlackServer> {
  const requests: Writable<SlackRequest>[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      send(response, { status: 500, headers: {}, body: '{"ok":false,"error":"internal_error"}' });
      console.error('slack emulator:', error);
    });
  });
  // Large uploads and hangs outlast Node's own limits.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const { emulation, api } = connect(origin);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const log: Writable<SlackRequest> = { method: '', channel: null, atMs: Date.now(), status: null };
    const { method, answer } = route(request, new URL(request.url ?? '/', origin), log);
    if (method === null) {
      send(response, await answer());
      return;
    }
    log.method = method;
    requests.push(log);
    const fault = settings.faults().next({ method, isSend: SENDS.has(method) });
    log.status = await reply(request, response, answer, {
      fault,
      hangMs: settings.hangMs,
      rateLimited: () => rateLimited(settings.faultRetryAfterSeconds),
    });
  }

  function route(request: IncomingMessage, url: URL, log: Writable<SlackRequest>): Route {
    const { pathname, searchParams } = url;
    const [, first = '', ...rest] = pathname.split('/');
    const path = rest.join('/');
    switch (first) {
      case 'api':
        return {
          method: path,
          answer: () =>
            api.answer(path, request, searchParams, (channel) => {
              log.channel = channel;
            }),
        };
      case 'upload':
        return { method: 'upload', answer: () => takeUpload(emulation, request, rest.at(-1) ?? '') };
      case 'files-pri':
        return {
          method: 'download',
          answer: () => Promise.resolve(download(emulation, request.headers.authorization, rest[0] ?? '')),
        };
      case 'commands':
      case 'actions':
        return { method: 'response_url', answer: () => answerLater(emulation, request, path) };
      case 'oauth':
        return { method: null, answer: () => Promise.resolve(authorizePage(emulation, url)) };
      default:
        return { method: null, answer: () => Promise.resolve(plain(404, 'Not here')) };
    }
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (emulation.socketMode === null) socket.destroy();
    else emulation.socketMode.upgrade(request, socket, head);
  });

  return {
    origin,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** A response URL answers in plain words where it can do nothing. */
async function answerLater(emulation: SlackEmulation, request: IncomingMessage, path: string): Promise<Reply> {
  const text = (await readBytes(request)).toString();
  try {
    const place = emulation.interactions.useAnswerPath(path);
    const given = text.startsWith('{') ? text : (new URLSearchParams(text).get('payload') ?? '{}');
    takeAnswer(emulation, place, JSON.parse(given));
    return plain(200, 'ok');
  } catch (error) {
    if (error instanceof SyntaxError) return plain(400, 'invalid_payload');
    if (!(error instanceof SlackError)) throw error;
    const isGone = ['used_url', 'expired_url', 'no_service'].includes(error.code);
    return plain(isGone ? 404 : 400, error.code);
  }
}

function plain(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
