import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { StemPick } from '../../workflows/contract/request.ts';
import { stemNames } from '../../workflows/contract/stems.ts';
import type { StrategyNode } from '../../workflows/contract/stems.ts';

/** Names of strategies, in the operator's order, with the stems that each gives. */
export type Strategies = ReadonlyMap<string, readonly string[]>;

export function strategiesOf(trees: Readonly<Record<string, StrategyNode>>): Strategies {
  return new Map(Object.entries(trees).map(([name, tree]) => [name, stemNames(tree)]));
}

/** Every stem that some strategy gives, once. */
export function allStems(strategies: Strategies): readonly string[] {
  return [...new Set([...strategies.values()].flat())];
}

/**
 * The strategy for a request: the named one, or else the first of `usual` and then of all that gives the picked stems.
 * Refuses `unknown-stem` where none does, or the named one does not.
 */
export function chooseStrategy(
  named: string | null,
  pick: StemPick,
  usual: readonly string[],
  strategies: Strategies,
): { readonly strategy: string } | { readonly failure: FailureReport } {
  const wanted = pick.kind === 'all' ? [] : pick.stems;
  const candidates = named === null ? [...usual, ...strategies.keys()] : [named];
  for (const strategy of candidates) {
    const stems = strategies.get(strategy);
    if (stems !== undefined && wanted.every((stem) => stems.includes(stem))) {
      return { strategy };
    }
  }
  if (named !== null && !strategies.has(named)) {
    return { failure: { code: 'unknown-strategy', facts: { known: [...strategies.keys()].join(', ') } } };
  }
  const known = named === null ? describe(strategies) : (strategies.get(named) ?? []).join(', ');
  return { failure: { code: 'unknown-stem', facts: { known } } };
}

/** `vocals (vocals, accompaniment); band (vocals, drums)`: what goes together. */
function describe(strategies: Strategies): string {
  return [...strategies].map(([name, stems]) => `${name} (${stems.join(', ')})`).join('; ');
}
