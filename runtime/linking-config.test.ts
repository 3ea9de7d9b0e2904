import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from './config.ts';
import type { Config } from './config.ts';
import { runtimeChecks } from './doctor-checks.ts';

const WEB = { WOODSHED_WEB_URL: 'https://band.example', WOODSHED_SECRET: 'ab'.repeat(16) };
const DISCORD = { DISCORD_TOKEN: 'a-token' };
const APP = { DISCORD_CLIENT_ID: '1', DISCORD_CLIENT_SECRET: 'b-secret' };

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig({ env });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

async function said(config: Config): Promise<string> {
  const check = runtimeChecks(config).find(({ name }) => name === 'accounts');
  assert.ok(check !== undefined);
  return (await check.run()).detail;
}

test('whoever asks has to link an account unless the operator says otherwise; the environment has the last word', () => {
  assert.equal(loadConfig({ env: {} }).linking, 'always');
  assert.equal(loadConfig({ env: {}, overrides: { linking: 'members' } }).linking, 'members');
  const env = { WOODSHED_LINKING: 'never' };
  assert.equal(loadConfig({ env, overrides: { linking: 'members' } }).linking, 'never');
  assert.match(problemsOf({ WOODSHED_LINKING: 'sometimes' }).join(), /WOODSHED_LINKING can be always, members, never/u);
});

test('a chat without a page to link on, or without anything to sign in with, does not start, and hears of both at once', () => {
  const bare = problemsOf(DISCORD);
  assert.equal(bare.length, 2);
  assert.match(bare[0] ?? '', /WOODSHED_WEB_URL is not set, and DISCORD_TOKEN is/u);
  assert.match(bare[1] ?? '', /no sign-in provider .*DISCORD_CLIENT_ID/u);
  for (const problem of bare) {
    assert.match(problem, /WOODSHED_LINKING=never/u);
    assert.ok(!problem.includes('a-token'));
  }
  assert.equal(problemsOf({ ...DISCORD, ...WEB }).length, 1);
  assert.equal(problemsOf({ ...DISCORD, ...APP }).length, 1);
  assert.equal(problemsOf({ ...DISCORD, WOODSHED_LINKING: 'members' }).length, 2);
});

test('what else is wrong is said with it, and what is said is not said twice', () => {
  const problems = problemsOf({ ...DISCORD, ...APP, WOODSHED_WEB_URL: 'band.example', DISCORD_GUILD_ID: 'my band' });
  assert.equal(problems.filter((problem) => problem.includes('WOODSHED_WEB_URL')).length, 1);
  assert.equal(problems.filter((problem) => problem.includes('DISCORD_GUILD_ID')).length, 1);
  assert.equal(problems.length, 2);
});

test('a chat of which people can sign in starts, and so does one where nobody has to, or no chat at all', async () => {
  const linked = loadConfig({ env: { ...DISCORD, ...APP, ...WEB } });
  assert.equal(await said(linked), 'whoever asks signs in at https://band.example with discord (linking: always)');
  // Telegram signs what it says about people with the bot's own token.
  assert.deepEqual(problemsOf({ TELEGRAM_TOKEN: '1:abc', ...WEB }), []);
  const free = loadConfig({ env: { ...DISCORD, WOODSHED_LINKING: 'never' } });
  assert.match(await said(free), /nobody has to sign in/u);
  assert.match(await said(loadConfig({ env: {} })), /nobody has to sign in/u);
});
