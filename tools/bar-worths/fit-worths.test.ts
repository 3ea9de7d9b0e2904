import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAR_TRAITS } from '../../gpu-worker/analysis/bar-traits.ts';
import type { BarTrait } from '../../gpu-worker/analysis/bar-traits.ts';
import { createDice } from '../analysis-songs/dice.ts';
import { fitWorths, HELD } from './fit-worths.ts';
import type { Way } from './fit-worths.ts';

/** Songs of ten ways; the right one has more of a trait, or less. All other traits are chance. */
function songsWhere(trait: BarTrait, more: number): Way[][] {
  const dice = createDice('fit-worths', trait);
  return Array.from({ length: 60 }, () =>
    Array.from({ length: 10 }, (_, n) => ({
      likelihood: dice.between(0, 2),
      traits: BAR_TRAITS.map((name) => dice.between(-1, 1) + (name === trait && n === 0 ? more : 0)),
      right: Number(n === 0),
    })),
  );
}

test('a trait that right ways have is worth the most', () => {
  for (const trait of BAR_TRAITS.filter((name) => HELD[name] === undefined)) {
    const worths = fitWorths(songsWhere(trait, 1.5));
    for (const other of BAR_TRAITS)
      if (other !== trait && HELD[other] === undefined)
        assert.ok(worths[trait] > 4 * Math.abs(worths[other]), `${trait}, ${other}`);
  }
});

test('only bars of three may be worth less than nothing', () => {
  assert.equal(fitWorths(songsWhere('backbeat', -1.5)).backbeat, 0);
  assert.ok(fitWorths(songsWhere('three', -1.5)).three < -1);
});

test('where the likelihood tells enough, nothing else is worth much', () => {
  const told = songsWhere('chords', 0).map((ways) =>
    ways.map((way) => ({ ...way, likelihood: way.likelihood + 20 * way.right })),
  );
  const worths = fitWorths(told);
  for (const name of BAR_TRAITS)
    assert.ok(Math.abs(worths[name] - (HELD[name] ?? 0)) < 0.2, `${name} ${String(worths[name])}`);
});

test('one of several right ways is enough', () => {
  const both = songsWhere('chords', 1.5).map((ways) => [...ways, { ...ways[0]!, likelihood: -20 }]);
  const one = fitWorths(songsWhere('chords', 1.5)).chords;
  assert.ok(Math.abs(fitWorths(both).chords / one - 1) < 0.2);
});
