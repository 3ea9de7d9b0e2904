/** Keys in words, and what a capo makes of them. */
import { named, pitchClassOf } from '../../workflows/contract/scales.ts';
import type { Key, NamedKey } from '../../workflows/contract/scales.ts';
import { pitchClass } from './pitch-chord.ts';

/** `Bb major`, `A minor`. */
export function keyName({ tonic, mode }: NamedKey): string {
  return `${tonic} ${mode}`;
}

/** `Bb`, `Am`: as a chord of it. */
export function shortKeyName({ tonic, mode }: NamedKey): string {
  return mode === 'minor' ? `${tonic}m` : tonic;
}

export function keyOf({ tonic, mode }: NamedKey): Key {
  return { tonic: pitchClassOf(tonic), mode };
}

/** A key that is moved gets its common name; one that stays keeps its own. */
export function movedKey(key: NamedKey, semitones: number): NamedKey {
  if (semitones === 0) return { tonic: key.tonic, mode: key.mode };
  return named({ tonic: pitchClass(pitchClassOf(key.tonic) + semitones), mode: key.mode });
}
