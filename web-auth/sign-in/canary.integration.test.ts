/** Secrets stay where they belong: none of them in the database, in logs, or on a page. */
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import { openProviderDouble, SECRET_OF_APP } from './provider-double.test-kit.ts';
import { appAt, BOT_TOKEN, chatLink, openSignIn, openSignInBench, SECRET, telegramResult } from './sign-in.test-kit.ts';
import type { SignInBench } from './sign-in.test-kit.ts';

let bench: SignInBench;
before(async () => {
  bench = await openSignInBench();
});
after(async () => {
  await bench.close();
});

async function dump(): Promise<string> {
  const { rows } = await bench.client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  let text = '';
  for (const { name } of rows) {
    const { rows: lines } = await bench.client.query<{ line: string }>(`select "${name}"::text as line from "${name}"`);
    text += lines.map(({ line }) => line).join('\n');
  }
  return text;
}

test('no secret of a whole evening is in the database, in a log, or on a page', async (t) => {
  const lines: string[] = [];
  const log = pino(
    { level: 'trace' },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const [discord, google] = [await openProviderDouble(t), await openProviderDouble(t)];
  const house = await openSignIn(
    t,
    bench,
    {
      discord: appAt(discord.url),
      google: appAt(google.url),
      spotify: appAt(google.url),
      tone3000: appAt(google.url),
      telegram: { token: BOT_TOKEN, url: discord.url },
      operators: [`discord:${discord.person.id}`],
      operatorsNeedSecondFactor: false,
    },
    { log },
  );
  const everywhere = new Map<string, string>([
    ['the secret of an application', SECRET_OF_APP],
    ['the bot’s token', BOT_TOKEN],
    ['our own secret', SECRET],
  ]);
  const browser = house.browser();
  const { path, token } = await chatLink(bench, house, discord.person.id);
  const away = await browser.post(`${path}/discord`);
  const callback = new URL(await browser.toCallback(away));
  await browser.get(callback.href);
  for (const provider of ['google', 'spotify', 'tone3000', 'discord'])
    await browser.through(`/accounts/connect/${provider}`);
  await browser.post('/second-factor/begin');
  const key = /<p class="number code">([A-Z2-7]+)</u.exec((await browser.get('/second-factor')).text)?.[1] ?? '';
  assert.equal(key.length, 32);
  await browser.get('/accounts');
  // What goes wrong is logged, and shown.
  for (const trick of ['redirect', 'html', 'no-access-token', 'invalid-grant', 'server-error'] as const) {
    google.trick = trick;
    await browser.through('/accounts/connect/google');
  }
  google.trick = null;
  google.idTokenTrick = { signedBy: 'stranger' };
  await browser.through('/accounts/connect/google');
  const stranger = house.browser();
  const linked = await chatLink(bench, house, 'another');
  const parked = await stranger.post(`${linked.path}/telegram`);
  const state = new URL(new URL(parked.next ?? '').searchParams.get('return_to') ?? '').searchParams.get('state') ?? '';
  const result = telegramResult({ id: 5, first_name: 'Ada', auth_date: Math.floor(Date.now() / 1000) });
  const code = /\/jam link ([A-Z2-9]{8})/u.exec(
    (await stranger.post('/sign-in/telegram/callback', { state, result })).text,
  )?.[1];

  const own = browser.cookies.get(house.origin) ?? new Map<string, string>();
  const atRest = new Map<string, string>([
    ...everywhere,
    ['a link', token],
    ['a code of a chat', code ?? assert.fail('no code was shown')],
    ['a session', own.get('session') ?? assert.fail('nobody is signed in')],
    ['a browser’s name', own.get('browser') ?? assert.fail('no browser was named')],
    ['a state', state],
    ['another state', callback.searchParams.get('state') ?? ''],
    ['Telegram’s word', result],
    ['an authenticator’s key', key],
  ]);
  const verifiers = [...discord.asked, ...google.asked].map(({ form }) => form.get('code_verifier')).filter(Boolean);
  for (const [index, verifier] of verifiers.entries()) atRest.set(`verifier ${String(index)}`, verifier ?? '');
  assert.ok(atRest.size >= 16);
  const places: readonly (readonly [place: string, text: string, secrets: ReadonlyMap<string, string>])[] = [
    ['the database', await dump(), atRest],
    ['the log', lines.join(''), atRest],
    ['a page', [...browser.seen, ...stranger.seen].join('\n'), everywhere],
  ];
  for (const [place, text, secrets] of places) {
    assert.ok(text.length > 500, `${place} is empty`);
    assert.ok(!text.includes('canary'), `a token or a code of a provider is in ${place}`);
    for (const [name, secret] of secrets) assert.ok(!text.includes(secret), `${name} is in ${place}`);
  }
  const { rows } = await bench.client.query('select from linked_account where sealed is not null');
  assert.ok(rows.length >= 4, 'tokens are kept, sealed');
});
