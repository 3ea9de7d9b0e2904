/** Under which keys lies what was heard in a song, so that a second attempt, or the same song again, computes nothing. */
import { createHash } from 'node:crypto';

/** Each is raised whenever the code changes what is heard. */
export const LYRICS_VERSION = 1;
export const NOTES_VERSION = 1;

/** @param decidedBy all that decides what is heard, beside the code */
export function heardKey(what: 'lyrics' | 'notes', decidedBy: readonly unknown[]): string {
  const version = what === 'lyrics' ? LYRICS_VERSION : NOTES_VERSION;
  const hash = createHash('sha256')
    .update(JSON.stringify([what, version, ...decidedBy]))
    .digest('hex');
  return `heard/${hash}/${what}.json`;
}
