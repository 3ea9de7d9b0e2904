/** What is needed to write notes down for a hand and an instrument. */
export const TAB_PARTS = ['guitar', 'bass', 'melody'] as const;
export type TabPart = (typeof TAB_PARTS)[number];

/** `full` is every note; `intermediate` leaves out what is hard and hardly heard; `easy` is a line that a beginner can follow. */
export const TAB_LEVELS = ['easy', 'intermediate', 'full'] as const;
export type TabLevel = (typeof TAB_LEVELS)[number];

export interface Instrument {
  /** MIDI note numbers of the open strings, from the lowest sounding string to the highest: 4 to 8 of them. */
  readonly tuning: readonly number[];
  /** Fret of the capo; 0 for none. Frets count from it. */
  readonly capo: number;
  /** The highest fret, counted from the nut. */
  readonly frets: number;
}

export interface TabNote {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly pitchMidi: number;
  /** 1 is the highest string, as players and tab files count. */
  readonly string: number;
  /** From the capo; 0 is open. */
  readonly fret: number;
}

export interface Playability {
  /** The widest span of fretted notes that sound together, in frets. */
  readonly largestStretchFrets: number;
  /** Moves of the hand by more than a fret, for each bar on average. */
  readonly shiftsPerBar: number;
  /** Bars that no hand can play as they stand: 0, since such notes are dropped and told. */
  readonly impossibleBars: number;
  readonly dropped: readonly DroppedNote[];
}

export interface DroppedNote {
  readonly startSeconds: number;
  readonly pitchMidi: number;
  readonly why: 'out of range' | 'too wide' | 'too many at once' | 'too fast' | 'left out for the level';
}
