/** A word with its time, before lines are made. */
import type { LyricWord } from '../../workflows/contract/lyrics.ts';
import type { Span } from './voice-activity.ts';

export interface HeardWord extends LyricWord {
  /** Whether the network began a phrase with it. */
  readonly beginsPhrase: boolean;
}

/**
 * The decoder looks for a word this long after it has begun: the median of speech of two synthesizers (espeak-ng 0.11 s, flite
 * 0.10 s) and of sung words (0.16 s).
 */
const LATE_SECONDS = 0.1;
/** A voice that goes on for less than this before a pause is the end of the word before. */
const TAIL_SECONDS = 0.1;
/** How far a word may lie from any voice. */
const REACH_SECONDS = 0.3;
const SHORTEST_SECONDS = 0.02;

/**
 * The network gives every moment to some word, pauses too; a voice's own beginnings and ends are where words begin and end.
 * @param looked from when the decoder looked for the word until it looked for the next
 * @param voice spans of it, in their order
 * @returns the word's time without the pauses in it; null where there is no voice near it
 */
export function timeWord(looked: Span, voice: readonly Span[]): Span | null {
  const startSeconds = Math.max(0, looked.startSeconds - LATE_SECONDS);
  const endSeconds = Math.max(startSeconds + SHORTEST_SECONDS, looked.endSeconds - LATE_SECONDS);
  const heard = voice
    .filter((span) => span.endSeconds > startSeconds && span.startSeconds < endSeconds)
    .map((span) => ({
      startSeconds: Math.max(startSeconds, span.startSeconds),
      endSeconds: Math.min(endSeconds, span.endSeconds),
    }));
  if (heard.length === 0) {
    const isNear = (span: Span): boolean =>
      span.endSeconds > startSeconds - REACH_SECONDS && span.startSeconds < endSeconds + REACH_SECONDS;
    return voice.some(isNear) ? { startSeconds, endSeconds } : null;
  }
  const begins = heard.findIndex((span) => span.endSeconds - span.startSeconds >= TAIL_SECONDS);
  const span = heard[Math.max(0, begins)]!;
  return {
    startSeconds: span.startSeconds,
    endSeconds: Math.max(span.endSeconds, span.startSeconds + SHORTEST_SECONDS),
  };
}
