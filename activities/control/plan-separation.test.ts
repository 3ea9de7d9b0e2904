import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeparationPlan, StrategyNode } from '../../workflows/contract/stems.ts';
import { createPlanner } from './plan-separation.ts';
import type { PlannerDeps } from './plan-separation.ts';

const TWO: StrategyNode = { separator: 'a', outputs: { x: 'vocals', y: 'rest' } };
const DEEP: StrategyNode = { separator: 'a', outputs: { x: 'vocals', y: { separator: 'b', outputs: { x: 'drums' } } } };

function planner(changes: Partial<PlannerDeps> = {}): (strategy?: string, quality?: 'fast' | 'best') => SeparationPlan {
  const plan = createPlanner({
    strategies: { two: TWO, deep: DEEP },
    describeSeparator: (id) => ({ identity: ['v1', `weights-${id}`], heartbeatSeconds: id === 'b' ? 90 : 30 }),
    finishVersion: 1,
    ...changes,
  });
  return (strategy = 'two', quality = 'fast') => {
    const planned = plan(strategy, quality);
    assert.ok(!('code' in planned));
    return planned;
  };
}

test('equal means give equal keys, whatever the strategy is called', () => {
  const { planKey } = planner()();
  assert.match(planKey, /^[0-9a-f]{64}$/u);
  assert.equal(planner()().planKey, planKey);
  assert.equal(planner({ strategies: { other: structuredClone(TWO) } })('other').planKey, planKey);
});

const CHANGES: readonly (readonly [what: string, key: () => string])[] = [
  ['the quality', () => planner()('two', 'best').planKey],
  ['the tree', () => planner()('deep').planKey],
  ['a stem’s name', () => planner({ strategies: { two: { ...TWO, outputs: { x: 'voice', y: 'rest' } } } })().planKey],
  [
    'the order of stems',
    () => planner({ strategies: { two: { ...TWO, outputs: { y: 'rest', x: 'vocals' } } } })().planKey,
  ],
  [
    'which slot is which',
    () => planner({ strategies: { two: { ...TWO, outputs: { x: 'rest', y: 'vocals' } } } })().planKey,
  ],
  ['the separator', () => planner({ strategies: { two: { ...TWO, separator: 'b' } } })().planKey],
  [
    'a weights file',
    () => planner({ describeSeparator: () => ({ identity: ['v1', 'other'], heartbeatSeconds: 30 }) })().planKey,
  ],
  [
    'the code',
    () => planner({ describeSeparator: () => ({ identity: ['v2', 'weights-a'], heartbeatSeconds: 30 }) })().planKey,
  ],
  ['how results are finished', () => planner({ finishVersion: 2 })().planKey],
];
for (const [what, key] of CHANGES) {
  test(`another key when ${what} changes`, () => {
    assert.notEqual(key(), planner()().planKey);
  });
}

test('a model deep in the tree counts, one that is not in it does not', () => {
  const newB: Partial<PlannerDeps> = {
    describeSeparator: (id) => ({ identity: ['v1', id === 'b' ? 'new' : `weights-${id}`], heartbeatSeconds: 30 }),
  };
  assert.notEqual(planner(newB)('deep').planKey, planner()('deep').planKey);
  assert.equal(planner(newB)('two').planKey, planner()('two').planKey);
});

test('waits as long as the slowest separator of the tree may need', () => {
  assert.equal(planner()('two').heartbeatSeconds, 30);
  assert.equal(planner()('deep').heartbeatSeconds, 90);
});

test('an unknown strategy is refused with the names of those that are known', () => {
  const plan = createPlanner({
    strategies: { two: TWO, deep: DEEP },
    describeSeparator: () => ({ identity: [], heartbeatSeconds: 1 }),
    finishVersion: 1,
  });
  for (const name of ['', 'everything', 'constructor', '__proto__', 'toString']) {
    assert.deepEqual(plan(name, 'fast'), { code: 'unknown-strategy', facts: { known: 'two, deep' } });
  }
});
