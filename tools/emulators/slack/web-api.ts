/** The Web API under `/api/`: who calls, whether they may, what comes of it. */
import type { IncomingMessage } from 'node:http';
import type { SpecCheck } from '../core/spec-check.ts';
import { createArguments } from './arguments.ts';
import type { SlackEmulation } from './emulation.ts';
import { METHODS } from './methods/all.ts';
import { needScope } from './methods/method.ts';
import type { Method } from './methods/method.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Reply } from './reply.ts';
import { readBody } from './request-body.ts';
import type { RequestBody } from './request-body.ts';
import { SlackError } from './slack-error.ts';
import type { Wire } from './to-wire.ts';

export interface WebApi {
  /** @param name such as `chat.update`. @param onChannel is told which channel the call is about, if any */
  answer(
    name: string,
    request: IncomingMessage,
    query: URLSearchParams,
    onChannel: (channelId: string) => void,
  ): Promise<Reply>;
}

export function createWebApi(emulation: SlackEmulation, limits: RateLimits, spec: SpecCheck): WebApi {
  function run(
    name: string,
    method: Method,
    request: IncomingMessage,
    body: RequestBody,
    query: URLSearchParams,
  ): Wire {
    // Of JSON Slack does not read the token: it takes it from the header alone.
    const { token: inBody, ...rest } = { ...Object.fromEntries(query), ...body.fields };
    const args = createArguments(body.kind === 'json' && !method.takesJson ? Object.fromEntries(query) : rest);
    if (method.token === 'none') return method.run({ emulation, args, basic: basicOf(request) });

    const header = /^Bearer (?<token>\S+)$/u.exec(request.headers.authorization ?? '')?.groups?.['token'];
    const token = header ?? (body.kind !== 'json' && typeof inBody === 'string' ? inBody : null);
    const holder = emulation.tokens.holder(token);
    if (holder.kind === 'app' || method.token === 'app') {
      if (holder.kind !== method.token) throw new SlackError('not_allowed_token_type');
    }
    if (method.token === 'app') return method.run(emulation);
    if (holder.kind !== 'bot') throw new SlackError('not_allowed_token_type');
    const { workspace, scopes } = holder;
    if (method.scope !== null) needScope(scopes, method.scope);
    const channelId = channelOf(rest) ?? '';
    const refusal = emulation.world.refusals.get(channelId);
    if (refusal !== undefined) throw new SlackError(refusal);
    const waitSeconds = limits.take({ method: name, workspaceId: workspace.id, tier: method.tier, channelId });
    if (waitSeconds !== null) throw new SlackError('ratelimited', { waitSeconds });
    return method.run({ emulation, args, workspace, scopes });
  }

  return {
    async answer(name, request, query, onChannel) {
      try {
        const body = await readBody(request);
        const channel = channelOf({ ...Object.fromEntries(query), ...body.fields });
        if (channel !== null) onChannel(channel);
        spec.check({
          method: request.method ?? 'POST',
          path: name,
          query,
          contentType: request.headers['content-type'] ?? null,
          body: body.kind === 'none' ? null : body.fields,
          files: body.files.map(({ field }) => field),
        });
        const method = METHODS.get(name);
        if (method === undefined) throw new SlackError('unknown_method', { req_method: name });
        const value = run(name, method, request, body, query);
        return json({ ok: true, ...value, ...charsetWarning(request) });
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        const { waitSeconds } = error.details;
        return typeof waitSeconds === 'number'
          ? rateLimited(waitSeconds)
          : json({ ok: false, error: error.code, ...error.details });
      }
    },
  };
}

function channelOf({ channel, channel_id: id }: Readonly<Record<string, unknown>>): string | null {
  const given = channel ?? id;
  return typeof given === 'string' ? given : null;
}

export function rateLimited(waitSeconds: number): Reply {
  return {
    status: 429,
    headers: { 'retry-after': String(waitSeconds), 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ok: false, error: 'ratelimited' }),
  };
}

function json(value: Wire): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

function charsetWarning(request: IncomingMessage): Wire {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json') || type.includes('charset')) return {};
  return { warning: 'missing_charset', response_metadata: { warnings: ['missing_charset'] } };
}

function basicOf(request: IncomingMessage): { user: string; password: string } | null {
  const encoded = /^Basic (?<encoded>\S+)$/u.exec(request.headers.authorization ?? '')?.groups?.['encoded'];
  if (encoded === undefined) return null;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return { user, password: rest.join(':') };
}
