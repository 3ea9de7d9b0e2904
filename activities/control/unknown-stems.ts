import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { StemPick } from '../../workflows/contract/request.ts';
import { stemNames } from '../../workflows/contract/stems.ts';
import type { SeparationPlan } from '../../workflows/contract/stems.ts';

/** Why a pick cannot be had from this plan; null where it can. */
export function unknownStems({ tree }: Pick<SeparationPlan, 'tree'>, pick: StemPick): FailureReport | null {
  if (pick.kind === 'all') {
    return null;
  }
  const known = stemNames(tree);
  const isKnown = pick.stems.length > 0 && pick.stems.every((stem) => known.includes(stem));
  return isKnown ? null : { code: 'unknown-stem', facts: { known: known.join(', ') } };
}
