// The strategy trees of woodshed.yaml: `_` is the separator, every other key one of its slots.
import type { StrategyNode } from '../workflows/contract/stems.ts';

/** The slots that a separator really gives; null where there is no such separator. */
export type SlotsOf = (separator: string) => readonly string[] | null;

const STEM_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;
const LONGEST_STEM_NAME = 32;
const DEEPEST_TREE = 8;
/** Written beside the stems, so no stem may be called so. */
const RESERVED_STEMS: readonly string[] = ['residual', 'metadata', 'mix'];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Walk {
  readonly slotsOf: SlotsOf | undefined;
  readonly problems: string[];
  readonly stems: Map<string, string>;
}

function checkSlots(walk: Walk, path: string, separator: string, named: readonly string[]): void {
  if (walk.slotsOf === undefined) return;
  const slots = walk.slotsOf(separator);
  if (slots === null) {
    walk.problems.push(`${path}: there is no separator called ${separator}`);
    return;
  }
  for (const slot of named.filter((name) => !slots.includes(name))) {
    walk.problems.push(`${path}: ${separator} has no slot ${slot}; it gives ${slots.join(', ')}`);
  }
  for (const slot of slots.filter((name) => !named.includes(name))) {
    walk.problems.push(`${path}: the slot ${slot} of ${separator} leads nowhere; name a stem for it`);
  }
}

function checkStem(walk: Walk, path: string, stem: string): void {
  const earlier = walk.stems.get(stem);
  if (!STEM_NAME.test(stem) || stem.length > LONGEST_STEM_NAME) {
    walk.problems.push(`${path}: "${stem}" cannot name a stem; use small letters, digits and single hyphens`);
  } else if (RESERVED_STEMS.includes(stem)) {
    walk.problems.push(`${path}: a stem cannot be called ${stem}`);
  } else if (earlier !== undefined) {
    walk.problems.push(`${path}: the stem ${stem} is already made at ${earlier}`);
  }
  walk.stems.set(stem, path);
}

function parseNode(walk: Walk, value: unknown, path: string, depth: number): StrategyNode | null {
  if (!isObject(value) || typeof value._ !== 'string' || value._ === '') {
    walk.problems.push(`${path}: a separator is missing; write it as \`_: name\``);
    return null;
  }
  if (depth > DEEPEST_TREE) {
    walk.problems.push(`${path}: a tree may be ${DEEPEST_TREE} separators deep`);
    return null;
  }
  const { _: separator, ...slots } = value;
  checkSlots(walk, path, separator, Object.keys(slots));
  if (Object.keys(slots).length === 0) walk.problems.push(`${path}: ${separator} has no outputs`);
  const outputs: Record<string, string | StrategyNode> = {};
  for (const [slot, output] of Object.entries(slots)) {
    const here = `${path}.${slot}`;
    if (typeof output === 'string') {
      checkStem(walk, here, output);
      outputs[slot] = output;
    } else {
      const subtree = parseNode(walk, output, here, depth + 1);
      if (subtree !== null) outputs[slot] = subtree;
    }
  }
  return { separator, outputs };
}

/**
 * @param path where the tree stands, for the sentences in `problems`.
 * @param problems everything wrong is added here; the tree is null only where there is none to speak of.
 */
export function parseStrategyTree(
  value: unknown,
  path: string,
  problems: string[],
  slotsOf?: SlotsOf,
): StrategyNode | null {
  return parseNode({ slotsOf, problems, stems: new Map() }, value, path, 1);
}
