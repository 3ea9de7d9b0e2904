import { connect, isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { callbackify } from 'node:util';
import { Agent, buildConnector } from 'undici';
import { EgressError } from './egress-error.ts';
import { checkHost, resolveTarget } from './egress-policy.ts';
import type { EgressPolicy } from './egress-policy.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const LARGEST_HEADER_BYTES = 32 * 1024;

/**
 * An HTTP client that checks host and port and every resolved address itself, immediately before it connects, and connects to a
 * checked address. Node never asks `lookup` about address literals, so those are checked apart.
 */
export function createGuardedAgent(policy: EgressPolicy, idleTimeoutMs: number): Agent {
  const connectors = new Map<boolean, ReturnType<typeof buildConnector>>();
  for (const allowedPrivate of [false, true]) {
    const lookup = guardedLookup(policy, allowedPrivate);
    connectors.set(allowedPrivate, buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup, allowH2: false }));
  }
  return new Agent({
    connect: (options, callback) => {
      try {
        const port = Number(options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : options.port);
        const { allowedPrivate } = checkHost(options.hostname, port, policy);
        connectors.get(allowedPrivate)?.(options, callback);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null);
      }
    },
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    maxHeaderSize: LARGEST_HEADER_BYTES,
    pipelining: 0,
  });
}

function guardedLookup(policy: EgressPolicy, allowedPrivate: boolean): LookupFunction {
  const resolve = callbackify((hostname: string) => resolveTarget({ hostname, allowedPrivate }, policy));
  return (hostname, options, callback) => {
    resolve(hostname.replace(/\.$/u, ''), (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const answers = addresses.map((address) => ({ address, family: isIP(address) }));
      if (options.all === true) callback(null, answers);
      else callback(null, answers[0]?.address ?? '', answers[0]?.family);
    });
  };
}

/**
 * A plain connection to the first checked address that answers.
 * Thrown `EgressError`: as `checkHost` and `resolveTarget`, and `unreachable` where none answers.
 */
export async function connectGuarded(hostname: string, port: number, policy: EgressPolicy): Promise<Socket> {
  const target = checkHost(hostname, port, policy);
  const addresses = await resolveTarget(target, policy);
  let cause: unknown;
  for (const address of addresses.slice(0, 4)) {
    try {
      return await connectTo(address, port);
    } catch (error) {
      cause = error;
    }
  }
  throw new EgressError('unreachable', { cause });
}

async function connectTo(host: string, port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port });
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
    socket.destroy(new Error('no answer in time'));
  });
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.setTimeout(0);
    socket.removeListener('error', reject);
    resolve(socket);
  });
  return promise;
}
