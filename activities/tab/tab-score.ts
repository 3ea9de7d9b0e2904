/**
 * A tab as it is written down: bars of notes and rests that sum exactly. Positions are ticks, {@link TICKS_PER_QUARTER} to a quarter note: fine enough
 * for sixteenths and for eighth triplets.
 */
import type { Instrument } from '../../workflows/contract/tab.ts';
import type { SongKey } from '../../workflows/contract/analysis.ts';
import type { BeatGrid } from './beat-grid.ts';

export const TICKS_PER_QUARTER = 12;

/** A length that one note head can show. */
export interface NoteValue {
  /** 1 is a whole note, 4 a quarter. */
  readonly denominator: 1 | 2 | 4 | 8 | 16;
  readonly dots: 0 | 1;
  /** Three in the time of two. */
  readonly triplet: boolean;
}

export interface ScoreNote {
  readonly pitchMidi: number;
  /** 1 is the highest string. */
  readonly string: number;
  /** From the capo; 0 is open. */
  readonly fret: number;
  /** Goes on from the beat before without being plucked again. */
  readonly tied: boolean;
  /** Rings on under the beats that follow. */
  readonly letRing: boolean;
}

/** What sounds together, or a rest where there are no notes. */
export interface ScoreBeat {
  /** From the start of the bar. */
  readonly startTick: number;
  readonly ticks: number;
  readonly value: NoteValue;
  readonly notes: readonly ScoreNote[];
  /** The label of the chord that begins here, such as `A:min7`; null where none begins. */
  readonly chord: string | null;
}

export interface ScoreBar {
  /** As the song's chart counts: its first whole bar is 1, a pickup before it 0, and what is played before that is less. */
  readonly number: number;
  /** From the start of the grid. */
  readonly startTick: number;
  readonly ticks: number;
  /** The time signature: the bar's own, where the song leaves out or adds a beat; in a pickup that of the song. */
  readonly beatsPerBar: number;
  readonly beatUnit: 4 | 8;
  /** The last beats of a bar, in a song that begins before its first downbeat. */
  readonly pickup: boolean;
  readonly beats: readonly ScoreBeat[];
}

/** A plucked note for playback: how long it rings, and how strongly it was played. */
export interface PlayedNote {
  readonly startTick: number;
  readonly endTick: number;
  readonly pitchMidi: number;
  readonly string: number;
  /** 0 to 1. */
  readonly amplitude: number;
  /** From the note's start, a reading every {@link BEND_STEP_SECONDS}; null where it stays on its pitch. */
  readonly bendCents: readonly number[] | null;
}

/** 256 samples at 22,050 Hz. */
export const BEND_STEP_SECONDS = 256 / 22_050;

export interface TabScore {
  readonly title: string;
  readonly instrument: Instrument;
  readonly key: SongKey | null;
  /** Null where no beat was found: then bars are counted evenly. */
  readonly tempoBpm: number | null;
  readonly grid: BeatGrid;
  readonly bars: readonly ScoreBar[];
  readonly played: readonly PlayedNote[];
}
