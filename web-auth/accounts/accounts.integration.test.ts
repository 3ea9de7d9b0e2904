import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TOTP } from 'otpauth';
import { openProviderDouble } from '../sign-in/provider-double.test-kit.ts';
import type { ProviderDouble } from '../sign-in/provider-double.test-kit.ts';
import { appAt, chatLink, openSignIn, openSignInBench } from '../sign-in/sign-in.test-kit.ts';
import type { Page, SignInBench, SignInHouse, TestBrowser } from '../sign-in/sign-in.test-kit.ts';
import type { TestContext } from 'node:test';
import { createAccessTokens } from './access-tokens.ts';

let bench: SignInBench;
before(async () => {
  bench = await openSignInBench();
});
after(async () => {
  await bench.close();
});

let people = 0;

/** Discord to sign in with, the others to connect. */
async function openHouse(
  t: TestContext,
  rules = {},
): Promise<{ house: SignInHouse; discord: ProviderDouble; spotify: ProviderDouble; ada: TestBrowser }> {
  const [discord, spotify] = [await openProviderDouble(t), await openProviderDouble(t)];
  people += 1;
  discord.person = { id: `90${String(people)}`, name: 'Ada', email: null };
  spotify.person = { id: `spotify-${String(people)}`, name: 'ada', email: null };
  const app = appAt(spotify.url);
  const house = await openSignIn(t, bench, {
    discord: appAt(discord.url),
    spotify: app,
    google: app,
    tone3000: { ...app, clientSecret: null },
    ...rules,
  });
  const ada = house.browser();
  await ada.through('/sign-in/discord');
  return { house, discord, spotify, ada };
}

function disconnectPath({ text }: Page, label: string): string {
  const article = text.split('<article').find((part) => part.includes(`${label}: `)) ?? assert.fail(text);
  return /action="(\/accounts\/[^"]+)"/u.exec(article)?.[1] ?? assert.fail(article);
}

async function accountId(provider: string, subject: string): Promise<string> {
  const { rows } = await bench.client.query<{ id: string }>(
    'select id from linked_account where provider = $1 and subject = $2',
    [provider, subject],
  );
  return rows[0]?.id ?? assert.fail(`${provider} is not connected`);
}

for (const [provider, label, scope] of [
  ['spotify', 'Spotify', 'playlist-modify-private'],
  ['google', 'Google', 'https://www.googleapis.com/auth/youtube'],
  ['tone3000', 'Tone 3000', ''],
] as const) {
  test(`${label} is connected, shown with what was granted, and disconnected`, async (t) => {
    const { ada, spotify } = await openHouse(t);
    assert.match((await ada.through(`/accounts/connect/${provider}`)).next ?? '', /\/accounts$/u);
    const page = await ada.get('/accounts');
    assert.ok(page.text.includes(`${label}: ada`), page.text);
    assert.ok(page.text.includes(scope));
    assert.ok(!page.text.includes('canary'));
    const said = await ada.post(disconnectPath(page, label));
    assert.match(said.text, /nothing of it is kept here/u);
    assert.equal(spotify.revoked.length, provider === 'google' ? 1 : 0);
    assert.ok(!(await ada.get('/accounts')).text.includes(`${label}: ada`));
    const { rows } = await bench.client.query('select from linked_account where provider = $1', [provider]);
    assert.equal(rows.length, 0);
  });
}

test('PKCE alone shows who a public client is', async (t) => {
  const { ada, spotify } = await openHouse(t);
  await ada.through('/accounts/connect/tone3000');
  const call = spotify.asked.find(({ path }) => path === '/api/v1/oauth/token');
  assert.equal(call?.authorization, undefined);
  assert.equal(call?.form.get('client_id'), 'app');
});

test('an account of another member is not connected, and nobody learns whose it is', async (t) => {
  const { house, ada, discord } = await openHouse(t);
  await ada.through('/accounts/connect/spotify');
  discord.person = { ...discord.person, id: `${discord.person.id}0`, name: 'Eve' };
  const eve = house.browser();
  await eve.through('/sign-in/discord');
  const page = await eve.through('/accounts/connect/spotify');
  assert.equal(page.status, 409);
  assert.ok(!page.text.includes('Ada'));
  const id = await accountId('spotify', `spotify-${String(people)}`);
  assert.equal((await eve.post(`/accounts/${id}/disconnect`)).status, 404);
  assert.match((await ada.get('/accounts')).text, /Spotify: ada/u);
});

test('the only way in stays, its tokens do not', async (t) => {
  const { ada, discord } = await openHouse(t);
  const first = await ada.post(disconnectPath(await ada.get('/accounts'), 'Discord'));
  assert.match(first.text, /only account by which you get in/u);
  await ada.through('/accounts/connect/discord');
  assert.match((await ada.post(disconnectPath(await ada.get('/accounts'), 'Discord'))).text, /was told/u);
  assert.equal(discord.revoked.length, 1);
  assert.match((await ada.get('/accounts')).text, /No tokens are kept/u);
  await ada.through('/accounts/connect/google');
  await ada.post(disconnectPath(await ada.get('/accounts'), 'Discord'));
  assert.ok(!(await ada.get('/accounts')).text.includes('Discord: Ada'));
});

test('chats that know the member are listed and unlinked there', async (t) => {
  const { house, ada, discord } = await openHouse(t);
  const { who, path } = await chatLink(bench, house, discord.person.id);
  assert.equal((await ada.through(`${path}/discord`)).next, `${house.origin}/linked`);
  const { text } = await ada.get('/accounts');
  assert.match(text, /Ada of discord on Discord/u);
  const unlink = /\/accounts\/chats\/[0-9a-f-]+\/unlink/u.exec(text)?.[0] ?? '';
  discord.person = { ...discord.person, id: '1' };
  const eve = house.browser();
  await eve.through('/sign-in/discord');
  assert.equal((await eve.post(unlink)).status, 404);
  assert.equal((await ada.post(unlink)).status, 303);
  assert.equal(await house.parts.linking.isLinked(who), false);
});

test('twenty that need a token at once refresh it once', async (t) => {
  const { house, ada, spotify } = await openHouse(t);
  spotify.expiresInSeconds = 30;
  await ada.through('/accounts/connect/tone3000');
  spotify.expiresInSeconds = 3600;
  const earlier = spotify.tokenCalls();
  const access = createAccessTokens(house.parts);
  const id = await accountId('tone3000', spotify.person.id);
  const got = await Promise.all(Array.from({ length: 20 }, async () => await access.of(id)));
  assert.equal(spotify.tokenCalls() - earlier, 1);
  assert.equal(new Set(got.map((token) => (token.kind === 'good' ? token.accessToken : token.kind))).size, 1);
  assert.deepEqual(got[0], await access.of(id));
});

test('a refresh token that was used up by a crash is tried once; then the member connects again', async (t) => {
  const { house, ada, spotify } = await openHouse(t);
  spotify.expiresInSeconds = 30;
  await ada.through('/accounts/connect/tone3000');
  const id = await accountId('tone3000', spotify.person.id);
  const access = createAccessTokens(house.parts);
  // The provider has given new tokens, and the process died before it wrote them down.
  const dying = createAccessTokens({
    ...house.parts,
    tokens: {
      ...house.parts.tokens,
      change: async (account, work) =>
        await house.parts.tokens.change(account, async (row) => {
          await work(row);
          throw new Error('the process died');
        }),
    },
  });
  await assert.rejects(dying.of(id), /died/u);
  const earlier = spotify.tokenCalls();
  for (let tries = 0; tries < 3; tries++) assert.deepEqual(await access.of(id), { kind: 'relink' });
  assert.equal(spotify.tokenCalls() - earlier, 1);
  assert.match((await ada.get('/accounts')).text, /Connect it again/u);
  spotify.expiresInSeconds = 3600;
  await ada.through('/accounts/connect/tone3000');
  assert.equal((await access.of(id)).kind, 'good');
  await ada.post(disconnectPath(await ada.get('/accounts'), 'Tone 3000'));
  assert.deepEqual(await access.of(id), { kind: 'relink' }, 'a job that still wants it is told so');
});

test('a provider that fails for a moment costs no account', async (t) => {
  const { house, ada, spotify } = await openHouse(t);
  spotify.expiresInSeconds = 30;
  await ada.through('/accounts/connect/spotify');
  const id = await accountId('spotify', spotify.person.id);
  spotify.trick = 'server-error';
  const access = createAccessTokens(house.parts);
  await assert.rejects(access.of(id), { name: 'OAuthError', kind: 'unreachable' });
  spotify.trick = null;
  assert.equal((await access.of(id)).kind, 'good');
});

test('an operator types a code of the app before any page; a code counts once; others are not asked', async (t) => {
  const operator = `discord:90${String(people + 1)}`;
  const { ada, house, discord } = await openHouse(t, { operators: [operator], operatorsNeedSecondFactor: true });
  assert.equal((await ada.get('/accounts')).next, `${house.origin}/second-factor`);
  assert.equal((await ada.post('/accounts/connect/spotify')).next, `${house.origin}/second-factor`);
  assert.match((await ada.get('/second-factor')).text, /Set up an app/u);
  await ada.post('/second-factor/begin');
  const secret = /<p class="number code">([A-Z2-7]+)</u.exec((await ada.get('/second-factor')).text)?.[1] ?? '';
  const totp = new TOTP({ secret });
  assert.equal((await ada.post('/second-factor', { code: '000000' })).status, 403);
  const code = totp.generate();
  assert.equal((await ada.post('/second-factor', { code })).status, 303);
  assert.equal((await ada.get('/accounts')).status, 200);

  const again = house.browser();
  await again.through('/sign-in/discord');
  assert.ok(!(await again.get('/second-factor')).text.includes(secret), 'it is shown while it is set up alone');
  await again.post('/second-factor/begin');
  assert.equal((await again.post('/second-factor', { code })).status, 403, 'used');
  assert.equal((await again.get('/accounts')).next, `${house.origin}/second-factor`);

  discord.person = { ...discord.person, id: '77' };
  const eve = house.browser();
  await eve.through('/sign-in/discord');
  assert.equal((await eve.get('/accounts')).status, 200);
  assert.equal((await eve.get('/second-factor')).status, 404);
  const kinds = (await house.deps.audit.list(100)).filter(({ kind }) => kind === 'operator.second-factor');
  assert.deepEqual(
    kinds.map(({ facts }) => facts?.['outcome']),
    ['wrong', 'right', 'wrong'],
  );
});
