import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { EgressError } from './egress-error.ts';
import { parseTarget } from './egress-policy.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { createGuardedAgent } from './guarded-connect.ts';

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface GuardedFetchOptions {
  readonly maxBytes: number;
  /** From the first connection to the last byte, redirects included. */
  readonly totalTimeoutMs: number;
  /** Longest silence between two reads. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface GuardedResponse {
  /** After redirects. */
  readonly url: URL;
  /** As the server claims; null where it makes no claim. */
  readonly declaredBytes: number | null;
  readonly header: (name: string) => string | null;
  /** Throws `EgressError` (`too-large`, `timeout`, `bad-response`) in the middle where a limit is passed. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * GET with every guard on: `use` gets the answer to a status of 2xx, and when it returns everything is closed.
 * Thrown `EgressError`; whatever `use` throws passes through; an aborted `signal` throws its own reason.
 */
export async function guardedFetch<T>(
  link: string,
  policy: EgressPolicy,
  options: GuardedFetchOptions,
  use: (response: GuardedResponse) => Promise<T>,
): Promise<T> {
  const expiry = AbortSignal.timeout(options.totalTimeoutMs);
  const signal = options.signal === undefined ? expiry : AbortSignal.any([expiry, options.signal]);
  const agent = createGuardedAgent(policy, options.idleTimeoutMs);
  try {
    const { url, response } = await follow(link, policy, agent, signal);
    return await use(guardedResponse(url, response, options, signal));
  } catch (error) {
    options.signal?.throwIfAborted();
    throw asEgressError(error);
  } finally {
    await agent.destroy();
  }
}

async function follow(
  link: string,
  policy: EgressPolicy,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<{ readonly url: URL; readonly response: Dispatcher.ResponseData }> {
  let { url } = parseTarget(link, policy);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await request(url, {
      dispatcher,
      signal,
      headers: { accept: 'audio/*, */*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'Woodshed' },
    });
    if (response.statusCode >= 200 && response.statusCode < 300) return { url, response };
    discard(response);
    if (!REDIRECTS.has(response.statusCode)) throw new EgressError('status', { status: response.statusCode });
    url = nextHop(url, firstValue(response.headers['location']), policy);
  }
  throw new EgressError('too-many-redirects');
}

function nextHop(from: URL, location: string | null, policy: EgressPolicy): URL {
  if (location === null || !URL.canParse(location, from.href)) throw new EgressError('bad-response');
  const to = parseTarget(new URL(location, from).href, policy).url;
  if (from.protocol === 'https:' && to.protocol === 'http:') throw new EgressError('blocked-downgrade');
  return to;
}

function discard(response: Dispatcher.ResponseData): void {
  // A body that is not read would hold the connection; one that fails late has nobody else to tell.
  response.body.on('error', () => {}).destroy();
}

function guardedResponse(
  url: URL,
  response: Dispatcher.ResponseData,
  options: GuardedFetchOptions,
  signal: AbortSignal,
): GuardedResponse {
  const header = (name: string): string | null => firstValue(response.headers[name]);
  const encoding = header('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    discard(response);
    throw new EgressError('bad-response');
  }
  const declared = header('content-length');
  const declaredBytes = declared !== null && /^\d{1,15}$/u.test(declared) ? Number(declared) : null;
  if (declaredBytes !== null && declaredBytes > options.maxBytes) {
    discard(response);
    throw new EgressError('too-large');
  }
  return { url, declaredBytes, header, body: limited(response.body, options.maxBytes, signal) };
}

async function* limited(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new EgressError('too-large');
      yield chunk;
    }
  } catch (error) {
    throw signal.aborted ? new EgressError('timeout', { cause: error }) : asEgressError(error);
  }
}

function firstValue(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

const UNDICI_REASONS: Readonly<Record<string, EgressError['reason']>> = {
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'bad-response',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'bad-response',
  UND_ERR_SOCKET: 'bad-response',
  UND_ERR_ABORTED: 'timeout',
};

const NETWORK_CODE = /^(?:E(?:CONN|HOST|NET|ADDR|TIMEDOUT|PIPE|PROTO|AI_)|ERR_(?:TLS|SSL)|CERT_|DEPTH_|SELF_|UNABLE_)/u;

/** Only what the network or HTTP client threw becomes an `EgressError`; the rest is somebody else's and stays as it is. */
function asEgressError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof EgressError) return error;
  if (error.name === 'TimeoutError') return new EgressError('timeout', { cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = UNDICI_REASONS[code];
  if (known !== undefined) return new EgressError(known, { cause: error });
  if (error.name === 'HTTPParserError' || code.startsWith('UND_ERR_')) {
    return new EgressError('bad-response', { cause: error });
  }
  // Node reports several failed addresses of one name together.
  const ofNetwork = NETWORK_CODE.test(code) || error instanceof AggregateError;
  return ofNetwork ? new EgressError('unreachable', { cause: error }) : error;
}
