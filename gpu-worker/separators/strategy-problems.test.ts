import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StrategyNode } from '../../workflows/contract/stems.ts';
import { SEPARATORS, validateStrategy } from './registry.ts';

const band: StrategyNode = {
  separator: 'spleeter-2stems',
  outputs: {
    vocals: 'vocals',
    accompaniment: {
      separator: 'hpss',
      outputs: {
        percussive: 'drums',
        harmonic: { separator: 'low-band', outputs: { low: 'bass', rest: 'other' } },
      },
    },
  },
};

const leaf = (outputs: StrategyNode['outputs']): StrategyNode => ({ separator: 'hpss', outputs });

void test('finds nothing wrong with a tree that names every output', () => {
  assert.deepEqual(validateStrategy(band), []);
});

const broken: readonly (readonly [string, StrategyNode, readonly RegExp[]])[] = [
  ['an unknown separator', { separator: 'magic', outputs: { a: 'a' } }, [/no separator "magic"; there are .*hpss/]],
  [
    'an unknown output, and the one it was meant for',
    leaf({ percusive: 'drums', harmonic: 'rest' }),
    [/hpss has no output "percusive"; it has percussive, harmonic/, /the output "percussive" of hpss leads nowhere/],
  ],
  ['an output left out', leaf({ percussive: 'drums' }), [/"harmonic" of hpss leads nowhere/]],
  ['one name for two stems', leaf({ percussive: 'drums', harmonic: 'drums' }), [/two stems are called "drums"/]],
  ['a name with a capital', leaf({ percussive: 'Drums', harmonic: 'rest' }), [/"Drums" is no stem name/]],
  [
    'a name that leaves the folder',
    leaf({ percussive: '../drums', harmonic: 'rest' }),
    [/"..\/drums" is no stem name/],
  ],
  ['an empty name', leaf({ percussive: '', harmonic: 'rest' }), [/"" is no stem name/]],
  [
    'a reserved name',
    leaf({ percussive: 'residual', harmonic: 'metadata' }),
    [/"residual" is not free/, /"metadata" is not free/],
  ],
  [
    'a fault deep in the tree, with the way to it',
    leaf({ percussive: 'drums', harmonic: { separator: 'low-band', outputs: { low: 'bass' } } }),
    [/^harmonic: the output "rest" of low-band leads nowhere/],
  ],
  [
    'two stems of one name in different subtrees',
    leaf({ percussive: 'bass', harmonic: { separator: 'low-band', outputs: { low: 'bass', rest: 'other' } } }),
    [/^harmonic: two stems are called "bass"/],
  ],
];

for (const [fault, tree, patterns] of broken) {
  void test(`names ${fault}`, () => {
    const problems = validateStrategy(tree);
    assert.equal(problems.length, patterns.length, problems.join('\n'));
    patterns.forEach((pattern, index) => assert.match(problems[index]!, pattern));
  });
}

void test('every registered separator is what its entry says', () => {
  for (const [id, entry] of SEPARATORS) {
    assert.equal(id, entry.id);
    assert.ok(entry.slots.length >= 1);
    assert.equal(new Set(entry.slots).size, entry.slots.length);
  }
});
