/** From which bar on a tab counts: as the song's chart does, so that a band that reads both means the same bar. */
import type { ChordSpan, SongRhythm } from '../../workflows/contract/analysis.ts';
import { chartGrid, playedBars } from '../chords/chart-grid.ts';
import { chordPath } from '../chords/chord-path.ts';
import { readChord } from '../chords/pitch-chord.ts';

export interface BarCount {
  /** Of the grid, from 0. */
  readonly firstBeat: number;
  /** Of the bar that begins there: 1, or 0 where it is a pickup. */
  readonly number: number;
}

/** @param rhythm as the tab is counted by; @returns null where the chart has no bars */
export function chartCount(rhythm: SongRhythm | null, chords: readonly ChordSpan[]): BarCount | null {
  const spans = chords.map(({ label, ...span }) => ({ ...span, chord: readChord(label) }));
  const grid = chartGrid(rhythm, spans);
  const [first] = playedBars(grid, chordPath(spans, grid.edgesSeconds), rhythm);
  return first === undefined ? null : { firstBeat: first.fromStep, number: first.number };
}
