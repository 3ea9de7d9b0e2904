/** Lyrics as an SRT file, for video. */
import type { LyricLine, SongLyrics } from '../../workflows/contract/lyrics.ts';
import { lineText, sungLines } from './sung-lines.ts';

/** Nobody reads a line in less. */
const SHORTEST_MS = 500;
/** What is shorter than this is not seen at all. */
const LEAST_MS = 100;

interface CueTimes {
  readonly startMs: number;
  readonly endMs: number;
}

/** A line of the song a subtitle, shown until it ends or the next begins. */
export function writeSrt(lyrics: SongLyrics): string {
  const lines = sungLines(lyrics);
  return cueTimes(lines)
    .map(
      ({ startMs, endMs }, index) =>
        `${index + 1}\n${srtTime(startMs)} --> ${srtTime(endMs)}\n${lineText(lines[index] as LyricLine)}\n`,
    )
    .join('\n');
}

/** One after the other, each above 0 ms: one that has little time begins earlier where nothing else is shown, and otherwise takes some of the next one's. */
function cueTimes(lines: readonly LyricLine[]): CueTimes[] {
  const sung = lines.map(({ words }) => ({
    startMs: milliseconds(words[0]?.startSeconds ?? 0),
    endMs: milliseconds(words.at(-1)?.endSeconds ?? 0),
  }));
  const cues: CueTimes[] = [];
  for (const [index, own] of sung.entries()) {
    const free = cues.at(-1)?.endMs ?? 0;
    const following = sung[index + 1];
    const next = following?.startMs ?? Infinity;
    const startMs = Math.max(free, Math.min(own.startMs, next - SHORTEST_MS));
    const endMs = Math.min(Math.max(own.endMs, startMs + SHORTEST_MS), next);
    const half = Math.floor((startMs + (following?.endMs ?? startMs)) / 2);
    const least = Math.max(startMs + 1, Math.min(startMs + LEAST_MS, half));
    cues.push({ startMs, endMs: Math.max(endMs, least) });
  }
  return cues;
}

function milliseconds(seconds: number): number {
  return Math.round(Math.max(0, seconds) * 1000);
}

function srtTime(timeMs: number): string {
  const part = (size: number, of: number): number => Math.floor(timeMs / size) % of;
  const clock = [Math.floor(timeMs / 3_600_000), part(60_000, 60), part(1000, 60)];
  return `${clock.map((value) => String(value).padStart(2, '0')).join(':')},${String(part(1, 1000)).padStart(3, '0')}`;
}
