import type { SongKey } from '../../workflows/contract/analysis.ts';
import { named, pitchClassOf } from '../../workflows/contract/scales.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';

const SEMITONES = 12;
/** From a minor key's tonic up to its relative's. */
const MINOR_THIRD = 3;
/** From the tonic of a major key up to that of the mode of the same notes. */
const MODES = { dorian: 2, phrygian: 4, lydian: 5, mixolydian: 7, locrian: 11 } as const;

/**
 * The key of the same notes that a song is most easily taken for: of a major key its relative minor, of a minor key its relative major, of any
 * other mode the major key whose notes it has.
 */
export function relativeKey({
  tonic,
  mode,
  otherMode = null,
}: NamedKey & { readonly otherMode?: SongKey['otherMode'] }): NamedKey {
  const pitchClass = pitchClassOf(tonic);
  if (otherMode !== null) {
    return named({ tonic: (pitchClass + SEMITONES - MODES[otherMode]) % SEMITONES, mode: 'major' });
  }
  return mode === 'minor'
    ? named({ tonic: (pitchClass + MINOR_THIRD) % SEMITONES, mode: 'major' })
    : named({ tonic: (pitchClass + SEMITONES - MINOR_THIRD) % SEMITONES, mode: 'minor' });
}
