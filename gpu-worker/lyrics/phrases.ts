/** Cuts a window's tokens at their timestamps, and says where the next window begins. */
import { TIMESTAMP_SECONDS } from './vocabulary.ts';

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
