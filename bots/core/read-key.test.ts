import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKey } from './read-key.ts';

const KEYS: readonly (readonly [typed: string, key: string | null])[] = [
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
for (const [typed, key] of KEYS) {
  test(`“${typed}” is ${key ?? 'no key'}`, () => {
    const read = readKey(typed);
    assert.equal(read === null ? null : `${read.tonic} ${read.mode}`, key);
  });
}
