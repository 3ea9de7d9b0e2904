import { createHash } from 'node:crypto';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { Quality } from '../../workflows/contract/request.ts';
import { separatorsOf } from '../../workflows/contract/stems.ts';
import type { SeparationPlan, StrategyNode } from '../../workflows/contract/stems.ts';

/** What decides a separator's samples and its pace, as the gpu-worker's registry and the model manifest know it. */
export interface SeparatorDescription {
  /** Code version and the SHA-256 of every weights file. */
  readonly identity: readonly string[];
  /** The longest that one window may take on a slow machine. */
  readonly heartbeatSeconds: number;
}

export interface PlannerDeps {
  readonly strategies: Readonly<Record<string, StrategyNode>>;
  readonly describeSeparator: (id: string) => SeparatorDescription;
  /** Raised when joining, finishing or measuring changes any sample or number. */
  readonly finishVersion: number;
}

export type PlanSeparation = (strategy: string, quality: Quality) => SeparationPlan | FailureReport;

/** Resolves a strategy's name to its tree and to the key under which its results are reused. */
export function createPlanner({ strategies, describeSeparator, finishVersion }: PlannerDeps): PlanSeparation {
  return (strategy, quality) => {
    const tree = Object.hasOwn(strategies, strategy) ? strategies[strategy] : undefined;
    if (tree === undefined) {
      return { code: 'unknown-strategy', facts: { known: Object.keys(strategies).join(', ') } };
    }
    const separators = [...new Set(separatorsOf(tree))].map((id) => ({ id, ...describeSeparator(id) }));
    const identity = {
      tree,
      quality,
      finishVersion,
      separators: separators.map(({ id, identity: parts }) => [id, ...parts]),
    };
    return {
      strategy,
      quality,
      tree,
      planKey: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
      heartbeatSeconds: Math.max(...separators.map((separator) => separator.heartbeatSeconds)),
    };
  };
}
