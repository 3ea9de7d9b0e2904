import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement, countBeats, usualBarLength } from './count-bars.ts';

/** Logits of bars of these lengths. */
const barsOf = (...lengths: readonly number[]): number[] =>
  lengths.flatMap((length) => Array.from({ length }, (_, n) => (n === 0 ? 3 : -3)));
const downbeatsOf = (places: readonly number[]): number[] =>
  places.flatMap((place, beat) => (place === 0 ? [beat] : []));

void test('the usual bar is the commonest one, though some downbeats are missed or too many', () => {
  const after = (...lengths: readonly number[]): number =>
    usualBarLength(lengths.reduce((beats, length) => [...beats, beats.at(-1)! + length], [5]));
  assert.equal(after(3, 3, 3), 3);
  assert.equal(after(4, 4, 8, 4, 12, 4), 4);
  assert.equal(after(4, 4, 2, 2, 4, 4), 4);
  assert.equal(after(6, 6, 6), 6);
  assert.equal(after(3, 6, 3, 6), 3);
  assert.equal(after(7, 7, 5, 7), 7);
  assert.equal(after(8, 8), 4);
  assert.equal(usualBarLength([]), 4);
  assert.equal(usualBarLength([3]), 4);
});

void test('even bars are counted as they are, wherever the first one begins', () => {
  for (const beatsPerBar of [2, 3, 4, 7]) {
    for (let before = 0; before < beatsPerBar; before++) {
      const logits = [...barsOf(before).map(() => -3), ...barsOf(...Array.from({ length: 6 }, () => beatsPerBar))];
      const places = countBeats(logits, beatsPerBar);
      assert.deepEqual(
        downbeatsOf(places),
        logits.flatMap((logit, beat) => (logit > 0 ? [beat] : [])),
      );
      assert.ok(agreement(logits, places) > 0.94);
    }
  }
});

void test('a missed downbeat and a false one change no count; a bar that is plainly shorter or longer does, where it is', () => {
  const missed = barsOf(4, 4, 4, 4, 4);
  missed[8] = -3;
  missed[14] = 2;
  assert.deepEqual(downbeatsOf(countBeats(missed, 4)), [0, 4, 8, 12, 16]);
  assert.deepEqual(downbeatsOf(countBeats(barsOf(4, 4, 2, 4, 4, 4), 4)), [0, 4, 8, 10, 14, 18]);
  assert.deepEqual(downbeatsOf(countBeats(barsOf(4, 4, 5, 4, 4, 4), 4)), [0, 4, 8, 13, 17, 21]);
});

void test('the network agrees half with a count where it hears no downbeats, and less with a wrong one', () => {
  const silent = Array.from({ length: 20 }, () => -5);
  assert.ok(Math.abs(agreement(silent, countBeats(silent, 4)) - 0.5) < 1e-9);
  const waltz = barsOf(3, 3, 3, 3, 3, 3, 3, 3);
  assert.ok(agreement(waltz, countBeats(waltz, 4)) < agreement(waltz, countBeats(waltz, 3)) - 0.2);
});
