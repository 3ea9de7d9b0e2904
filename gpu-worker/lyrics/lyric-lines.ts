/** Cuts words into lines as singers breathe. */
import type { LyricLine, LyricWord } from '../../workflows/contract/lyrics.ts';
import type { HeardWord } from './heard-word.ts';

/** A pause this long ends a line. */
const PAUSE_SECONDS = 1;
const LONGEST_LINE = 12;

/** A line ends where the network ended a phrase or the singer paused; what is still too long is cut at its longest pause. */
export function makeLines(words: readonly HeardWord[]): LyricLine[] {
  const lines: HeardWord[][] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const before = last?.at(-1);
    const begins = before === undefined || word.beginsPhrase || word.startSeconds - before.endSeconds >= PAUSE_SECONDS;
    if (begins) lines.push([word]);
    else last!.push(word);
  }
  return lines.flatMap(cutLongLine).map((line) => ({ words: line.map(plainWord) }));
}

function cutLongLine(line: readonly HeardWord[]): (readonly HeardWord[])[] {
  if (line.length <= LONGEST_LINE) return [line];
  // Not so near an end that a word or two stand alone.
  const nearest = 3;
  let at = nearest;
  let longest = -Infinity;
  for (let word = nearest; word <= line.length - nearest; word++) {
    const pause = line[word]!.startSeconds - line[word - 1]!.endSeconds;
    const closes = /[.,;:!?]$/.test(line[word - 1]!.text) ? PAUSE_SECONDS / 2 : 0;
    if (pause + closes > longest) {
      longest = pause + closes;
      at = word;
    }
  }
  return [...cutLongLine(line.slice(0, at)), ...cutLongLine(line.slice(at))];
}

function plainWord({ startSeconds, endSeconds, text, confidence }: HeardWord): LyricWord {
  return { startSeconds, endSeconds, text, confidence };
}
