/** How often an app may call: what Slack documents, over plain HTTP. */
import assert from 'node:assert/strict';
import { DEMOS, REHEARSAL } from './options.ts';
import { call, checkFacts, good } from './slack.test-kit.ts';
import type { Fact } from './slack.test-kit.ts';

const here = { channel: REHEARSAL.id };

const FACTS: readonly Fact[] = [
  [
    'a channel takes about a message a second, then 429 with the wait',
    async (slack) => {
      const post = (channel: string) => call(slack, 'chat.postMessage', { channel, text: 'x' });
      const statuses = [];
      for (let index = 0; index < 4; index += 1) statuses.push((await post(REHEARSAL.id)).httpStatus);
      assert.deepEqual(statuses, [200, 200, 200, 429]);
      const { headers, body } = await post(REHEARSAL.id);
      assert.equal(body.error, 'ratelimited');
      assert.ok(Number(headers.get('retry-after')) >= 1);
      assert.equal((await post(DEMOS.id)).httpStatus, 200, 'another channel has its own');
      slack.advance(3000);
      assert.equal((await post(REHEARSAL.id)).httpStatus, 200);
    },
    { rateLimits: 'internal', speed: 0.001 },
  ],
  [
    'chat.update passes 50 times a minute and workspace',
    async (slack) => {
      const { ts } = await good(slack, 'chat.postMessage', { ...here, text: 'x' });
      const update = (): ReturnType<typeof call> => call(slack, 'chat.update', { ...here, ts, text: 'y' });
      for (let index = 0; index < 50; index += 1) assert.equal((await update()).httpStatus, 200);
      assert.equal((await update()).httpStatus, 429);
      slack.advance(60_000);
      assert.equal((await update()).httpStatus, 200);
    },
    { rateLimits: 'internal', speed: 0.001 },
  ],
  [
    'an app that is distributed reads a history once a minute',
    async (slack) => {
      await good(slack, 'conversations.history', here);
      assert.equal((await call(slack, 'conversations.history', here)).httpStatus, 429);
    },
    { rateLimits: 'distributed', speed: 0.001 },
  ],
  [
    'a method that is limited is so for as long as it says, in one channel or in all; the log says which was meant',
    async (slack) => {
      const post = async (channel: string): Promise<number> =>
        (await call(slack, 'chat.postMessage', { channel, text: 'x' })).httpStatus;
      slack.limit('chat.postMessage', 4000, REHEARSAL.id);
      const { headers, httpStatus } = await call(slack, 'chat.postMessage', { ...here, text: 'x' });
      assert.deepEqual([httpStatus, headers.get('retry-after')], [429, '4']);
      assert.equal(await post(DEMOS.id), 200);
      slack.limit('chat.postMessage', 5000);
      assert.equal(await post(DEMOS.id), 429);
      slack.advance(5000);
      assert.deepEqual([await post(DEMOS.id), await post(REHEARSAL.id)], [200, 200]);
      assert.deepEqual(
        slack.requests.map(({ channel, status }) => [channel, status]),
        [
          [REHEARSAL.id, 429],
          [DEMOS.id, 200],
          [DEMOS.id, 429],
          [DEMOS.id, 200],
          [REHEARSAL.id, 200],
        ],
      );
    },
    { speed: 0.001 },
  ],
];

checkFacts('limits', FACTS);
