/**
 * Which delivery a message was posted for, in signs that nobody sees: Discord forgets the nonce within minutes, and its history never has
 * it.
 */
import { createHash } from 'node:crypto';

/** Invisible, and no letter of any mark-up. Two bits each. */
const SIGNS = ['\u200B', '\u200C', '\u200D', '\u2060'] as const;
const BYTES = 4;
const MARK = new RegExp(`^(?:-# )?([${SIGNS.join('')}]{${String(BYTES * 4)}})`, 'u');

/** To stand at the beginning of a text, or of its first line of small print. */
export function deliveryMark(nonce: string): string {
  const bytes = createHash('sha256').update(nonce).digest().subarray(0, BYTES);
  return [...bytes].flatMap((byte) => [6, 4, 2, 0].map((shift) => SIGNS[(byte >> shift) & 3])).join('');
}

/** Null where none stands at the beginning. */
export function readDeliveryMark(text: string): string | null {
  return MARK.exec(text)?.[1] ?? null;
}
