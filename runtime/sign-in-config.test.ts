import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from './config.ts';
import { createEnvironmentReader } from './environment.ts';
import { readSignInProviders } from './sign-in-config.ts';
import type { SignInProviders } from './sign-in-config.ts';

function read(env: Record<string, string>): { readonly providers: SignInProviders; readonly problems: string[] } {
  const problems: string[] = [];
  return { providers: readSignInProviders(createEnvironmentReader(env, problems)), problems };
}

test('without names every provider is off', () => {
  const { providers, problems } = read({});
  assert.deepEqual(Object.values(providers), [null, null, null, null, null, null]);
  assert.deepEqual(problems, []);
});

test('an id and its secret turn a provider on, at its own address or another; the bot’s token is Telegram’s', () => {
  const { providers, problems } = read({
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    GOOGLE_ISSUER_URL: 'http://127.0.0.1:9/',
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'x',
    TELEGRAM_TOKEN: '123:abc',
    TONE3000_CLIENT_ID: 't3k_pub_1',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(providers.google, { clientId: 'id', clientSecret: 'secret', url: 'http://127.0.0.1:9' });
  assert.deepEqual(providers.slack, { clientId: '1.2', clientSecret: 'x', url: null });
  assert.deepEqual(providers.telegram, { token: '123:abc', url: null });
  assert.deepEqual(providers.tone3000, { clientId: 't3k_pub_1', clientSecret: null, url: null });
});

test('half a provider, and an address that secrets must not be sent to, are said all at once, without a value', () => {
  const { problems } = read({
    DISCORD_CLIENT_ID: 'hidden',
    SPOTIFY_CLIENT_SECRET: 'hidden',
    GOOGLE_ISSUER_URL: 'http://hidden.example',
    TELEGRAM_LOGIN_URL: 'ftp://hidden',
  });
  assert.equal(problems.length, 4);
  for (const [index, name] of [
    'DISCORD_CLIENT_SECRET',
    'GOOGLE_ISSUER_URL',
    'TELEGRAM_LOGIN_URL',
    'SPOTIFY',
  ].entries()) {
    assert.ok(
      problems.some((problem) => problem.includes(name)),
      `${String(index)} ${name}: ${problems.join('; ')}`,
    );
  }
  assert.ok(!problems.join().includes('hidden'));
});

test('who may come in and who operates stand in the file', () => {
  const { signIn } = loadConfig({
    env: {},
    overrides: {
      signIn: { emails: ['Ada@Example.org', '@band.example'], inviteOnly: true, operators: ['discord:123'] },
    },
  });
  assert.deepEqual(signIn.emails, ['ada@example.org', '@band.example']);
  assert.deepEqual([signIn.inviteOnly, signIn.operatorsNeedSecondFactor], [true, false]);
  assert.deepEqual(signIn.operators, ['discord:123']);
  for (const wrong of [
    { emails: ['ada'] },
    { operators: ['ada@example.org'] },
    { operators: ['spotify:1'] },
    { operatorsNeedSecondFactor: true },
    { invited: true },
  ]) {
    assert.throws(() => loadConfig({ env: {}, overrides: { signIn: wrong } }), ConfigError, JSON.stringify(wrong));
  }
});
