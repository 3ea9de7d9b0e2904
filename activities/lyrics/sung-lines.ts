import type { LyricLine, SongLyrics } from '../../workflows/contract/lyrics.ts';

/** Lines with a word at least. */
export function sungLines({ lines }: SongLyrics): readonly LyricLine[] {
  return lines.filter(({ words }) => words.length > 0);
}

/** Its words with a space between them, on one line whatever they hold. */
export function lineText({ words }: LyricLine): string {
  return words.map(({ text }) => text.replaceAll(/\s+/gu, ' ').trim()).join(' ');
}
