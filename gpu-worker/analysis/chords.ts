// Which chord sounds when, by a hidden Markov model over the slots of the harmony grid.
import { viterbi } from '../dsp/viterbi.ts';
import { chordScores } from './chord-scores.ts';
import { CHORDS } from './chord-vocabulary.ts';
import type { Chord } from './chord-vocabulary.ts';
import type { HarmonyGrid, SlotStart } from './harmony-grid.ts';
import type { SlotNotes } from './note-activity.ts';
import type { Key } from '../../workflows/contract/scales.ts';

/** A chord, or null for none, over whole slots `from` .. `to - 1`. */
export interface ChordRun {
  readonly from: number;
  readonly to: number;
  readonly chord: Chord | null;
}

/** Log of the chance that a chord changes where a slot begins. */
const CHANGE: Readonly<Record<SlotStart, number>> = { downbeat: -0.4, beat: -3, 'half-beat': -5, free: -2.2 };

/** @param key what the song is in, or null while it is not known @param heard as {@link chordScores} takes it */
export function decodeChords(
  slots: readonly SlotNotes[],
  grid: HarmonyGrid,
  key: Key | null,
  heard: Float32Array | null,
): ChordRun[] {
  const { emissions, states, moves, initial } = chordScores(slots, key, heard);
  const at = (step: number): { stay: number; change: number } => {
    const change = CHANGE[grid.starts[step] ?? 'free'];
    return { stay: Math.log1p(-Math.exp(change)), change };
  };
  const path = viterbi(emissions, states, moves, at, initial);
  const runs: ChordRun[] = [];
  for (let from = 0, to = 1; to <= path.length; to++) {
    if (to < path.length && path[to] === path[from]) continue;
    runs.push({ from, to, chord: CHORDS[path[from]!] ?? null });
    from = to;
  }
  return runs;
}
