/** Lyrics as plain text, for people. */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { lineText, sungLines } from './sung-lines.ts';

/** A pause this long is an empty line: most verses are further apart, and most lines of one nearer together. */
const STANZA_SECONDS = 4;

export function writeText(lyrics: SongLyrics): string {
  let endSeconds = Infinity;
  return sungLines(lyrics)
    .map((line) => {
      const pause = line.words[0]!.startSeconds - endSeconds;
      endSeconds = line.words.at(-1)!.endSeconds;
      return `${pause >= STANZA_SECONDS ? '\n' : ''}${lineText(line)}\n`;
    })
    .join('');
}
