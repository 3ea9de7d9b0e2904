/** Chords as roman numerals name them, with their pitches and their names in Harte's grammar. */

export interface SongKey {
  /** 0 is C. */
  readonly tonicPitchClass: number;
  readonly mode: 'major' | 'minor';
}

export interface Chord {
  readonly rootPitchClass: number;
  readonly quality: ChordQuality;
  /** Semitones from the root to the bass note; 0 in root position. */
  readonly bassSemitones: number;
}

/** Semitones above the root; the first three are the triad. */
const QUALITIES = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  dim: [0, 3, 6],
  sus4: [0, 5, 7],
  '7': [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  min7: [0, 3, 7, 10],
  hdim7: [0, 3, 6, 10],
  maj6: [0, 4, 7, 9],
} as const;
export type ChordQuality = keyof typeof QUALITIES;

/** Above the tonic; an accidental before the numeral moves it. */
const DEGREES: Readonly<Record<string, number>> = { I: 0, II: 2, III: 4, IV: 5, V: 7, VI: 9, VII: 11 };
const ROMAN = /^(?<accidental>[b#]?)(?<numeral>[IViv]+)(?<suffix>maj7|ø7|o|sus4|6|7)?(?:\/(?<bass>b7|[357]))?$/u;

const SHARP_NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const;
const FLAT_NAMES = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'] as const;
/** Major keys that are written with flats, by tonic; a minor key is spelled as its relative major. */
const FLAT_MAJORS = new Set([1, 3, 5, 8, 10]);

/**
 * @param roman a degree of the major scale on the tonic, whatever the mode: `I`, `vi7`, `bVII`, `V7/3` (third in the bass), `iiø7`, `Isus4`.
 *   Upper case is major, lower case minor.
 * @throws RangeError where it is no such name
 */
export function chordOf(roman: string, key: SongKey): Chord {
  const { accidental = '', numeral = '', suffix = '', bass = '' } = ROMAN.exec(roman)?.groups ?? {};
  const degree = DEGREES[numeral.toUpperCase()];
  if (degree === undefined) throw new RangeError(`${roman} is no chord`);
  const moved = accidental === 'b' ? -1 : accidental === '#' ? 1 : 0;
  const quality = qualityOf(numeral === numeral.toUpperCase(), suffix);
  const tones: readonly number[] = QUALITIES[quality];
  const bassTone = { '': 0, '3': tones[1], '5': tones[2], '7': tones[3], b7: tones[3] }[bass];
  if (bassTone === undefined) throw new RangeError(`${roman} has no such bass note`);
  return { rootPitchClass: (key.tonicPitchClass + degree + moved + 12) % 12, quality, bassSemitones: bassTone };
}

function qualityOf(isMajor: boolean, suffix: string): ChordQuality {
  if (suffix === 'ø7') return 'hdim7';
  if (suffix === 'o') return 'dim';
  if (suffix === 'sus4') return 'sus4';
  if (suffix === 'maj7') return 'maj7';
  if (suffix === '6') return 'maj6';
  if (suffix === '7') return isMajor ? '7' : 'min7';
  return isMajor ? 'maj' : 'min';
}

export function pitchClassesOf(chord: Chord): number[] {
  return QUALITIES[chord.quality].map((semitones) => (chord.rootPitchClass + semitones) % 12);
}

export function bassPitchClass(chord: Chord): number {
  return (chord.rootPitchClass + chord.bassSemitones) % 12;
}

/** The seven notes of the key; minor is the natural one. */
export function scaleOf(key: SongKey): number[] {
  const steps = key.mode === 'major' ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10];
  return steps.map((step) => (key.tonicPitchClass + step) % 12);
}

/** Spelled as the key is written. */
export function noteName(pitchClass: number, key: SongKey): string {
  const majorTonic = key.mode === 'major' ? key.tonicPitchClass : (key.tonicPitchClass + 3) % 12;
  const names = FLAT_MAJORS.has(majorTonic) ? FLAT_NAMES : SHARP_NAMES;
  return names[((pitchClass % 12) + 12) % 12] ?? 'C';
}

/** What follows the root's name and a colon: `maj`, `min7`, `maj/3`. */
export function qualityName(chord: Chord): string {
  const intervals: Readonly<Record<number, string>> = { 3: 'b3', 4: '3', 6: 'b5', 7: '5', 10: 'b7', 11: '7' };
  const bass = intervals[chord.bassSemitones];
  return bass === undefined ? chord.quality : `${chord.quality}/${bass}`;
}
