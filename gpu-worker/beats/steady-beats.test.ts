import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyBeats } from './steady-beats.ts';

const even = (count: number, period: number, from = 0): number[] =>
  Array.from({ length: count }, (_, n) => from + n * period);
const without = (beats: readonly number[], ...numbers: readonly number[]): number[] =>
  beats.filter((_, n) => !numbers.includes(n));
const agree = (found: readonly number[], wanted: readonly number[]): void => {
  assert.equal(found.length, wanted.length);
  for (const [n, at] of wanted.entries()) assert.ok(Math.abs(found[n]! - at) < 1e-9, `beat ${String(n)}`);
};

void test('beats that are missed in a steady run are put in, up to a bar of them', () => {
  const beats = even(30, 0.5);
  agree(steadyBeats(beats), beats);
  agree(steadyBeats(without(beats, 10)), beats);
  agree(steadyBeats(without(beats, 10, 18, 19, 20, 21)), beats);
  const broken = without(beats, 10, 11, 12, 13, 14);
  agree(steadyBeats(broken), broken);
});

void test('a gap stays where it is no whole number of beats, or the beats around it are uneven, change or are few', () => {
  const paused = [...even(10, 0.5), ...even(10, 0.5, 5.25)];
  agree(steadyBeats(paused), paused);
  const uneven = [...even(10, 0.5), 5.5, 6, 6.4, 7, 7.3, 8];
  agree(steadyBeats(uneven), uneven);
  const faster = [...even(10, 0.6), ...even(10, 0.4, 6.4)];
  agree(steadyBeats(faster), faster);
  const early = without(even(20, 0.5), 2);
  agree(steadyBeats(early), early);
});

void test('a beat that divides an interval of a steady run is left out; a run of twice the tempo stays', () => {
  const beats = even(20, 0.5);
  agree(steadyBeats([...beats.slice(0, 10), 4.66, ...beats.slice(10)]), beats);
  const doubled = [...even(10, 0.5), ...even(10, 0.25, 5), ...even(10, 0.5, 7.5)];
  agree(steadyBeats(doubled), doubled);
});

void test('frames of 20 ms make no steady run uneven', () => {
  const beats = even(40, 0.284).map((at) => Math.round(at * 50) / 50);
  const missed = without(beats, 20);
  assert.equal(steadyBeats(missed).length, 40);
  assert.ok(Math.abs(steadyBeats(missed)[20]! - 20 * 0.284) < 0.02);
});

void test('few beats stay as they are', () => {
  for (const beats of [[], [1], [1, 2], [1, 2, 4]]) assert.deepEqual(steadyBeats(beats), beats);
});
