import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../workflows/contract/job-view.ts';
import { KEYS, named } from '../../workflows/contract/scales.ts';
import { keyName } from './analysis-lines.ts';
import { readKey } from './read-key.ts';
import { wordsOf } from './words/words-of.ts';

const TYPED: readonly (readonly [typed: string, key: string | null])[] = [
  ['Em', 'E minor'],
  ['e minor', 'E minor'],
  ['E', 'E major'],
  ['EM', 'E major'],
  ['Bb', 'Bb major'],
  ['bbm', 'Bb minor'],
  ['b minor', 'B minor'],
  ['F#-Moll', 'F# minor'],
  ['f♯', 'F# major'],
  ['Es-Dur', 'Eb major'],
  ['fis moll', 'F# minor'],
  [' la menor', 'A minor'],
  ['C menor', 'C minor'],
  ['h-moll', 'B minor'],
  ['H-Dur', 'B major'],
  ['H', 'B major'],
  ['Hm', 'B minor'],
  ['B-Dur', 'Bb major'],
  ['b moll', 'Bb minor'],
  ['Bb-Dur', 'Bb major'],
  ['B', 'B major'],
  ['Bm', 'B minor'],
  ['B mayor', 'B major'],
  ['es', 'Eb major'],
  ['es-moll', 'Eb minor'],
  ['As', 'Ab major'],
  ['fis', 'F# major'],
  ['cis-Moll', 'C# minor'],
  ['Des-Dur', 'Db major'],
  ['ges', 'Gb major'],
  ['F sharp minor', 'F# minor'],
  ['B-flat major', 'Bb major'],
  ['F # minor', 'F# minor'],
  ['Sol mayor', 'G major'],
  ['fa sostenido menor', 'F# minor'],
  ['si bemol mayor', 'Bb major'],
  ['mib mayor', 'Eb major'],
  ['Rem', 'D minor'],
  ['do maggiore', 'C major'],
  ['gs', null],
  ['mis', null],
  ['solis', null],
  ['ces', null],
  ['D dorian', null],
  ['', null],
  ['E#', null],
  ['Em7', null],
];
for (const [typed, key] of TYPED) {
  test(`“${typed}” is ${key ?? 'no key'}`, () => {
    const read = readKey(typed);
    assert.equal(read === null ? null : `${read.tonic} ${read.mode}`, key);
  });
}

for (const language of LANGUAGES) {
  test(`every key is read as a card in ${language} names it`, () => {
    for (const key of KEYS.map(named)) {
      assert.deepEqual(readKey(keyName(key, wordsOf(language).analysis)), key);
    }
  });
}

test('a German card calls the note below C by its German name', () => {
  const { analysis } = wordsOf('de');
  assert.equal(keyName({ tonic: 'B', mode: 'minor' }, analysis), 'H Moll');
  assert.equal(keyName({ tonic: 'B', mode: 'minor', otherMode: 'phrygian' }, analysis), 'H phrygisch');
  assert.equal(keyName({ tonic: 'Bb', mode: 'major' }, analysis), 'Bb Dur');
});
