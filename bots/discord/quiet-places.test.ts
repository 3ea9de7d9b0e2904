import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { createQuietPlaces } from './quiet-places.ts';

beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
});
afterEach(() => {
  mock.timers.reset();
});

const limited = (seconds: string, scope: string | null): Headers =>
  new Headers({ 'retry-after': seconds, ...(scope !== null && { 'x-ratelimit-scope': scope }) });

test('a channel rests with all that is in it for as long as was asked, and no other place does', () => {
  const quiet = createQuietPlaces();
  quiet.note('/channels/1/messages', limited('3', 'shared'));
  assert.equal(quiet.restMs('/channels/1/messages/2'), 3000);
  assert.equal(quiet.restMs('/channels/11/messages'), 0);
  assert.equal(quiet.restMs('/users/@me/channels'), 0);
  mock.timers.tick(2999);
  assert.equal(quiet.restMs('/channels/1'), 1);
  mock.timers.tick(1);
  assert.equal(quiet.restMs('/channels/1'), 0);
});

test('all of the API rests but answers to interactions, also where a server in front of it asked', () => {
  for (const scope of ['global', null]) {
    const quiet = createQuietPlaces();
    quiet.note('/channels/1/messages', limited('2', scope));
    assert.deepEqual(
      ['/channels/2/messages', '/users/@me', '/interactions/1/t/callback', '/webhooks/1/t'].map((path) =>
        quiet.restMs(path),
      ),
      [2000, 2000, 0, 0],
    );
  }
});

test('what is no time is a second', () => {
  for (const seconds of ['', 'soon', '-1', '0']) {
    const quiet = createQuietPlaces();
    quiet.note('/guilds/1/channels', limited(seconds, 'user'));
    assert.equal(quiet.restMs('/guilds/1'), 1000);
  }
});
