// The grid that chords are decided on: half beats where there is a beat, else a steady pace.
import type { SongRhythm } from '../../workflows/contract/analysis.ts';

/** What a slot begins with. `free` where no beat is known. */
export type SlotStart = 'downbeat' | 'beat' | 'half-beat' | 'free';

export interface HarmonyGrid {
  /** One more than there are slots, from 0 to the song's end. */
  readonly edgesSeconds: readonly number[];
  readonly starts: readonly SlotStart[];
}

const FREE_SLOT_SECONDS = 0.25;
/** Slots shorter than this are left to their neighbour. */
const SHORTEST_SECONDS = 0.06;

export function harmonyGrid(durationSeconds: number, rhythm: SongRhythm | null): HarmonyGrid {
  if (durationSeconds <= 0) return { edgesSeconds: [0], starts: [] };
  const edges: { seconds: number; start: SlotStart }[] = [];
  const beats = rhythm === null ? [] : withOuterBeats(rhythm.beatsSeconds, durationSeconds);
  if (rhythm === null || beats.length < 2) {
    for (let n = 0; n * FREE_SLOT_SECONDS < durationSeconds; n++) {
      edges.push({ seconds: n * FREE_SLOT_SECONDS, start: 'free' });
    }
  } else {
    const downbeats = new Set(rhythm.downbeatsSeconds);
    beats.forEach((seconds, index) => {
      edges.push({ seconds, start: downbeats.has(seconds) ? 'downbeat' : 'beat' });
      const next = beats[index + 1];
      if (next !== undefined) edges.push({ seconds: (seconds + next) / 2, start: 'half-beat' });
    });
  }
  const inside = edges.filter(
    ({ seconds }) => seconds >= SHORTEST_SECONDS && seconds <= durationSeconds - SHORTEST_SECONDS,
  );
  const atStart = edges.find(({ seconds }) => Math.abs(seconds) < SHORTEST_SECONDS)?.start ?? 'free';
  return {
    edgesSeconds: [0, ...inside.map(({ seconds }) => seconds), durationSeconds],
    starts: [atStart, ...inside.map(({ start }) => start)],
  };
}

/** Goes on at the pace of the outermost beats, before the first and after the last. */
function withOuterBeats(beats: readonly number[], durationSeconds: number): number[] {
  const [first, second] = beats;
  const last = beats.at(-1);
  const beforeLast = beats.at(-2);
  if (first === undefined || second === undefined || last === undefined || beforeLast === undefined) return [...beats];
  const before: number[] = [];
  for (let at = first - (second - first); at > 0; at -= second - first) before.unshift(at);
  const after: number[] = [];
  for (let at = last + (last - beforeLast); at < durationSeconds; at += last - beforeLast) after.push(at);
  return [...before, ...beats, ...after];
}
