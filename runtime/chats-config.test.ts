import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChats } from './chats-config.ts';
import { createEnvironmentReader } from './environment.ts';

function read(env: Record<string, string>): {
  readonly chats: ReturnType<typeof readChats>;
  readonly problems: string[];
} {
  const problems: string[] = [];
  return { chats: readChats(createEnvironmentReader(env, problems)), problems };
}

test('without tokens every platform is off', () => {
  assert.deepEqual(read({}), { chats: { discord: null, slack: null, telegram: null }, problems: [] });
});

test('a token turns a platform on, at its official address', () => {
  const { chats, problems } = read({
    DISCORD_TOKEN: 'secret',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    TELEGRAM_TOKEN: '123:ABC-d_e',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(chats.discord, { token: 'secret', apiUrl: null, guildId: null });
  assert.equal(chats.slack?.mode, 'socket');
  assert.deepEqual(chats.telegram, { token: '123:ABC-d_e', apiUrl: null, isLocal: false, webhook: null });
});

test('many Slack workspaces come in over HTTP', () => {
  const { chats, problems } = read({
    SLACK_SIGNING_SECRET: 's',
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'c',
    SLACK_PORT: '9000',
    SLACK_API_URL: 'http://127.0.0.1:1/api/',
    SLACK_FILE_IDS: '1',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(chats.slack, {
    mode: 'http',
    apiUrl: 'http://127.0.0.1:1/api/',
    fileIds: true,
    port: 9000,
    signingSecret: 's',
    clientId: '1.2',
    clientSecret: 'c',
  });
});

test('an address ends without a slash, as the libraries want it', () => {
  const { chats } = read({ TELEGRAM_TOKEN: '1:a', TELEGRAM_API_URL: 'http://127.0.0.1:1/', TELEGRAM_LOCAL: '1' });
  assert.equal(chats.telegram?.apiUrl, 'http://127.0.0.1:1');
  assert.equal(chats.telegram?.isLocal, true);
});

const WRONG: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ['half of Socket Mode', { SLACK_BOT_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN is not set/],
  ['the other half', { SLACK_APP_TOKEN: 'xapp-1' }, /SLACK_BOT_TOKEN is not set/],
  ['a third of HTTP', { SLACK_CLIENT_ID: '1' }, /SLACK_SIGNING_SECRET is not set/],
  [
    'a webhook without a secret',
    { TELEGRAM_TOKEN: '1:a', TELEGRAM_WEBHOOK_URL: 'https://a.example/' },
    /needed together/,
  ],
  [
    'a short webhook secret',
    { TELEGRAM_TOKEN: '1:a', TELEGRAM_WEBHOOK_URL: 'https://a.example/', TELEGRAM_WEBHOOK_SECRET: 'x' },
    /16 to 256/,
  ],
  ['a token that is none', { TELEGRAM_TOKEN: 'hello' }, /not a bot token/],
  ['a local server nowhere', { TELEGRAM_TOKEN: '1:a', TELEGRAM_LOCAL: '1' }, /TELEGRAM_API_URL is not set/],
  ['a server that is no number', { DISCORD_TOKEN: 'x', DISCORD_GUILD_ID: 'my band' }, /not the number of a server/],
];
for (const [what, env, sentence] of WRONG) {
  test(`says what is wrong with ${what}, and shows no value`, () => {
    const { problems } = read(env);
    assert.ok(
      problems.some((problem) => sentence.test(problem)),
      problems.join('; '),
    );
    assert.ok(problems.every((problem) => !problem.includes('xoxb-1') && !problem.includes('hello')));
  });
}
