import type { StrategyNode } from '../workflows/contract/stems.ts';
import { isSection } from './config-file.ts';
import { parseStrategyTree } from './strategy-tree.ts';
import type { SlotsOf } from './strategy-tree.ts';

/** Works on a document that failed the schema too, so that its strategies are judged in the same run. */
export function parseStrategies(
  document: unknown,
  fileName: string,
  problems: string[],
  slotsOf?: SlotsOf,
): Readonly<Record<string, StrategyNode>> {
  const found = isSection(document) && isSection(document.strategies) ? document.strategies : {};
  const strategies: Record<string, StrategyNode> = {};
  for (const [name, value] of Object.entries(found)) {
    const tree = parseStrategyTree(value, `${fileName}: strategies.${name}`, problems, slotsOf);
    if (tree !== null) strategies[name] = tree;
  }
  if (Object.keys(found).length === 0) problems.push(`${fileName}: strategies has no strategy`);
  return strategies;
}
