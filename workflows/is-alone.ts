/** Whether a part is heard best in the recording itself, by how loud its stem and the others are. */
import type { FinishedStem } from './contract/stems.ts';

type LoudStem = Pick<FinishedStem, 'name' | 'loudnessLufs'>;

/** What lies so far below a stem is nobody else playing, but what a separator leaves behind. */
const RESIDUE_LU = 20;
/** The attacks of plucked strings, which end up among the drums. */
const ATTACKS_LU = 12;
const DRUMS = 'drums';

/**
 * True where nobody else plays, and where the part does not play at all, so that what does is written down instead of nothing: somebody who sings
 * alone and asks for a guitar's tab wants to play what they sing. A stem that is all of the recording has lost attacks and overtones to the others.
 *
 * @param stems of one separation, the residual not among them
 */
export function isAlone(stems: readonly LoudStem[], part: string): boolean {
  const partLufs = loudnessOf(stems.find(({ name }) => name === part));
  const others = stems.filter(({ name }) => name !== part);
  const isLeft = (other: LoudStem): boolean =>
    loudnessOf(other) < partLufs - (other.name === DRUMS ? ATTACKS_LU : RESIDUE_LU);
  return others.every(isLeft) || partLufs < Math.max(...others.map(loudnessOf)) - RESIDUE_LU || partLufs === -Infinity;
}

function loudnessOf(stem: LoudStem | undefined): number {
  return stem?.loudnessLufs ?? -Infinity;
}
