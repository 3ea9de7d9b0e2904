/** Which tokens may come next (openai/whisper, decoding.py: SuppressTokens and ApplyTimestampRules). */
import type { Vocabulary } from './vocabulary.ts';

/** A window's text begins within its first second. */
const LATEST_FIRST_TIMESTAMP = 50;

/**
 * Sets the logits of tokens that may not come next to -Infinity: timestamps come first, in pairs between phrases, singly at the end,
 * and never go back; where all of them together are likelier than any word, it is time for one.
 * @param logits of the next token, one for each of the vocabulary
 * @param text the tokens so far, without the prompt
 */
export function applyTokenRules(logits: Float32Array, text: readonly number[], vocabulary: Vocabulary): void {
  const { endOfText, firstTimestamp, noTimestamps, size } = vocabulary;
  for (const token of vocabulary.suppressed) logits[token] = -Infinity;
  logits[noTimestamps] = -Infinity;
  const last = text.at(-1);
  if (last === undefined) {
    logits.fill(-Infinity, 0, firstTimestamp);
    logits.fill(-Infinity, firstTimestamp + LATEST_FIRST_TIMESTAMP + 1, size);
    return;
  }
  const isTimestamp = (token: number): boolean => token >= firstTimestamp;
  if (isTimestamp(last)) {
    if (isTimestamp(text.at(-2) ?? last)) {
      logits.fill(-Infinity, firstTimestamp, size);
      return;
    }
    // A phrase has ended: the next one begins, there or later, or the text ends.
    logits.fill(-Infinity, 0, endOfText);
    logits.fill(-Infinity, firstTimestamp, last);
  } else {
    const latest = text.findLast(isTimestamp);
    if (latest !== undefined) logits.fill(-Infinity, firstTimestamp, latest + 1);
  }
  if (logSumExp(logits, firstTimestamp, size) > highest(logits, 0, firstTimestamp)) {
    logits.fill(-Infinity, 0, firstTimestamp);
  }
}

/** log(Σ e^x) over logits[from .. to). */
export function logSumExp(logits: Float32Array, from: number, to: number): number {
  const top = highest(logits, from, to);
  if (top === -Infinity) return -Infinity;
  let sum = 0;
  for (let token = from; token < to; token++) sum += Math.exp(logits[token]! - top);
  return top + Math.log(sum);
}

function highest(logits: Float32Array, from: number, to: number): number {
  let top = -Infinity;
  for (let token = from; token < to; token++) if (logits[token]! > top) top = logits[token]!;
  return top;
}
