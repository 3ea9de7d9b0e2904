import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenWords } from './given-words.ts';

test('one line of words is cut where a slash stands between blanks, and there alone', () => {
  assert.equal(givenWords('one \t/  two/three /four'), 'one\ntwo/three /four');
  assert.equal(givenWords('one / two\nthree'), 'one / two\nthree');
  assert.equal(givenWords(' \t '), null);
});

// Cost that grew with the square of its length would be hours.
test('a long row of blanks is read as fast as it is long', { timeout: 60_000 }, () => {
  const blanks = ' '.repeat(1_000_000);
  assert.equal(givenWords(`one${blanks}two`), `one${blanks}two`);
  assert.equal(givenWords(`one${blanks}/${blanks}two`), 'one\ntwo');
});
