/** Tokens, scopes, methods: what Slack documents, over plain HTTP. */
import assert from 'node:assert/strict';
import { BAND, DEMOS, REHEARSAL } from './options.ts';
import { call, checkFacts, errorOf, good } from './slack.test-kit.ts';
import type { Fact } from './slack.test-kit.ts';

const FACTS: readonly Fact[] = [
  [
    'no token is not_authed, a made-up one invalid_auth',
    async (slack) => {
      assert.equal(await errorOf(slack, 'auth.test', {}, { token: null }), 'not_authed');
      assert.equal(await errorOf(slack, 'auth.test', {}, { token: 'xoxb-1-2' }), 'invalid_auth');
    },
  ],
  [
    'a token may stand in the header or in a form, but not in a JSON body',
    async (slack) => {
      assert.equal((await call(slack, 'auth.test', {}, { tokenIn: 'body' })).body.ok, true);
      assert.equal((await call(slack, 'auth.test', {}, { as: 'json' })).body.ok, true);
      assert.equal(await errorOf(slack, 'auth.test', {}, { as: 'json', tokenIn: 'body' }), 'not_authed');
    },
  ],
  [
    'auth.test names the bot by user id and bot id',
    async (slack) => {
      const { user_id: userId, bot_id: botId, team_id: teamId } = await good(slack, 'auth.test');
      assert.deepEqual({ userId, botId }, slack.bot());
      assert.equal(teamId, BAND.id);
    },
  ],
  [
    'the app-level token opens connections and nothing else, the bot token everything else',
    async (slack) => {
      const { appToken } = slack.credentials;
      const { body } = await call(slack, 'apps.connections.open', {}, { token: appToken });
      assert.match(String(body['url']), /^ws:\/\/127\.0\.0\.1:\d+\/link\//u);
      assert.equal(await errorOf(slack, 'apps.connections.open'), 'not_allowed_token_type');
      assert.equal(await errorOf(slack, 'auth.test', {}, { token: appToken }), 'not_allowed_token_type');
    },
  ],
  [
    'after tokens are revoked calls are token_revoked, after the app is removed account_inactive',
    async (slack) => {
      const token = slack.token().accessToken;
      slack.revokeTokens(BAND.id);
      assert.equal(await errorOf(slack, 'auth.test', {}, { token }), 'token_revoked');
      slack.uninstall(BAND.id);
      assert.equal(await errorOf(slack, 'auth.test', {}, { token }), 'account_inactive');
    },
  ],
  [
    'a scope that is lacking is named',
    async (slack) => {
      const { body } = await call(slack, 'files.getUploadURLExternal', { filename: 'a.wav', length: 3 });
      assert.equal(body.error, 'missing_scope');
      assert.equal(body['needed'], 'files:write');
    },
    { app: { scopes: ['chat:write'] } },
  ],
  [
    'a method that does not exist is unknown_method, with 200',
    async (slack) => {
      const { httpStatus, body } = await call(slack, 'chat.shout');
      assert.deepEqual([httpStatus, body.error], [200, 'unknown_method']);
    },
  ],
  [
    'a channel may refuse the bot for any reason, by the name that a test chooses',
    async (slack) => {
      slack.refuse(REHEARSAL.id, 'ekm_access_denied');
      const posted = { channel: REHEARSAL.id, text: 'x' };
      assert.equal(await errorOf(slack, 'chat.postMessage', posted), 'ekm_access_denied');
      await good(slack, 'chat.postMessage', { ...posted, channel: DEMOS.id });
    },
  ],
];

checkFacts('access to the Web API', FACTS);
