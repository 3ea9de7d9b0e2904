/** Cuts a window's tokens at their timestamps, and says where the next window begins. */
import { TIMESTAMP_SECONDS } from './vocabulary.ts';
import type { Span } from './voice-activity.ts';

export interface Phrase {
  /** From the window's beginning. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Words and their timestamps. */
  readonly tokens: readonly number[];
}

export interface WindowPhrases {
  readonly phrases: readonly Phrase[];
  /** How much of the window is done: up to the last whole phrase, where another one had begun. */
  readonly doneSeconds: number;
  /** Whether nothing was said after the last phrase. */
  readonly isDone: boolean;
}

/** As openai/whisper's transcribe.py does. */
export function cutPhrases(tokens: readonly number[], firstTimestamp: number, windowSeconds: number): WindowPhrases {
  const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= firstTimestamp;
  const secondsOf = (token: number): number => (token - firstTimestamp) * TIMESTAMP_SECONDS;
  const isDone = isTimestamp(tokens.at(-1)) && tokens.length >= 2 && !isTimestamp(tokens.at(-2));
  const cuts = [...tokens.keys()].filter((at) => at > 0 && isTimestamp(tokens[at]) && isTimestamp(tokens[at - 1]));

  if (cuts.length === 0) {
    const last = tokens.findLast(isTimestamp) ?? firstTimestamp;
    const endSeconds = last === firstTimestamp ? windowSeconds : secondsOf(last);
    return { phrases: [{ startSeconds: 0, endSeconds, tokens }], doneSeconds: windowSeconds, isDone };
  }
  const bounds = [0, ...cuts, ...(isDone ? [tokens.length] : [])];
  const phrases = bounds.slice(1).map((end, index) => {
    const inside = tokens.slice(bounds[index], end);
    return { startSeconds: secondsOf(inside[0]!), endSeconds: secondsOf(inside.at(-1)!), tokens: inside };
  });
  const doneSeconds = isDone ? windowSeconds : phrases.at(-1)!.endSeconds;
  return { phrases, doneSeconds, isDone };
}

/** How far the decoder may look beyond a phrase's timestamps. */
const TRUSTED_SECONDS = 0.5;

/**
 * At a phrase's ends the decoder has nothing else to look at, and looks for its first and last word for too long; then the phrase's
 * own timestamps are better.
 */
export function trustPhrase(phrase: Phrase, looked: readonly Span[]): Span[] {
  return looked.map(({ startSeconds, endSeconds }, index) => {
    const isEarly = phrase.startSeconds - TRUSTED_SECONDS > startSeconds && phrase.startSeconds < endSeconds;
    const isLate = phrase.endSeconds + TRUSTED_SECONDS < endSeconds && phrase.endSeconds > startSeconds;
    return {
      startSeconds: index === 0 && isEarly ? phrase.startSeconds : startSeconds,
      endSeconds: index === looked.length - 1 && isLate ? phrase.endSeconds : endSeconds,
    };
  });
}
