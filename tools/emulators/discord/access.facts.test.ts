/** What of the API is open to whom, and how often: what Discord documents and this emulator obeys, over plain HTTP. */
import assert from 'node:assert/strict';
import { MESSAGES, call, errorOf, fromBot, good, post, register, song } from './discord.test-kit.ts';
import { opened, testFacts } from './facts.test-kit.ts';
import type { Fact } from './facts.test-kit.ts';
import { ADA, GUILD, NOTICES, OVERDUBS, REHEARSAL } from './options.ts';

const ACCESS: readonly Fact[] = [
  [
    'without the token, or with a wrong one, everything is 401, and counted',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, 'GET /users/@me', { token: null }), [401, 0]);
      assert.deepEqual(await errorOf(discord, 'GET /gateway/bot', { token: 'made.up.token' }), [401, 0]);
      assert.equal(discord.invalidRequests(), 2);
      assert.equal((await good(discord, 'GET /users/@me'))['id'], discord.botId);
      discord.advance(10 * 60_000);
      assert.equal(discord.invalidRequests(), 0);
    },
  ],
  [
    'what is not there is 404, and what is there otherwise 405',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, 'GET /dances/1'), [404, 0]);
      assert.deepEqual(await errorOf(discord, 'PUT /users/@me'), [405, 0]);
    },
  ],
  [
    'an unknown channel is 10003, an unknown message 10008, an unknown person 10013',
    async (discord) => {
      assert.deepEqual(await errorOf(discord, 'POST /channels/1/messages', { body: { content: 'x' } }), [404, 10_003]);
      assert.deepEqual(await errorOf(discord, `GET ${MESSAGES}/1`), [404, 10_008]);
      assert.deepEqual(
        await errorOf(discord, 'POST /users/@me/channels', { body: { recipient_id: '1' } }),
        [404, 10_013],
      );
    },
  ],
  [
    'a channel that the bot does not see is 50001, one where it may not write 50013',
    async (discord) => {
      const sending = { body: { content: 'x' } };
      assert.deepEqual(await errorOf(discord, `POST /channels/${NOTICES.id}/messages`, sending), [403, 50_013]);
      discord.setLacking(REHEARSAL.id, ['viewChannel']);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, sending), [403, 50_001]);
      assert.deepEqual(await errorOf(discord, `POST /channels/${OVERDUBS.id}/messages`, sending), [403, 50_001]);
      discord.setLacking(REHEARSAL.id, ['attachFiles']);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, { ...sending, files: [song()] }), [403, 50_013]);
      discord.removeBot(GUILD.id);
      assert.deepEqual(await errorOf(discord, `POST ${MESSAGES}`, sending), [403, 50_001]);
      assert.equal(discord.invalidRequests(), 5);
    },
  ],
  [
    'a private chat is one, whoever asks; a person may close it, or share no server with the bot',
    async (discord) => {
      const open = { body: { recipient_id: ADA.id } };
      const { id } = await good(discord, 'POST /users/@me/channels', open);
      assert.equal((await good(discord, 'POST /users/@me/channels', open))['id'], id);
      assert.equal(id, discord.directChat(ADA.id));
      const messages = `/channels/${id}/messages`;
      await post(discord, { content: 'hello' }, messages);
      discord.setDirectMessages(ADA.id, false);
      assert.deepEqual(await errorOf(discord, `POST ${messages}`, { body: { content: 'x' } }), [403, 50_007]);
      discord.setDirectMessages(ADA.id, true);
      discord.removeBot(GUILD.id);
      assert.deepEqual(await errorOf(discord, `POST ${messages}`, { body: { content: 'x' } }), [403, 50_278]);
    },
  ],
  [
    'an answer without content has no content type',
    async (discord) => {
      const id = await post(discord, { content: 'x' });
      const { status, headers } = await call(discord, `DELETE ${MESSAGES}/${id}`);
      assert.deepEqual([status, headers.get('content-type')], [204, null]);
      assert.deepEqual(fromBot(discord), []);
    },
  ],
];

const LIMIT_FACTS: readonly Fact[] = [
  [
    'a bucket that is empty is 429 with the wait in body and headers; another channel has its own',
    async (discord) => {
      for (let left = 4; left >= 0; left -= 1) {
        const { headers } = await call(discord, `POST ${MESSAGES}`, { body: { content: 'x' } });
        assert.equal(headers.get('x-ratelimit-remaining'), String(left));
      }
      const { status, headers, body } = await call(discord, `POST ${MESSAGES}`, { body: { content: 'x' } });
      assert.deepEqual([status, headers.get('x-ratelimit-scope'), body?.['global']], [429, 'user', false]);
      assert.ok(Number(body?.['retry_after']) > 0 && Number(headers.get('retry-after')) >= 1);
      assert.equal(discord.invalidRequests(), 1);
      await post(discord, { content: 'x' }, `/channels/${OVERDUBS.id}/messages`);
      discord.advance(5000);
      await post(discord, { content: 'x' });
    },
    { rateLimits: 'on' },
  ],
  [
    'the bot has so many requests a second in all, answers to interactions left out',
    async (discord) => {
      await register(discord);
      const { callback } = await opened(discord);
      discord.setRateLimits('on');
      await post(discord, { content: 'one' });
      await good(discord, 'GET /users/@me');
      const { status, headers, body } = await call(discord, `GET ${MESSAGES}`);
      assert.deepEqual([status, headers.get('x-ratelimit-scope'), body?.['global']], [429, 'global', true]);
      await good(discord, `POST ${callback}`, { body: { type: 4, data: { content: 'two' } } });
      discord.advance(1000);
      await good(discord, 'GET /users/@me');
    },
    { requestsPerSecond: 2, speed: 0.001 },
  ],
  [
    'a channel that is limited is so for as long as it says, whatever the request, and others are not',
    async (discord) => {
      discord.limitChannel(REHEARSAL.id, 4000);
      for (const request of [`POST ${MESSAGES}`, `GET ${MESSAGES}`]) {
        const { status, headers } = await call(discord, request, request.startsWith('POST') ? { body: {} } : {});
        assert.deepEqual([status, headers.get('retry-after')], [429, '4']);
      }
      await post(discord, { content: 'x' }, `/channels/${OVERDUBS.id}/messages`);
      discord.advance(4000);
      await post(discord, { content: 'x' });
      assert.equal(discord.invalidRequests(), 2);
      assert.deepEqual(
        discord.requests.map(({ place, status }) => [place, status]),
        [
          [REHEARSAL.id, 429],
          [REHEARSAL.id, 429],
          [OVERDUBS.id, 200],
          [REHEARSAL.id, 200],
        ],
      );
    },
    { speed: 0.001 },
  ],
  [
    'without limits there are no headers of them either',
    async (discord) => {
      const { headers } = await call(discord, `POST ${MESSAGES}`, { body: { content: 'x' } });
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('x-ratelimit')),
        [],
      );
    },
  ],
];

testFacts('access', ACCESS);
testFacts('limits', LIMIT_FACTS);
