/** In which key each moment of a song is, by its name. */
import type { SongKey } from '../../workflows/contract/analysis.ts';
import { named } from '../../workflows/contract/scales.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';
import type { HeldChord } from './chord-path.ts';
import { keyOf } from './key-names.ts';
import { keyRegions } from './key-regions.ts';
import type { KeyWindow } from './key-regions.ts';

export interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface KeySpan extends TimeSpan {
  readonly key: NamedKey;
}

/** Where there is no beat, as long as a bar of a calm song. */
const FREE_WINDOW_SECONDS = 2;

export interface KeyedSong {
  readonly path: readonly HeldChord[];
  /** None where there is no beat. */
  readonly bars: readonly TimeSpan[];
  readonly sectionStarts: readonly number[];
  /** As it sounds. */
  readonly home: (NamedKey & Pick<SongKey, 'otherMode'>) | null;
}

/** @returns spans in time; none where the song has no key. The first reaches back to the beginning, the last on to the end. */
export function songKeys({ path, bars, sectionStarts, home }: KeyedSong): KeySpan[] {
  if (home === null) return [];
  const times = bars.length > 0 ? bars : freeWindows(path);
  const windows = times.map((time, index) => keyWindow(path, time, opens(times, index, sectionStarts)));
  const { tonic, mode, otherMode } = home;
  const homeKey = keyOf(home);
  return keyRegions(windows, { ...homeKey, otherMode }).map(({ fromWindow, toWindow, key }) => ({
    startSeconds: fromWindow === 0 ? 0 : (times[fromWindow] as TimeSpan).startSeconds,
    endSeconds: times[toWindow]?.startSeconds ?? Number.POSITIVE_INFINITY,
    key: key.tonic === homeKey.tonic && key.mode === mode ? { tonic, mode } : named(key),
  }));
}

export function keyAt(spans: readonly KeySpan[], seconds: number): NamedKey | null {
  return spans.findLast(({ startSeconds }) => startSeconds <= seconds + 1e-6)?.key ?? spans[0]?.key ?? null;
}

function freeWindows(path: readonly HeldChord[]): TimeSpan[] {
  const end = path.at(-1)?.endSeconds ?? 0;
  return Array.from({ length: Math.ceil(end / FREE_WINDOW_SECONDS) }, (_, index) => ({
    startSeconds: index * FREE_WINDOW_SECONDS,
    endSeconds: (index + 1) * FREE_WINDOW_SECONDS,
  }));
}

function keyWindow(
  path: readonly HeldChord[],
  { startSeconds, endSeconds }: TimeSpan,
  opensSection: boolean,
): KeyWindow {
  const chords = path
    .slice(firstEndingAfter(path, startSeconds), firstEndingAfter(path, endSeconds) + 1)
    .flatMap((held) => {
      const seconds = Math.min(endSeconds, held.endSeconds) - Math.max(startSeconds, held.startSeconds);
      return held.chord === null || seconds <= 0
        ? []
        : [{ chord: held.chord, share: seconds / (endSeconds - startSeconds) }];
    });
  return { opensSection, chords };
}

/** By halving; as many as there are where none does. */
function firstEndingAfter(path: readonly HeldChord[], seconds: number): number {
  let [low, high] = [0, path.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((path[middle] as HeldChord).endSeconds > seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether this window begins nearer to a section's start than its neighbours do. */
function opens(times: readonly TimeSpan[], index: number, sectionStarts: readonly number[]): boolean {
  const { startSeconds, endSeconds } = times[index] as TimeSpan;
  const half = (endSeconds - startSeconds) / 2;
  return sectionStarts.some((start) => Math.abs(start - startSeconds) < half);
}
