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
  [' la menor', null],
  ['C menor', 'C minor'],
  ['H', null],
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
