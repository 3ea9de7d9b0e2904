/** A network that has lost the song says the same again and again, in no time. */
import type { HeardWord } from './heard-word.ts';

const LONGEST_PHRASE = 8;
/** A chorus may repeat a phrase as often as it likes; what nobody can sing this fast was not sung. */
const LEAST_REPEATS = 3;
const FASTEST_SECONDS_PER_WORD = 0.08;

/** Leaves one of each run of three or more equal phrases that is faster than anybody sings. */
export function cutLoops(words: readonly HeardWord[]): HeardWord[] {
  const kept: HeardWord[] = [];
  for (let at = 0; at < words.length;) {
    const loop = longestLoop(words, at);
    if (loop === null) {
      kept.push(words[at]!);
      at++;
    } else {
      kept.push(...words.slice(at, at + loop.phrase));
      at += loop.phrase * loop.repeats;
    }
  }
  return kept;
}

function longestLoop(words: readonly HeardWord[], at: number): { phrase: number; repeats: number } | null {
  for (let phrase = 1; phrase <= LONGEST_PHRASE; phrase++) {
    let repeats = 1;
    while (isSame(words, at, at + repeats * phrase, phrase)) repeats++;
    if (repeats < LEAST_REPEATS) continue;
    // Without the first, which may have been sung.
    const second = words[at + phrase]!;
    const last = words[at + repeats * phrase - 1]!;
    const secondsPerWord = (last.endSeconds - second.startSeconds) / ((repeats - 1) * phrase);
    if (secondsPerWord < FASTEST_SECONDS_PER_WORD) return { phrase, repeats };
  }
  return null;
}

function isSame(words: readonly HeardWord[], a: number, b: number, count: number): boolean {
  if (b + count > words.length) return false;
  for (let n = 0; n < count; n++) if (plain(words[a + n]!.text) !== plain(words[b + n]!.text)) return false;
  return true;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
