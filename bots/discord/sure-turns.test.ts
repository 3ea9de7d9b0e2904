import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSureTurns, MOST_WAITING, TooManyWaitError } from './sure-turns.ts';
import type { SureTurns } from './sure-turns.ts';

/** SQLSTATE: no such table. */
const AWAY = Object.assign(new Error('the database is away'), { code: '42P01' });
const UNWRITABLE = Object.assign(new Error('no text of the database'), { code: '22P05' });

function bench(): { turns: SureTurns; errors: unknown[]; stopping: AbortController } {
  const errors: unknown[] = [];
  const stopping = new AbortController();
  const turns = createSureTurns({ onError: (error) => errors.push(error), stopping: stopping.signal });
  return { turns, errors, stopping };
}

/** Fails so often, then says its name. */
function failing(times: number, name: string, done: string[]): () => Promise<void> {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw AWAY;
    await Promise.resolve(done.push(name));
  };
}

test('what comes later in a place waits for what is tried again; another place does not', async () => {
  const { turns, errors } = bench();
  const done: string[] = [];
  await Promise.all([
    turns.run('here', failing(2, 'first', done)),
    turns.run('here', failing(0, 'second', done)),
    turns.run('there', failing(0, 'elsewhere', done)),
  ]);
  assert.deepEqual(done, ['elsewhere', 'first', 'second']);
  assert.deepEqual(errors, [AWAY, AWAY]);
  assert.equal(turns.waiting, 0);
});

test('what can never be written is given up, and what comes behind it is not', async () => {
  const { turns } = bench();
  let tries = 0;
  const refused = turns.run('here', async () => {
    tries += 1;
    return await Promise.reject(UNWRITABLE);
  });
  const next = turns.run('here', async () => await Promise.resolve('next'));
  await assert.rejects(refused, UNWRITABLE);
  assert.equal(await next, 'next');
  assert.equal(tries, 3);
});

test('so many wait at most, and what there is no room for is not begun', async () => {
  const { turns } = bench();
  const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
  const all = Array.from({ length: MOST_WAITING }, async () => await turns.run('here', async () => await opened));
  await assert.rejects(
    turns.run('there', async () => assert.fail('begun')),
    TooManyWaitError,
  );
  open(undefined);
  await Promise.all(all);
  assert.equal(await turns.run('there', async () => await Promise.resolve(1)), 1);
});

test('a stop tries once more, and lets the others go where that fails', async () => {
  const { turns, errors, stopping } = bench();
  let tries = 0;
  const first = turns.run('here', async () => {
    tries += 1;
    if (tries === 2) stopping.abort();
    return await Promise.reject(AWAY);
  });
  const second = turns.run('here', async () => assert.fail('begun'));
  await assert.rejects(first, AWAY);
  await assert.rejects(second, /stopped/u);
  assert.deepEqual(errors, [AWAY]);
});
