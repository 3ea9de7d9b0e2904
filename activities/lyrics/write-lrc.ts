/** Lyrics as an LRC file, for players. */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { lineText, sungLines } from './sung-lines.ts';

/** A line a line, after the time it begins, `[mm:ss.xx]`: what every player knows. Times of words would be shown by many. */
export function writeLrc(
  lyrics: SongLyrics,
  { title, durationSeconds }: { readonly title: string; readonly durationSeconds: number },
): string {
  const head = [
    `[ti:${plainText(title)}]`,
    ...(lyrics.language === null ? [] : [`[la:${lyrics.language}]`]),
    `[length:${lrcTime(durationSeconds).replace(/\.\d+$/u, '')}]`,
  ];
  const lines = sungLines(lyrics).map(
    (line) => `[${lrcTime(line.words[0]!.startSeconds)}]${plainText(lineText(line))}`,
  );
  return [...head, ...lines].map((line) => `${line}\n`).join('');
}

/** Hundredths of a second; minutes go beyond 59. */
function lrcTime(seconds: number): string {
  const hundredths = Math.round(Math.max(0, seconds) * 100);
  const minutes = Math.floor(hundredths / 6000);
  const rest = (hundredths % 6000) / 100;
  return `${String(minutes).padStart(2, '0')}:${rest.toFixed(2).padStart(5, '0')}`;
}

/** Without what would begin a time or a new line. */
function plainText(text: string): string {
  return text.replaceAll(/[[\]<>\s]+/gu, ' ').trim();
}
