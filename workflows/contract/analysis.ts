/**
 * What a song is made of. Times are seconds from the song's first sample; intervals are half open. Confidences are 0 to 1, where 0.5 is a toss-up;
 * what is below {@link SURE} is told as a guess.
 */
export const SURE = 0.6;

export const TONICS = [
  'C',
  'C#',
  'Db',
  'D',
  'D#',
  'Eb',
  'E',
  'F',
  'F#',
  'Gb',
  'G',
  'G#',
  'Ab',
  'A',
  'A#',
  'Bb',
  'B',
] as const;
/** Spelled as a musician of that key would. */
export type Tonic = (typeof TONICS)[number];

export interface SongKey {
  readonly tonic: Tonic;
  readonly mode: 'major' | 'minor';
  /** Where the song stays outside plain major and minor, such as `dorian`; null otherwise. */
  readonly otherMode: 'dorian' | 'phrygian' | 'lydian' | 'mixolydian' | 'locrian' | null;
  readonly confidence: number;
}

export interface TimeSignature {
  readonly beatsPerBar: number;
  /** The note that one beat is: 4 for a quarter, 8 for an eighth. */
  readonly beatUnit: 4 | 8;
  readonly confidence: number;
}

/** What carries the beat: its tempo as it is notated, never folded into a preferred range. */
export interface SongRhythm {
  /** The median over the song. */
  readonly tempoBpm: number;
  readonly confidence: number;
  /** One reading about every bar, for songs that drift. */
  readonly tempoCurve: readonly { readonly atSeconds: number; readonly tempoBpm: number }[];
  readonly beatsSeconds: readonly number[];
  /** A subset of the beats. */
  readonly downbeatsSeconds: readonly number[];
  readonly timeSignature: TimeSignature;
  /** Where the eighth between two beats falls: 0.5 straight, about 0.67 swung; null where nothing plays there. */
  readonly swing: number | null;
}

/** Chords tile the song. */
export interface ChordSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** In the grammar of Harte's annotations: `C:maj`, `A:min7`, `G:maj/3`, `N` for none. */
  readonly label: string;
  readonly confidence: number;
}

/** Sections tile the song. */
export interface SectionSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Sections that repeat share a letter: `A`, `B`, … */
  readonly letter: string;
  /** Only where it is plain, such as `intro` or `chorus`. */
  readonly name: 'intro' | 'verse' | 'chorus' | 'bridge' | 'solo' | 'outro' | null;
}

/** An honest guess from sound alone; null is "not sure". */
export interface Guess {
  readonly label: string;
  readonly confidence: number;
}

export interface SongAnalysis {
  readonly durationSeconds: number;
  /** Null where no beat was found. */
  readonly rhythm: SongRhythm | null;
  /** Null where nothing has a pitch. */
  readonly key: SongKey | null;
  readonly chords: readonly ChordSpan[];
  readonly sections: readonly SectionSpan[];
  /** How far the song's A4 lies from 440 Hz, in cents, -50 to 50; null where nothing has a pitch. */
  readonly tuningCents: number | null;
  /** Integrated loudness, BS.1770-4; null for silence. */
  readonly loudnessLufs: number | null;
  readonly peakDbtp: number | null;
  /** Loudness range, EBU Tech 3342; null for silence. */
  readonly loudnessRangeLu: number | null;
  readonly genre: Guess | null;
  readonly mood: Guess | null;
}

/** What a musician knows better; kept with the recording, and what depends on it is computed again. */
export interface SongFacts {
  /** Multiplies the found tempo. */
  readonly tempoFactor?: 0.5 | 2;
  /** Tapped by hand, in beats a minute. */
  readonly tempoBpm?: number;
  /** A downbeat is here. */
  readonly downbeatSeconds?: number;
  readonly beatsPerBar?: number;
  readonly key?: { readonly tonic: Tonic; readonly mode: 'major' | 'minor' };
}

/** What somebody says now; null takes back what was said before. */
export type FactChanges = { readonly [Name in keyof SongFacts]: SongFacts[Name] | null };
