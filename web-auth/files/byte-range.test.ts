import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readByteRange } from './byte-range.ts';

const SIZE = 1000;

for (const [header, wanted] of [
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-999', { start: 0, end: 999 }],
  ['bytes=0-', { start: 0, end: 999 }],
  ['bytes=999-', { start: 999, end: 999 }],
  ['bytes=500-4000', { start: 500, end: 999 }],
  ['BYTES= 5-9 ', { start: 5, end: 9 }],
  ['bytes=-1', { start: 999, end: 999 }],
  ['bytes=-1000', { start: 0, end: 999 }],
  ['bytes=-5000', { start: 0, end: 999 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=1000-2000', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=9-5', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=', 'whole'],
  ['', 'whole'],
  ['bytes=a-b', 'whole'],
  ['bytes=0x1-2', 'whole'],
  ['bytes=1.5-2', 'whole'],
  ['bytes=--1', 'whole'],
  ['bytes=0-1,5-9', 'whole'],
  ['items=0-1', 'whole'],
  ['bytes=0-99999999999999999999999', 'whole'],
] as const) {
  test(`of ${SIZE} bytes, "${header}" is ${JSON.stringify(wanted)}`, () => {
    assert.deepEqual(readByteRange(header, SIZE), wanted);
  });
}

test('an empty file has no part', () => {
  for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=-0']) {
    assert.equal(readByteRange(header, 0), 'unsatisfiable', header);
  }
});
