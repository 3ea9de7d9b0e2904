/** Lyrics as an LRC file, for players. */
import type { LyricWord, SongLyrics } from '../../workflows/contract/lyrics.ts';

/**
 * A line a line, with the time it begins, `[mm:ss.xx]`. With `wordTimes` in the enhanced form, each word after its own
 * `<mm:ss.xx>` and the line's end as the last; players that know only lines may show those.
 * @param title left out where there is none
 */
export function writeLrc(
  lyrics: SongLyrics,
  options: { readonly title?: string; readonly wordTimes: boolean },
): string {
  const head = options.title === undefined ? [] : [`[ti:${plainText(options.title)}]`];
  const lines = lyrics.lines.flatMap(({ words }) => {
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) return [];
    const text = options.wordTimes ? timedWords(words, last.endSeconds) : words.map(wordText).join(' ');
    return [`[${lrcTime(first.startSeconds)}]${text}`];
  });
  return [...head, `[la:${lyrics.language}]`, ...lines].map((line) => `${line}\n`).join('');
}

function timedWords(words: readonly LyricWord[], endSeconds: number): string {
  return [...words.map((word) => `<${lrcTime(word.startSeconds)}>${wordText(word)}`), `<${lrcTime(endSeconds)}>`].join(
    ' ',
  );
}

/** Hundredths of a second; minutes go beyond 59. */
function lrcTime(seconds: number): string {
  const hundredths = Math.round(Math.max(0, seconds) * 100);
  const minutes = Math.floor(hundredths / 6000);
  const rest = (hundredths % 6000) / 100;
  return `${String(minutes).padStart(2, '0')}:${rest.toFixed(2).padStart(5, '0')}`;
}

function wordText({ text }: LyricWord): string {
  return plainText(text);
}

/** What would begin a time or a new line. */
function plainText(text: string): string {
  return text.replaceAll(/[[\]<>\s]+/g, ' ').trim();
}
