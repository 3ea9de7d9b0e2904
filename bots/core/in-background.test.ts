import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInBackground } from './in-background.ts';

const LONG_MS = 60_000;

function failOn(error: unknown): never {
  throw new Error('nothing was to go wrong', { cause: error });
}

test('what is begun in one place happens in its order, and other places do not wait for it', async () => {
  const background = createInBackground(failOn);
  const gate = Promise.withResolvers<undefined>();
  const done: string[] = [];
  background.begin('here', async () => await gate.promise);
  for (const word of ['one', 'two']) background.begin('here', async () => void done.push(word));
  const elsewhere = Promise.withResolvers<undefined>();
  background.begin('there', async () => elsewhere.resolve(undefined));
  await elsewhere.promise;
  assert.deepEqual(done, []);
  gate.resolve(undefined);
  await background.ended(LONG_MS);
  assert.deepEqual(done, ['one', 'two']);
});

test('what fails is an error, and what comes behind it happens', async () => {
  const errors: unknown[] = [];
  const background = createInBackground((error) => errors.push(error));
  const failure = new Error('no');
  let happened = false;
  background.begin('here', async () => await Promise.reject(failure));
  background.begin('here', async () => {
    happened = true;
  });
  await background.ended(LONG_MS);
  assert.deepEqual(errors, [failure]);
  assert.equal(happened, true);
});

test('no more waits than people wait for, in a place and in all', async () => {
  const errors: unknown[] = [];
  const background = createInBackground((error) => errors.push(error));
  const gate = Promise.withResolvers<undefined>();
  let begun = 0;
  const work = async (): Promise<void> => {
    begun += 1;
    await gate.promise;
  };
  for (let index = 0; index < 150; index += 1) background.begin('here', work);
  assert.equal(errors.length, 50);
  for (let index = 0; index < 2500; index += 1) background.begin(String(index), work);
  assert.equal(errors.length, 50 + 600);
  gate.resolve(undefined);
  await background.ended(LONG_MS);
  assert.equal(begun, 2000);
  // There is room again.
  background.begin('here', work);
  await background.ended(LONG_MS);
  assert.equal(begun, 2001);
});

test('at the end it is waited for a moment only', async () => {
  const background = createInBackground(failOn);
  background.begin('here', async () => await new Promise(() => undefined));
  await background.ended(10);
  await createInBackground(failOn).ended(LONG_MS);
});
