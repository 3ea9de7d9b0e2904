/** How near a key is, as mir_eval's `key.weighted_score` says. */
import { pitchClassNamed } from './pitch-class.ts';

export interface NamedKey {
  readonly tonic: string;
  readonly mode: string;
}

/** 1 the same, 0.5 a fifth above, 0.3 relative, 0.2 parallel, else 0. */
export function keyScore(truth: NamedKey, estimated: NamedKey): number {
  const up = (pitchClassNamed(estimated.tonic) - pitchClassNamed(truth.tonic) + 12) % 12;
  if (truth.mode === estimated.mode) return up === 0 ? 1 : up === 7 ? 0.5 : 0;
  if (up === 0) return 0.2;
  return up === (truth.mode === 'major' ? 9 : 3) ? 0.3 : 0;
}
