/** Lyrics as an SRT file, for video. */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { lineText, sungLines } from './sung-lines.ts';

/** Nobody reads a line in less. */
const SHORTEST_SECONDS = 0.5;

/** A line of the song a subtitle, shown until it ends or the next begins. */
export function writeSrt(lyrics: SongLyrics): string {
  const lines = sungLines(lyrics);
  return lines
    .map((line, index) => {
      const { words } = line;
      const startSeconds = words[0]!.startSeconds;
      const next = lines[index + 1]?.words[0]?.startSeconds ?? Infinity;
      const endSeconds = Math.min(Math.max(words.at(-1)!.endSeconds, startSeconds + SHORTEST_SECONDS), next);
      return `${index + 1}\n${srtTime(startSeconds)} --> ${srtTime(endSeconds)}\n${lineText(line)}\n`;
    })
    .join('\n');
}

function srtTime(seconds: number): string {
  const milliseconds = Math.round(Math.max(0, seconds) * 1000);
  const part = (size: number, of: number): number => Math.floor(milliseconds / size) % of;
  const clock = [Math.floor(milliseconds / 3_600_000), part(60_000, 60), part(1000, 60)];
  return `${clock.map((value) => String(value).padStart(2, '0')).join(':')},${String(part(1, 1000)).padStart(3, '0')}`;
}
