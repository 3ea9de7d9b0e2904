/** What is needed to write notes down for a hand and an instrument. */
export const TAB_PARTS = ['guitar', 'bass', 'melody'] as const;
export type TabPart = (typeof TAB_PARTS)[number];

/** `full` is every note; `intermediate` leaves out what is hard and hardly heard; `easy` is a line that a beginner can follow. */
export const TAB_LEVELS = ['easy', 'intermediate', 'full'] as const;
export type TabLevel = (typeof TAB_LEVELS)[number];

export interface Instrument {
  /** MIDI note numbers of the open strings, from the one that players count last: 4 to 8 of them. */
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
  /** `another part`: nothing that this part plays, or an overtone. */
  readonly why:
    | 'another part'
    | 'out of range'
    | 'too wide'
    | 'too many at once'
    | 'too fast'
    | 'left out for the level';
}

/** What somebody usually plays on; kept for a member, and for a band. Null: not said. */
export interface TabPreferences {
  readonly level: TabLevel | null;
  /** MIDI note numbers of the open strings, lowest first. */
  readonly tuning: readonly number[] | null;
  readonly capo: number | null;
  readonly frets: number | null;
}
export const NO_TAB_PREFERENCES: TabPreferences = { level: null, tuning: null, capo: null, frets: null };

/** What whoever asked said of the tab; what is null comes from their preferences, their band's, and at last the part's usual instrument. */
export interface TabWish extends TabPreferences {
  readonly part: TabPart;
  /** True: the recording is this part alone, nothing is separated. Null: decided by what the stems carry. */
  readonly alone: boolean | null;
}

/** What a card says of a tab. */
export interface TabSummary {
  readonly part: TabPart;
  readonly level: TabLevel;
  readonly instrument: Instrument;
  readonly notes: number;
  /** How plain the notes are, 0 to 1: the median of their amplitudes. Music is above 0.4, what noise and drums leave is below. 0 without notes. */
  readonly confidence: number;
  readonly bars: number;
  /** Null where no beat was found: then it is written in free time. */
  readonly tempoBpm: number | null;
  /** Dropped are counted of the part's own notes. */
  readonly playability: Omit<Playability, 'dropped'> & { readonly dropped: number };
  /** True where the recording itself was heard rather than a stem of it. */
  readonly alone: boolean;
}

/** `tab.json`, as it is handed over. */
export interface TabDocument {
  readonly title: string;
  readonly part: TabPart;
  readonly level: TabLevel;
  readonly instrument: Instrument;
  /** As {@link TabSummary} has it. */
  readonly confidence: number;
  /** As heard, before anything is left out or moved to the beat. */
  readonly notes: readonly { startSeconds: number; endSeconds: number; pitchMidi: number; amplitude: number }[];
  /** What is written, as a hand plays it. */
  readonly tab: readonly TabNote[];
  /** Where each written bar begins in the song, and where the last one ends. */
  readonly barsSeconds: readonly number[];
  /** Of the first of them, as the song's chart counts: 1, or 0 where it is a pickup, or less where the part begins before the chart does. */
  readonly firstBarNumber: number;
  readonly playability: Playability;
}
