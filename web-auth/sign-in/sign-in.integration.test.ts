import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { openOpenIdProvider } from './open-id-provider.test-kit.ts';
import type { OpenIdPerson, OpenIdServer } from './open-id-provider.test-kit.ts';
import { openProviderDouble } from './provider-double.test-kit.ts';
import { appAt, BOT_TOKEN, chatLink, openSignIn, openSignInBench, telegramResult } from './sign-in.test-kit.ts';
import type { Page, SignInBench, SignInHouse } from './sign-in.test-kit.ts';

let bench: SignInBench;
before(async () => {
  bench = await openSignInBench();
});
after(async () => {
  await bench.close();
});

const ADA: OpenIdPerson = { sub: 'google-ada', name: 'Ada', email: 'Ada@Example.org', email_verified: true };

async function withGoogle(t: TestContext, rules = {}): Promise<{ house: SignInHouse; google: OpenIdServer }> {
  const google = await openOpenIdProvider(t, ADA);
  const house = await openSignIn(t, bench, { google: appAt(google.issuer), ...rules });
  await google.register(`${house.origin}/sign-in/google/callback`);
  return { house, google };
}

function codeOn({ text }: Page): string {
  return /\/jam link ([A-Z2-9]{8})/u.exec(text)?.[1] ?? assert.fail(text);
}

test('signing in with a real OpenID provider founds a member, finds it again, and signing out ends it', async (t) => {
  const { house, google } = await withGoogle(t);
  const browser = house.browser();
  const back = await browser.through('/sign-in/google');
  assert.deepEqual([back.status, back.next], [303, `${house.origin}/library`]);
  const accounts = await browser.get('/accounts');
  assert.match(accounts.text, /google:google-ada/u);
  await house.browser().through('/sign-in/google');
  google.person = { ...ADA, sub: 'google-eve' };
  await house.browser().through('/sign-in/google');
  const { rows } = await bench.client.query("select distinct member_id from linked_account where provider = 'google'");
  assert.equal(rows.length, 2);
  const cookie = [...(browser.cookies.get(house.origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  assert.equal((await browser.post('/sign-out')).status, 303);
  assert.equal((await browser.get('/accounts')).next, `${house.origin}/sign-in`);
  const kept = await house.browser().get('/accounts', { Cookie: cookie });
  assert.equal(kept.next, `${house.origin}/sign-in`, 'a cookie that was kept is worth nothing');
});

test('the chat’s own platform links at once, by user id', async (t) => {
  const discord = await openProviderDouble(t);
  const house = await openSignIn(t, bench, { discord: appAt(discord.url) });
  const { who, path } = await chatLink(bench, house, discord.person.id);
  const browser = house.browser();
  const page = await browser.get(path);
  assert.match(page.text, /Ada of discord/u);
  const done = await browser.through(`${path}/discord`);
  assert.deepEqual([done.status, done.next], [303, `${house.origin}/linked`]);
  assert.match((await browser.get('/linked')).text, /Done, go back to the chat/u);
  assert.equal(await house.parts.linking.isLinked(who), true);
  assert.equal((await browser.get(path)).status, 410);
  const begin = discord.asked.find(({ path: asked }) => asked === '/api/oauth2/token');
  assert.match(begin?.authorization ?? '', /^Basic /u);
  assert.ok((begin?.form.get('code_verifier') ?? '').length >= 43);
});

test('a link of the console signs in whoever opens it on this machine, once, and nobody else', async (t) => {
  const { house } = await withGoogle(t, { inviteOnly: true });
  const { path } = await chatLink(bench, house, '1000', 'console', 'local');
  const proxied = { 'X-Forwarded-For': '203.0.113.9' };
  assert.equal((await house.browser().get(path, proxied)).status, 403);
  assert.equal((await house.browser().post(`${path}/machine`, {}, proxied)).status, 403);
  for (const way of ['google', 'discord', 'go-on']) {
    assert.equal((await house.browser().post(`${path}/${way}`)).status, 410, `a chat's way in: ${way}`);
  }
  const browser = house.browser();
  assert.match((await browser.get(path)).text, /Ada of console/u);
  assert.equal((await browser.get('/accounts')).next, `${house.origin}/sign-in`, 'looking signs nobody in');
  const tries = await Promise.all(
    [browser, house.browser(), house.browser()].map((each) => each.post(`${path}/machine`)),
  );
  assert.deepEqual(
    tries.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 410, 410],
  );
  assert.equal((await browser.get(path)).status, 410);

  const again = await chatLink(bench, house, '1000', 'console', 'local');
  assert.equal((await browser.post(`${again.path}/machine`)).next, `${house.origin}/library`);
  assert.equal((await browser.get('/accounts')).status, 200);
});

test('a chat’s link opens no session by itself, on this machine neither', async (t) => {
  const house = await openSignIn(t, bench, {});
  const { path } = await chatLink(bench, house, 'ada-of-chat');
  const browser = house.browser();
  assert.equal((await browser.post(`${path}/machine`)).status, 410);
  assert.equal((await browser.get('/accounts')).next, `${house.origin}/sign-in`);
  assert.equal((await browser.get(path)).status, 200, 'it is not used up');
});

test('Slack’s user and workspace link at once; the same user id of another workspace does not', async (t) => {
  const claims = { 'https://slack.com/user_id': 'U1', 'https://slack.com/team_id': 'T1' };
  const slack = await openOpenIdProvider(t, { sub: 'U1', name: 'Ada', ...claims });
  const house = await openSignIn(t, bench, { slack: appAt(slack.issuer) });
  await slack.register(`${house.origin}/sign-in/slack/callback`);
  const { who, path } = await chatLink(bench, house, 'U1', 'slack', 'T1');
  slack.person = { sub: 'U1-of-T9', name: 'Eve', ...claims, 'https://slack.com/team_id': 'T9' };
  assert.equal((await house.browser().through(`${path}/slack`)).status, 403);
  assert.equal(await house.parts.linking.isLinked(who), false);
  slack.person = { sub: 'U1', name: 'Ada', ...claims };
  assert.equal((await house.browser().through(`${path}/slack`)).next, `${house.origin}/linked`);
  assert.equal(await house.parts.linking.isLinked(who), true);
});

test('Telegram’s signed word links at once', async (t) => {
  const house = await openSignIn(t, bench, { telegram: { token: BOT_TOKEN, url: 'http://127.0.0.1:9' } });
  const { who, path } = await chatLink(bench, house, '777', 'telegram');
  const browser = house.browser();
  const away = new URL((await browser.post(`${path}/telegram`)).next ?? '');
  assert.equal(away.searchParams.get('bot_id'), '123456');
  const state = new URL(away.searchParams.get('return_to') ?? '').searchParams.get('state') ?? '';
  const callback = await browser.get(`/sign-in/telegram/callback?state=${state}`);
  assert.match(callback.text, /sign-in\/telegram\.ts/u);
  const result = telegramResult({ id: 777, first_name: 'Ada', auth_date: Math.floor(Date.now() / 1000) });
  const done = await browser.post('/sign-in/telegram/callback', { state, result });
  assert.equal(done.next, `${house.origin}/linked`);
  assert.equal(await house.parts.linking.isLinked(who), true);
});

test('another provider shows a code, which links when the chat user types it', async (t) => {
  const { house } = await withGoogle(t);
  const { who, path } = await chatLink(bench, house, '1001');
  const browser = house.browser();
  const page = await browser.through(`${path}/google`);
  const code = codeOn(page);
  assert.equal(await house.parts.linking.isLinked(who), false);
  assert.equal(await house.parts.linking.confirm(who, code), 'linked');
  assert.match((await browser.get('/accounts')).text, /Ada of discord on Discord/u);
});

test('who is signed in goes on without a provider: at once to a chat account of theirs, by a code otherwise', async (t) => {
  const discord = await openProviderDouble(t);
  discord.person = { ...discord.person, id: '2002' };
  const house = await openSignIn(t, bench, { discord: appAt(discord.url) });
  const browser = house.browser();
  await browser.through('/sign-in/discord');
  const own = await chatLink(bench, house, '2002');
  assert.equal((await browser.post(`${own.path}/go-on`)).next, `${house.origin}/linked`);
  const other = await chatLink(bench, house, '2003');
  const page = await browser.post(`${other.path}/go-on`);
  assert.equal(await house.parts.linking.isLinked(other.who), false);
  assert.equal(await house.parts.linking.confirm(other.who, codeOn(page)), 'linked');
});

test('an address that is not listed, or not verified, stays outside; so does a stranger where all are invited', async (t) => {
  const { house, google } = await withGoogle(t, { emails: ['ada@example.org', '@band.example'], inviteOnly: true });
  google.person = { ...ADA, sub: 'listed-1' };
  assert.equal((await house.browser().through('/sign-in/google')).status, 403, 'a stranger');
  const { path } = await chatLink(bench, house, '3001');
  codeOn(await house.browser().through(`${path}/google`));
  assert.equal((await house.browser().through('/sign-in/google')).status, 303, 'who came by a link comes again');
  for (const [index, person] of [
    { email: 'eve@example.org' },
    { email: 'ada@example.org', email_verified: false },
    { email: 'ada@example.org.evil.example' },
    { email: 'eve@band.example@evil.example' },
  ].entries()) {
    google.person = { ...ADA, ...person, sub: `unlisted-${String(index)}` };
    const link = await chatLink(bench, house, `31${String(index)}`);
    assert.equal((await house.browser().through(`${link.path}/google`)).status, 403, JSON.stringify(person));
  }
  google.person = { ...ADA, sub: 'listed-2', email: 'bea@band.example' };
  const bea = await chatLink(bench, house, '3300');
  codeOn(await house.browser().through(`${bea.path}/google`));
});
