/** The chords that are named above a tab: those of the song's chart, on its beats. */
import type { ChordSpan, SongKey } from '../../workflows/contract/analysis.ts';
import { chordLabel } from '../chords/chord-label.ts';
import { chordPath } from '../chords/chord-path.ts';
import { readChord } from '../chords/pitch-chord.ts';
import type { BeatGrid } from './beat-grid.ts';

/** @returns labels by the ticks at which they begin, which are those of beats; none where nothing was heard of chords */
export function scoreChords(
  chords: readonly ChordSpan[],
  grid: BeatGrid,
  key: SongKey | null,
): ReadonlyMap<number, string> {
  const last = chords.at(-1);
  if (last === undefined) return new Map();
  // The grid may reach behind the song's end, where nobody is told to stop.
  const toEnd = { ...last, endSeconds: Number.POSITIVE_INFINITY };
  const spans = [...chords.slice(0, -1), toEnd].map(({ label, ...span }) => ({ ...span, chord: readChord(label) }));
  const path = chordPath(spans, grid.beatsSeconds);
  return new Map(path.map(({ fromStep, chord }) => [fromStep * grid.ticksPerBeat, chordLabel(chord, key)]));
}
