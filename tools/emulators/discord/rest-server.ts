/** The emulated discord.com on one port of 127.0.0.1: the API, the files, the gateway's door. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmulatedRequest } from '../core/emulator.ts';
import type { Faults } from '../core/faults.ts';
import { pathMatcher } from '../core/path-template.ts';
import type { SpecCheck } from '../core/spec-check.ts';
import { DiscordError, refuse } from './discord-error.ts';
import type { Emulation } from './emulation.ts';
import type { InvalidRequests } from './invalid-requests.ts';
import type { RateLimits } from './rate-limits.ts';
import { jsonReply, reply, send } from './reply.ts';
import type { Reply } from './reply.ts';
import { parseBody, readBytes } from './request-body.ts';
import { APPLICATION_ROUTES } from './routes/application.ts';
import { CHANNEL_ROUTES } from './routes/channels.ts';
import { INTERACTION_ROUTES } from './routes/interactions.ts';
import { MESSAGE_ROUTES } from './routes/messages.ts';
import type { Route } from './routes/route.ts';

export interface DiscordRequest extends EmulatedRequest {
  /** The channel or thread that it is about; null where it is about none. */
  readonly place: string | null;
  /** Whether it came with a bot's token, a right one or a wrong one. */
  readonly hasToken: boolean;
}

export interface RestServer {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly requests: readonly DiscordRequest[];
  close(): Promise<void>;
}

export interface RestSettings {
  readonly hangMs: number;
  readonly faultRetryAfterSeconds: number;
  readonly random: () => number;
  readonly limits: RateLimits;
  readonly invalid: InvalidRequests;
  readonly spec: SpecCheck;
  /** Read anew for each request. */
  readonly faults: () => Faults;
}

const API = '/api/v10';
const ROUTES = new Map(
  [...APPLICATION_ROUTES, ...CHANNEL_ROUTES, ...MESSAGE_ROUTES, ...INTERACTION_ROUTES].map((route) => [
    route.name,
    route,
  ]),
);
const templates = new Set([...ROUTES.keys()].map((name) => name.slice(name.indexOf(' ') + 1)));
const match = pathMatcher(templates);

interface Matched {
  readonly name: string;
  readonly template: string | null;
  readonly route: Route | null;
  readonly params: Readonly<Record<string, string>>;
}

/** @param connect gets the emulation once the origin is known */
export async function startRestServer(
  settings: RestSettings,
  connect: (origin: string) => Emulation,
): Promise<RestServer> {
  const requests: (DiscordRequest & { status: number | null })[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      send(response, jsonReply(500, { message: '500: Internal Server Error', code: 0 }));
      if (!request.destroyed) console.error('discord emulator:', error);
    });
  });
  // Large uploads and hangs outlast Node's own limits.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const emulation = connect(origin);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const isFile = /^\/(?:ephemeral-)?attachments\//u.test(url.pathname);
    const matched = isFile ? null : findRoute(method, url.pathname);
    const log = {
      method: matched?.name ?? 'GET attachment',
      place: matched?.params['channel_id'] ?? null,
      hasToken: request.headers.authorization !== undefined,
      atMs: Date.now(),
      status: null as number | null,
    };
    requests.push(log);
    if (matched === null) {
      log.status = send(response, fileReply(emulation, url));
      return;
    }
    const call = { method: matched.name, isSend: matched.route?.isSend === true };
    const fault = settings.faults().next(call);
    if (fault === 'reset-before') {
      request.socket.resetAndDestroy();
      return;
    }
    const bytes = await readBytes(request);
    const execute = async (): Promise<Reply> => await answer(request, url, matched, bytes);
    log.status = await reply(request, response, execute, {
      fault,
      hangMs: settings.hangMs,
      retryAfterSeconds: settings.faultRetryAfterSeconds,
      random: settings.random,
    });
  }

  async function answer(request: IncomingMessage, url: URL, matched: Matched, bytes: Buffer | null): Promise<Reply> {
    const { route, params, name, template } = matched;
    const isOurs = route?.auth === 'none' || request.headers.authorization === `Bot ${emulation.token ?? ''}`;
    const { headers, waitSeconds, scope } = settings.limits.take({
      name,
      place: params['channel_id'] ?? params['guild_id'] ?? params['webhook_token'] ?? params['interaction_id'] ?? '',
      isGlobal: route?.auth !== 'none',
    });
    if (waitSeconds !== null) {
      settings.invalid.note();
      return limited(waitSeconds, scope, headers);
    }
    try {
      if (!isOurs || emulation.token === null) refuse('unauthorized');
      if (template === null) refuse('notFound');
      if (bytes === null) return refuse('tooLarge');
      const contentType = request.headers['content-type'] ?? '';
      const body = await parseBody(contentType, bytes);
      settings.spec.check({
        method: request.method ?? 'GET',
        path: url.pathname.slice(API.length),
        query: url.searchParams,
        contentType: contentType === '' ? null : contentType,
        body: body.json,
        files: body.uploads.map(({ field }) => field),
      });
      if (route === null) return refuse('methodNotAllowed');
      const { status, json } = route.run({ emulation, params, query: url.searchParams, body });
      return jsonReply(status, json, headers);
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      const { status, code, message, errors } = error;
      if (status === 401 || status === 403) settings.invalid.note();
      return jsonReply(status, { message, code, ...(errors !== null && { errors }) }, headers);
    }
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    emulation.gateway.upgrade(request, socket, head);
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

function findRoute(method: string, pathname: string): Matched {
  const path = pathname.startsWith(`${API}/`) ? pathname.slice(API.length) : null;
  const found = path === null ? null : match(path);
  const name = `${method} ${found?.template ?? path ?? pathname}`;
  return { name, template: found?.template ?? null, route: ROUTES.get(name) ?? null, params: found?.parameters ?? {} };
}

function limited(waitSeconds: number, scope: string, headers: Reply['headers']): Reply {
  return jsonReply(
    429,
    { message: 'You are being rate limited.', retry_after: waitSeconds, global: scope === 'global' },
    { ...headers, 'retry-after': String(Math.ceil(waitSeconds)), 'x-ratelimit-scope': scope },
  );
}

function fileReply({ attachments }: Emulation, url: URL): Reply {
  const found = attachments.open(url);
  if (found === null) {
    const body = 'This content is no longer available.';
    return { status: 404, headers: { 'content-type': 'text/plain' }, body };
  }
  return { status: 200, headers: { 'content-type': found.mimeType }, body: found.bytes };
}
