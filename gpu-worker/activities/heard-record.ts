/** Under which keys lies what was heard in a song, so that a second attempt, or the same song again, computes nothing. */
import { createHash } from 'node:crypto';

/** Each is raised whenever the code changes what is heard. */
export const LYRICS_VERSION = 2;
const HEARD = {
  lyrics: { version: LYRICS_VERSION, ending: 'json' },
  notes: { version: 1, ending: 'json' },
  /** What networks say of beats, chords and style, before anything is decided. */
  beats: { version: 1, ending: 'bin' },
  chords: { version: 1, ending: 'bin' },
  style: { version: 1, ending: 'bin' },
} as const;
export type HeardKind = keyof typeof HEARD;

/** @param decidedBy all that decides what is heard, beside the code */
export function heardKey(what: HeardKind, decidedBy: readonly unknown[]): string {
  const { version, ending } = HEARD[what];
  const hash = createHash('sha256')
    .update(JSON.stringify([what, version, ...decidedBy]))
    .digest('hex');
  return `heard/${hash}/${what}.${ending}`;
}
