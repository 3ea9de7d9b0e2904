// The chords that are told apart, and what of each pitch class sounds while one does.

export type ChordQuality = 'maj' | 'min' | '7' | 'maj7' | 'maj6' | 'min7' | 'sus4' | 'dim' | 'hdim7' | 'aug';

interface QualityShape {
  /** Semitones above the root. */
  readonly tones: readonly number[];
  /** How rare it is against a plain triad, in nats. */
  readonly rarity: number;
  /** Chord tones that may be in the bass instead of the root, with the degree that names them. */
  readonly inversions: readonly { readonly bass: number; readonly degree: string }[];
}

const QUALITIES: Readonly<Record<ChordQuality, QualityShape>> = {
  maj: {
    tones: [0, 4, 7],
    rarity: 0,
    inversions: [
      { bass: 4, degree: '3' },
      { bass: 7, degree: '5' },
    ],
  },
  min: {
    tones: [0, 3, 7],
    rarity: 0,
    inversions: [
      { bass: 3, degree: 'b3' },
      { bass: 7, degree: '5' },
    ],
  },
  '7': {
    tones: [0, 4, 7, 10],
    rarity: 1,
    inversions: [
      { bass: 4, degree: '3' },
      { bass: 10, degree: 'b7' },
    ],
  },
  maj7: { tones: [0, 4, 7, 11], rarity: 1, inversions: [] },
  maj6: { tones: [0, 4, 7, 9], rarity: 2.5, inversions: [] },
  min7: { tones: [0, 3, 7, 10], rarity: 1, inversions: [{ bass: 10, degree: 'b7' }] },
  sus4: { tones: [0, 5, 7], rarity: 6, inversions: [] },
  dim: { tones: [0, 3, 6], rarity: 3, inversions: [] },
  hdim7: { tones: [0, 3, 6, 10], rarity: 3, inversions: [] },
  aug: { tones: [0, 4, 8], rarity: 4.5, inversions: [] },
};

export interface Chord {
  /** Pitch class, 0 is C. */
  readonly root: number;
  readonly quality: ChordQuality;
  /** Pitch class of the lowest note. */
  readonly bass: number;
  /** Degree of the bass, such as `3`; null for the root. */
  readonly bassDegree: string | null;
  /** In nats, for its quality and its inversion. */
  readonly rarity: number;
}

/** An inversion is so much rarer than the root in the bass, in nats. */
const INVERSION_RARITY = 1.5;

/** Every chord that is told apart; the states of the decoder, in order. "No chord" comes after them. */
export const CHORDS: readonly Chord[] = Array.from({ length: 12 }, (_, root) => chordsOn(root)).flat();

function chordsOn(root: number): Chord[] {
  return Object.entries(QUALITIES).flatMap(([name, { rarity, inversions }]) => {
    const quality = name as ChordQuality;
    return [
      { root, quality, bass: root, bassDegree: null, rarity },
      ...inversions.map(({ bass, degree }) => ({
        root,
        quality,
        bass: (root + bass) % 12,
        bassDegree: degree,
        rarity: rarity + INVERSION_RARITY,
      })),
    ];
  });
}

/** Pitch classes of a chord. */
export function chordTones(chord: { readonly root: number; readonly quality: ChordQuality }): number[] {
  return QUALITIES[chord.quality].tones.map((tone) => (chord.root + tone) % 12);
}
