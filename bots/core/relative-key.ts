import { named, pitchClassOf } from '../../workflows/contract/scales.ts';
import type { NamedKey } from '../../workflows/contract/scales.ts';

const SEMITONES = 12;
/** From a minor key's tonic up to its relative's. */
const MINOR_THIRD = 3;

/** The key of the same notes in the other mode: what a major key is most easily taken for, and the other way round. */
export function relativeKey({ tonic, mode }: NamedKey): NamedKey {
  const pitchClass = pitchClassOf(tonic);
  return mode === 'minor'
    ? named({ tonic: (pitchClass + MINOR_THIRD) % SEMITONES, mode: 'major' })
    : named({ tonic: (pitchClass + SEMITONES - MINOR_THIRD) % SEMITONES, mode: 'minor' });
}
