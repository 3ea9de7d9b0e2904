import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVisitors } from './visitors.ts';
import type { Visitors } from './visitors.ts';

function enter(visitors: Visitors, address: string): () => void {
  const visit = visitors.enter(address);
  assert.ok('leave' in visit, `${address} may come in`);
  return visit.leave;
}

test('an address has a minute’s requests at hand, and gets them back evenly; another has its own', () => {
  let now = 0;
  const visitors = createVisitors({ atOnce: 9, perMinute: 6, most: 10 }, () => now);
  for (let visit = 0; visit < 6; visit++) enter(visitors, 'a')();
  assert.deepEqual(visitors.enter('a'), { waitSeconds: 10 });
  enter(visitors, 'b')();
  now += 4_000;
  assert.deepEqual(visitors.enter('a'), { waitSeconds: 6 }, 'asking in vain costs nothing');
  now += 6_000;
  enter(visitors, 'a')();
  assert.deepEqual(visitors.enter('a'), { waitSeconds: 10 });
  now += 3_600_000;
  for (let visit = 0; visit < 6; visit++) enter(visitors, 'a')();
  assert.deepEqual(visitors.enter('a'), { waitSeconds: 10 }, 'an hour’s rest saves up a minute’s');
});

test('so many downloads at a time, and the next when one ends', () => {
  const visitors = createVisitors({ atOnce: 2, perMinute: 100, most: 10 }, () => 0);
  const leave = enter(visitors, 'a');
  enter(visitors, 'a');
  assert.deepEqual(visitors.enter('a'), { waitSeconds: 1 });
  leave();
  enter(visitors, 'a');
  assert.deepEqual(visitors.enter('a'), { waitSeconds: 1 });
});

test('a flood of addresses takes a bounded memory, and pushes out who was not seen for longest', () => {
  const visitors = createVisitors({ atOnce: 9, perMinute: 1, most: 3 }, () => 0);
  for (const address of ['a', 'b', 'c']) enter(visitors, address);
  assert.ok('waitSeconds' in visitors.enter('a'));
  enter(visitors, 'd');
  assert.ok('waitSeconds' in visitors.enter('a'), 'a was seen last but one');
  enter(visitors, 'b');
});
