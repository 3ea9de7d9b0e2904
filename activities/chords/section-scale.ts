/** Which scale the chords of a section are made of. */
import type { SongKey } from '../../workflows/contract/analysis.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';
import { pitchClassOf } from '../../workflows/contract/scales.ts';
import { pitchClass, tonesOf } from './pitch-chord.ts';
import type { PitchChord } from './pitch-chord.ts';

export interface TimedChord {
  readonly chord: PitchChord;
  readonly seconds: number;
}

interface ScaleMark {
  readonly name: string;
  /** Degrees that mark the scale, in semitones above the tonic, each with the one that it stands for. */
  readonly marks: readonly (readonly [mark: number, instead: number])[];
}

const SCALES: Readonly<Record<SongKey['mode'], readonly ScaleMark[]>> = {
  major: [
    { name: 'mixolydian', marks: [[10, 11]] },
    { name: 'lydian', marks: [[6, 5]] },
  ],
  minor: [
    {
      name: 'melodic minor',
      marks: [
        [9, 8],
        [11, 10],
      ],
    },
    { name: 'dorian', marks: [[9, 8]] },
    { name: 'phrygian', marks: [[1, 2]] },
    { name: 'harmonic minor', marks: [[11, 10]] },
  ],
};
const PLAIN = { major: 'major', minor: 'natural minor' } as const;

/** A degree that marks a scale outweighs the one it stands for so many times … */
const MARK_RATIO = 3;
/** … and is at least such a share of what sounds. */
const MARK_SHARE = 0.02;

/** Such as `A natural minor`; the key's own where its chords leave it open. */
export function sectionScale(chords: readonly TimedChord[], key: NamedKey): string {
  const tonic = pitchClassOf(key.tonic);
  const shares = degreeShares(chords, tonic);
  const marked = SCALES[key.mode].find(({ marks }) =>
    marks.every(
      ([mark, instead]) =>
        (shares[mark] as number) > MARK_SHARE && (shares[mark] as number) > MARK_RATIO * (shares[instead] as number),
    ),
  );
  return `${key.tonic} ${marked?.name ?? PLAIN[key.mode]}`;
}

function degreeShares(chords: readonly TimedChord[], tonic: number): number[] {
  const shares = Array.from({ length: 12 }, () => 0);
  let total = 0;
  for (const { chord, seconds } of chords) {
    for (const tone of tonesOf(chord)) {
      shares[pitchClass(tone - tonic)]! += seconds;
      total += seconds;
    }
  }
  return total === 0 ? shares : shares.map((share) => share / total);
}
