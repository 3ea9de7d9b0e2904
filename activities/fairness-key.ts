import { createHash } from 'node:crypto';
import type { Requester } from '../workflows/contract/request.ts';

/**
 * Whose turn it is, for Temporal: everybody who waits gets the same share of a queue, however much anybody asks for. 16 hexadecimal
 * digits, as at most 64 bytes are taken, and nobody's id belongs into Temporal's tables.
 */
export function fairnessKey({ platform, userId }: Requester): string {
  return createHash('sha256')
    .update(JSON.stringify([platform, userId]))
    .digest('hex')
    .slice(0, 16);
}
