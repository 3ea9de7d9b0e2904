/** What the network names chords, and what we make of that: a label for each chord and each inversion that the decoder tells apart. */
import { CHORDS } from '../analysis/chord-vocabulary.ts';

/** Of pitch classes, as the network and mir_eval spell them. */
export const PITCH_NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const;

const QUALITIES = ['7', 'aug', 'dim', 'dim7', 'hdim7', 'maj', 'maj6', 'maj7', 'min', 'min6', 'min7', 'minmaj7', 'sus2', 'sus4'] as const; // prettier-ignore

export type NetworkQuality = (typeof QUALITIES)[number];

export interface ChordClass {
  /** In mir_eval's grammar; `N` for no chord, `X` for one that has no name here. */
  readonly label: string;
  /** Pitch class and kind; null for `N` and `X`. */
  readonly chord: { readonly root: number; readonly quality: NetworkQuality; readonly bass: number } | null;
}

/** The network's classes, in its order: that of their labels, by character (`pump.pkl` of crema 0.2.0, the vocabulary `3567s`). */
export const NETWORK_CLASSES: readonly ChordClass[] = [
  ...PITCH_NAMES.flatMap((name, root) =>
    QUALITIES.map((quality) => ({ label: `${name}:${quality}`, chord: { root, quality, bass: root } })),
  ).sort((a, b) => (a.label < b.label ? -1 : 1)),
  { label: 'N', chord: null },
  { label: 'X', chord: null },
];

interface Inversion extends ChordClass {
  /** Where its chord is among the network's classes. */
  readonly of: number;
  readonly bass: number;
}

const INVERSIONS: readonly Inversion[] = NETWORK_CLASSES.flatMap(({ label, chord }, of) =>
  CHORDS.filter(
    ({ root, quality, bassDegree }) => bassDegree !== null && root === chord?.root && quality === chord.quality,
  ).map(({ root, bass, bassDegree }) => ({
    label: `${label}/${bassDegree ?? ''}`,
    chord: { root, quality: chord!.quality, bass },
    of,
    bass,
  })),
);

/** The network's, and behind them the inversions. */
export const CHORD_CLASSES: readonly ChordClass[] = [...NETWORK_CLASSES, ...INVERSIONS];

/** Classes of the network's other output: the pitch class of the bass, and none. */
export const BASS_CLASSES = PITCH_NAMES.length + 1;

/**
 * One frame. What the network gives to a chord is shared out between its root position and its inversions, as the bass is.
 * @param tags probabilities of {@link NETWORK_CLASSES} @param bass of {@link BASS_CLASSES}
 * @param shared receives those of {@link CHORD_CLASSES}
 */
export function shareOutInversions(tags: Float32Array, bass: Float32Array, shared: Float32Array): void {
  const basses = NETWORK_CLASSES.map(({ chord }) => (chord === null ? 1 : bass[chord.root]!));
  for (const inversion of INVERSIONS) basses[inversion.of]! += bass[inversion.bass]!;
  shared.set(tags);
  INVERSIONS.forEach((inversion, index) => {
    const all = basses[inversion.of]!;
    const part = all > 0 ? (tags[inversion.of]! * bass[inversion.bass]!) / all : 0;
    shared[NETWORK_CLASSES.length + index] = part;
    shared[inversion.of]! -= part;
  });
}
