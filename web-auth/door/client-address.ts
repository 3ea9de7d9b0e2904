import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const OURS: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal']);

/**
 * Who asks, as far as limits are concerned: the connection's other end, and where that is on this machine or in a private network, as a
 * proxy in front of us is, the one that it forwards for. What stands before the last entry was written by whoever likes to. A customer
 * with IPv6 has a /64, so its first half counts.
 */
export function clientAddress({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const peer = parse(socket.remoteAddress);
  if (peer === null) return 'unknown';
  const entries = [headers['x-forwarded-for']].flat().join(',').split(',');
  const client = OURS.has(peer.range()) ? parse(entries.at(-1)?.trim()) : null;
  return networkOf(client ?? peer);
}

/** On this machine or in its private network, and not by a proxy that lets the world in. */
export function isFromInside({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const peer = parse(socket.remoteAddress);
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return peer !== null && OURS.has(peer.range()) && !isForwarded;
}

/** In a browser on this machine, and not by a proxy. */
export function isOnThisMachine({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  return parse(socket.remoteAddress)?.range() === 'loopback' && isFromInside({ socket, headers });
}

function parse(text: string | undefined): Address | null {
  return text !== undefined && ipaddr.isValid(text) ? ipaddr.process(text) : null;
}

function networkOf(address: Address): string {
  return address instanceof ipaddr.IPv6
    ? new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()
    : address.toString();
}
