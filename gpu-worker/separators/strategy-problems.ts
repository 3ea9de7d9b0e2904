// Checks a strategy tree against what the separators really produce.
import type { StrategyNode } from '../../workflows/contract/stems.ts';
import type { SeparatorEntry } from '../models/separator.ts';

const STEM_NAME = /^[a-z][a-z0-9-]*$/;
/** File names of a result that no stem may take. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['residual', 'metadata']);

/** @returns one plain sentence per problem, in the order of the tree; empty for a tree that can run */
export function strategyProblems(tree: StrategyNode, separators: ReadonlyMap<string, SeparatorEntry>): string[] {
  return nodeProblems(tree, '', separators, new Set());
}

function nodeProblems(
  node: StrategyNode,
  path: string,
  separators: ReadonlyMap<string, SeparatorEntry>,
  seen: Set<string>,
): string[] {
  const at = path === '' ? 'the tree' : path;
  const entry = separators.get(node.separator);
  if (entry === undefined) {
    return [`${at}: there is no separator "${node.separator}"; there are ${[...separators.keys()].join(', ')}`];
  }
  const slots = entry.slots.join(', ');
  const problems: string[] = [];
  for (const [slot, output] of Object.entries(node.outputs)) {
    if (!entry.slots.includes(slot)) problems.push(`${at}: ${entry.id} has no output "${slot}"; it has ${slots}`);
    else if (typeof output === 'string') problems.push(...stemProblems(output, at, seen));
    else problems.push(...nodeProblems(output, path === '' ? slot : `${path}.${slot}`, separators, seen));
  }
  for (const slot of entry.slots) {
    if (!Object.hasOwn(node.outputs, slot)) {
      problems.push(`${at}: the output "${slot}" of ${entry.id} leads nowhere; name a stem or a subtree for it`);
    }
  }
  return problems;
}

function stemProblems(name: string, at: string, seen: Set<string>): string[] {
  if (!STEM_NAME.test(name)) {
    return [`${at}: "${name}" is no stem name; use small letters, digits and hyphens, a letter first`];
  }
  if (RESERVED_NAMES.has(name)) return [`${at}: "${name}" is not free as a stem name; every result has its own`];
  if (seen.has(name)) return [`${at}: two stems are called "${name}"`];
  seen.add(name);
  return [];
}
