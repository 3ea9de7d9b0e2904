import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { EgressError } from './egress-error.ts';
import { isPublicAddress } from './public-address.ts';

export interface EgressPolicy {
  /**
   * Hosts of the operator's own network that may be reached all the same, as `host` (ports 80 and 443) or `host:port`.
   * Empty by default.
   */
  readonly allowPrivateHosts: readonly string[];
  /** All addresses of a host name. The system's resolver by default. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

/** A parsed address that has passed every check which needs no network. */
export interface EgressTarget {
  readonly url: URL;
  /** Without brackets and without a final dot. */
  readonly hostname: string;
  readonly port: number;
  /** Whether the operator has allowed this host and port by name. */
  readonly allowedPrivate: boolean;
}

const LONGEST_URL = 2048;
const RESOLVE_TIMEOUT_MS = 10_000;
// Names that lead into the own machine or network by definition (RFC 6761, RFC 6762, RFC 8375) or by cloud custom.
const INNER_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain)$/u;

/**
 * Parses a link as browsers do, so that every spelling of an address has become the one it means, and refuses what can be refused
 * without asking the network.
 * Thrown `EgressError`: `invalid`, `blocked-*`.
 */
export function parseTarget(link: string, policy: EgressPolicy): EgressTarget {
  // A URL parser drops tabs and line breaks; here they are a sign that someone expects two parsers to disagree.
  if (link.length > LONGEST_URL || /[\p{Cc}\s]/u.test(link) || !URL.canParse(link)) throw new EgressError('invalid');
  const url = new URL(link);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new EgressError('blocked-scheme');
  if (url.username !== '' || url.password !== '') throw new EgressError('blocked-userinfo');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { url, ...checkHost(url.hostname, port, policy) };
}

/** The same checks for a host and port that came without a URL. */
export function checkHost(rawHostname: string, port: number, policy: EgressPolicy): Omit<EgressTarget, 'url'> {
  const hostname = rawHostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/u, '$1')
    .replace(/\.$/u, '');
  const allowedPrivate = isAllowedPrivate(hostname, port, policy);
  if (allowedPrivate) return { hostname, port, allowedPrivate };
  if (port !== 80 && port !== 443) throw new EgressError('blocked-port');
  if (isIP(hostname) !== 0) {
    if (!isPublicAddress(hostname)) throw new EgressError('blocked-address');
  } else if (!hostname.includes('.') || INNER_NAME.test(hostname)) {
    throw new EgressError('blocked-address');
  }
  return { hostname, port, allowedPrivate };
}

function isAllowedPrivate(hostname: string, port: number, policy: EgressPolicy): boolean {
  const bracketed = hostname.includes(':') ? `[${hostname}]` : hostname;
  return policy.allowPrivateHosts.some(
    (entry) => entry === `${bracketed}:${String(port)}` || (entry === bracketed && (port === 80 || port === 443)),
  );
}

/**
 * The addresses that may be connected to. Connect to these and never to the name: a second question may get another answer.
 * Thrown `EgressError`: `unreachable` where there are none or any of them is not public.
 */
export async function resolveTarget(
  target: Pick<EgressTarget, 'hostname' | 'allowedPrivate'>,
  policy: EgressPolicy,
): Promise<readonly string[]> {
  if (isIP(target.hostname) !== 0) return [target.hostname];
  let addresses: readonly string[];
  try {
    addresses = await withTimeout((policy.resolve ?? systemResolve)(target.hostname));
  } catch (cause) {
    throw new EgressError('unreachable', { cause });
  }
  if (addresses.length === 0) throw new EgressError('unreachable');
  if (!target.allowedPrivate && !addresses.every(isPublicAddress)) throw new EgressError('unreachable');
  return addresses;
}

async function systemResolve(hostname: string): Promise<readonly string[]> {
  const answers = await lookup(hostname, { all: true, order: 'ipv4first' });
  return answers.map((answer) => answer.address);
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the name was not resolved in time'));
    }, RESOLVE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
