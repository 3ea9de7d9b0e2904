import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClock } from './read-clock.ts';

const PLACES: readonly (readonly [typed: string, seconds: number | null])[] = [
  ['12.3', 12.3],
  ['12,3 s', 12.3],
  ['0', 0],
  [' 1:02.5 ', 62.5],
  ['12:00', 720],
  ['1:2', null],
  ['1:75', null],
  ['-1', null],
  ['1e3', null],
  [':30', null],
  ['', null],
];
for (const [typed, seconds] of PLACES) {
  test(`“${typed}” is ${seconds === null ? 'no place' : `second ${String(seconds)}`}`, () => {
    assert.equal(readClock(typed), seconds);
  });
}
