// Where in a bar which sounds begin: the knowledge by which half time, common time and double time are told apart.

/** What is listened to: onsets low, in the middle, where a snare stands out, and high; slow beginnings of notes; changes of harmony. */
export const SOUND_KINDS = ['low', 'middle', 'snap', 'high', 'notes', 'harmony'] as const;
export type SoundKind = (typeof SOUND_KINDS)[number];

/** Relative shares of a band's onsets: on each beat of the bar, on an eighth between two beats, on a sixteenth. */
export interface SoundPattern {
  readonly beats: readonly number[];
  readonly eighth: number;
  readonly sixteenth: number;
}

export interface MetreTemplate {
  readonly name: string;
  readonly beatsPerBar: number;
  readonly beatUnit: 4 | 8;
  /** Nats that it costs to suppose it: what fits much needs more to be believed. */
  readonly costNats: number;
  readonly patterns: Readonly<Record<SoundKind, SoundPattern>>;
}

const pattern = (beats: readonly number[], eighth: number, sixteenth: number): SoundPattern => ({
  beats,
  eighth,
  sixteenth,
});

/**
 * The metres that are looked for, by how songs are commonly played in them: shares of the sounds of synthesised songs in several styles, rounded.
 */
export const METRES: readonly MetreTemplate[] = [
  {
    name: 'backbeat',
    beatsPerBar: 4,
    beatUnit: 4,
    costNats: 0,
    patterns: {
      low: pattern([1, 0.2, 0.7, 0.3], 0.12, 0.03),
      middle: pattern([0.7, 0.95, 0.5, 1], 0.15, 0.03),
      snap: pattern([0.6, 1, 0.5, 1], 0.15, 0.03),
      high: pattern([0.65, 1, 0.55, 1], 0.2, 0.03),
      notes: pattern([0.8, 1, 0.4, 1], 0.06, 0.02),
      harmony: pattern([1, 0.06, 0.15, 0.08], 0.03, 0.05),
    },
  },
  {
    name: 'four without drums',
    beatsPerBar: 4,
    beatUnit: 4,
    costNats: 0,
    patterns: {
      low: pattern([1, 0.15, 0.7, 0.2], 0.12, 0.03),
      middle: pattern([1, 0.7, 0.7, 0.7], 0.18, 0.03),
      snap: pattern([1, 0.75, 0.75, 0.75], 0.25, 0.03),
      high: pattern([1, 0.8, 0.8, 0.8], 0.25, 0.03),
      notes: pattern([1, 0.5, 0.5, 0.5], 0.06, 0.02),
      harmony: pattern([1, 0.06, 0.15, 0.08], 0.03, 0.05),
    },
  },
  {
    name: 'syncopated four',
    beatsPerBar: 4,
    beatUnit: 4,
    costNats: 1.5,
    patterns: {
      low: pattern([1, 0.2, 0.45, 0.3], 0.4, 0.1),
      middle: pattern([0.9, 0.6, 0.5, 0.8], 0.6, 0.1),
      snap: pattern([0.6, 1, 0.5, 1], 0.45, 0.1),
      high: pattern([0.7, 1, 0.65, 1], 0.5, 0.15),
      notes: pattern([1, 0.4, 0.35, 0.5], 0.4, 0.05),
      harmony: pattern([1, 0.08, 0.15, 0.08], 0.1, 0.08),
    },
  },
  {
    name: 'waltz',
    beatsPerBar: 3,
    beatUnit: 4,
    costNats: 0,
    patterns: {
      low: pattern([1, 0.15, 0.2], 0.06, 0.02),
      middle: pattern([0.85, 1, 0.75], 0.12, 0.03),
      snap: pattern([0.65, 1, 0.8], 0.13, 0.03),
      high: pattern([0.75, 1, 0.9], 0.2, 0.03),
      notes: pattern([0.8, 1, 0.6], 0.05, 0.02),
      harmony: pattern([1, 0.06, 0.1], 0.03, 0.06),
    },
  },
  {
    name: 'three without drums',
    beatsPerBar: 3,
    beatUnit: 4,
    costNats: 0,
    patterns: {
      low: pattern([1, 0.15, 0.25], 0.08, 0.04),
      middle: pattern([1, 0.65, 0.7], 0.2, 0.06),
      snap: pattern([1, 0.75, 0.75], 0.28, 0.08),
      high: pattern([1, 0.8, 0.8], 0.28, 0.08),
      notes: pattern([1, 0.35, 0.4], 0.06, 0.02),
      harmony: pattern([1, 0.06, 0.1], 0.03, 0.06),
    },
  },
];

/** A bar of so many beats of which nothing more is known. */
export function plainMetre(beatsPerBar: number): MetreTemplate {
  const accents = (first: number, others: number): number[] =>
    Array.from({ length: beatsPerBar }, (_, beat) => (beat === 0 ? first : others));
  return {
    name: 'plain',
    beatsPerBar,
    beatUnit: 4,
    costNats: 0,
    patterns: {
      low: pattern(accents(1, 0.35), 0.15, 0.03),
      middle: pattern(accents(1, 0.7), 0.25, 0.03),
      notes: pattern(accents(1, 0.7), 0.25, 0.03),
      snap: pattern(accents(0.7, 0.8), 0.3, 0.04),
      high: pattern(accents(0.8, 0.8), 0.35, 0.04),
      harmony: pattern(accents(1, 0.15), 0.06, 0.06),
    },
  };
}
