/** What people try who want somebody else's chat account, or somebody else's songs. Whatever they try, nothing is linked. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openProviderDouble } from './provider-double.test-kit.ts';
import type { IdTokenTrick, ProviderDouble, TokenTrick } from './provider-double.test-kit.ts';
import {
  appAt,
  BOT_TOKEN,
  chatLink,
  linksMade,
  openSignIn,
  openSignInBench,
  telegramResult,
} from './sign-in.test-kit.ts';
import type { Page, SignInBench, SignInHouse, TestBrowser } from './sign-in.test-kit.ts';

let bench: SignInBench;
before(async () => {
  bench = await openSignInBench();
});
after(async () => {
  await bench.close();
});

interface Scene {
  readonly house: SignInHouse;
  readonly discord: ProviderDouble;
  readonly google: ProviderDouble;
  /** A link that a chat user asked for, who is nobody's in the providers. */
  link(): Promise<string>;
}

type Attack = readonly [name: string, attempt: (scene: Scene) => Promise<void>];

/** Sets out with a link. @returns the provider's answer, which has not been brought back */
async function setOut(
  { house, link }: Scene,
  provider: string,
  browser: TestBrowser = house.browser(),
): Promise<{ readonly browser: TestBrowser; readonly callback: URL }> {
  const page = await browser.post(`${await link()}/${provider}`);
  return { browser, callback: new URL(await browser.toCallback(page)) };
}

function refused(page: Page, ...statuses: readonly number[]): void {
  assert.ok(
    (statuses.length === 0 ? [400, 403, 404, 410] : statuses).includes(page.status),
    `${String(page.status)} ${page.text}`,
  );
  assert.ok(!/\/jam link [A-Z2-9]{8}/u.test(page.text), 'no code is shown');
}

async function withoutTokenCall({ discord, google }: Scene, work: () => Promise<void>): Promise<void> {
  const earlier = discord.tokenCalls() + google.tokenCalls();
  await work();
  assert.equal(discord.tokenCalls() + google.tokenCalls(), earlier, 'no code was traded');
}

/** Comes back with a changed answer. */
function changed(name: string, change: (callback: URL) => void, provider = 'discord'): Attack {
  return [
    name,
    async (scene) => {
      const { browser, callback } = await setOut(scene, provider);
      await withoutTokenCall(scene, async () => {
        change(callback);
        refused(await browser.get(callback.href));
      });
    },
  ];
}

/** The token endpoint answers with this. */
function tokenTrick(name: string, trick: TokenTrick, check: (scene: Scene) => void = () => {}): Attack {
  return [
    `the token endpoint: ${name}`,
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'google');
      scene.google.trick = trick;
      try {
        refused(await browser.get(callback.href), 400, 503);
      } finally {
        scene.google.trick = null;
      }
      check(scene);
    },
  ];
}

function idTokenTrick(name: string, trick: IdTokenTrick): Attack {
  return [
    `a signed word that is ${name}`,
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'google');
      scene.google.idTokenTrick = trick;
      try {
        refused(await browser.get(callback.href));
      } finally {
        scene.google.idTokenTrick = null;
      }
    },
  ];
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const STATES: readonly Attack[] = [
  changed('an answer without state', (callback) => callback.searchParams.delete('state')),
  changed('an empty state', (callback) => callback.searchParams.set('state', '')),
  changed('two states', (callback) => callback.searchParams.append('state', 'x')),
  changed('a guessed state', (callback) => callback.searchParams.set('state', 'A'.repeat(43))),
  changed('a refusal with a code that is good', (callback) => callback.searchParams.set('error', 'access_denied')),
  changed('an answer without code', (callback) => callback.searchParams.delete('code')),
  changed('two codes', (callback) => callback.searchParams.append('code', 'x')),
  changed('a code of ten thousand characters', (callback) => callback.searchParams.set('code', 'x'.repeat(5000))),
  changed('the answer of one provider at the address of another', (callback) => {
    callback.pathname = callback.pathname.replace('discord', 'google');
  }),
  changed(
    'and the other way round',
    (callback) => {
      callback.pathname = callback.pathname.replace('google', 'discord');
    },
    'google',
  ),
  changed('at the address of one that is off', (callback) => {
    callback.pathname = callback.pathname.replace('discord', 'slack');
  }),
  [
    'a state that was used',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'discord');
      const state = callback.searchParams.get('state') ?? '';
      refused(await browser.get(`/sign-in/discord/callback?state=${state}&error=access_denied`));
      await withoutTokenCall(scene, async () => refused(await browser.get(callback.href)));
    },
  ],
  [
    'a state that is over',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'discord');
      await bench.client.query("update sign_in_state set expires_at = now() - interval '1 second'");
      await withoutTokenCall(scene, async () => refused(await browser.get(callback.href)));
    },
  ],
  [
    'another browser comes back: it has no name of ours',
    async (scene) => {
      const { callback } = await setOut(scene, 'discord');
      await withoutTokenCall(scene, async () => refused(await scene.house.browser().get(callback.href)));
    },
  ],
  [
    'another browser comes back in the middle of its own sign-in',
    async (scene) => {
      const victim = scene.house.browser();
      await setOut(scene, 'discord', victim);
      const { callback } = await setOut(scene, 'discord');
      await withoutTokenCall(scene, async () => refused(await victim.get(callback.href)));
    },
  ],
  [
    'a browser to whom a second name was slipped in',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'discord');
      const name = browser.cookies.get(scene.house.origin)?.get('browser') ?? '';
      const Cookie = `browser=${'A'.repeat(43)}; browser=${name}`;
      await withoutTokenCall(scene, async () => refused(await browser.get(callback.href, { Cookie })));
    },
  ],
  [
    'what was sealed for one sign-in, put into the row of another',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'discord');
      await setOut(scene, 'discord');
      await bench.client.query(
        'update sign_in_state set sealed = (select max(sealed) from sign_in_state other where other.id <> sign_in_state.id)',
      );
      await withoutTokenCall(scene, async () => refused(await browser.get(callback.href), 503));
    },
  ],
];

const CODES: readonly Attack[] = [
  [
    'the attacker’s code in the victim’s answer, at a provider with PKCE',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'discord');
      const redirectUri = `${scene.house.origin}/sign-in/discord/callback`;
      for (const challenge of ['x'.repeat(43), undefined]) {
        callback.searchParams.set(
          'code',
          scene.discord.makeCode(redirectUri, challenge === undefined ? {} : { challenge }),
        );
        refused(await browser.get(callback.href));
      }
    },
  ],
  [
    'the attacker’s code in the victim’s answer, for another nonce',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'google');
      const redirectUri = `${scene.house.origin}/sign-in/google/callback`;
      callback.searchParams.set('code', scene.google.makeCode(redirectUri, { nonce: 'x'.repeat(43) }));
      refused(await browser.get(callback.href));
    },
  ],
  [
    'an answer of another issuer, of none, of two',
    async (scene) => {
      for (const change of [
        (callback: URL) => callback.searchParams.set('iss', 'https://evil.example'),
        (callback: URL) => callback.searchParams.delete('iss'),
        (callback: URL) => callback.searchParams.append('iss', 'https://evil.example'),
      ]) {
        const { browser, callback } = await setOut(scene, 'google');
        await withoutTokenCall(scene, async () => {
          change(callback);
          refused(await browser.get(callback.href));
        });
      }
    },
  ],
  [
    'the proof of PKCE is S256, whatever the provider would take',
    async ({ house, link }) => {
      for (const provider of ['discord', 'google']) {
        const away = new URL((await house.browser().post(`${await link()}/${provider}`)).next ?? '');
        assert.equal(away.searchParams.get('code_challenge_method'), 'S256');
        assert.equal(away.searchParams.get('code_challenge')?.length, 43);
      }
    },
  ],
  [
    'accounts that nobody signs in with, and providers that there are not',
    async ({ house, link }) => {
      for (const provider of ['spotify', 'tone3000', 'slack', 'evil', '__proto__', 'constructor', '..%2fdiscord']) {
        refused(await house.browser().post(`/sign-in/${provider}`), 404);
        refused(await house.browser().post(`${await link()}/${provider}`), 404);
      }
    },
  ],
  ...['//evil.example', '/\\evil.example', 'javascript:alert(1)', 'https:evil.example'].map((evil): Attack => [
    `sent on to ${evil}`,
    async ({ house, discord }) => {
      const query = new URLSearchParams({ return_to: evil, redirect_uri: evil, next: evil }).toString();
      discord.person = { ...discord.person, id: '66' };
      const browser = house.browser();
      const page = await browser.post(`/sign-in/discord?${query}`);
      const redirect = new URL(page.next ?? '').searchParams.get('redirect_uri');
      assert.equal(redirect, `${house.origin}/sign-in/discord/callback`);
      const back = await browser.get(`${await browser.toCallback(page)}&${query}`);
      assert.equal(back.next, `${house.origin}/library`);
    },
  ]),
];

const LINKS: readonly Attack[] = [
  [
    'the attacker’s link, and a victim who signs in with the same platform',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'discord');
      const page = await browser.get(callback.href);
      refused(page, 403);
      assert.equal((await browser.get('/accounts')).next, `${scene.house.origin}/sign-in`, 'nor is anybody signed in');
    },
  ],
  [
    'the attacker’s link, a victim who signs in elsewhere, and guesses of the code',
    async ({ house }) => {
      const { who, path } = await chatLink(bench, house, 'guesser');
      assert.equal((await house.browser().through(`${path}/google`)).status, 200);
      for (let guesses = 0; guesses < 100; guesses++) {
        assert.notEqual(await house.parts.linking.confirm(who, `GUESS${String(guesses)}AA`), 'linked');
      }
    },
  ],
  [
    'the attacker’s link, and a victim who is signed in and presses the button',
    async ({ house, discord, link }) => {
      discord.person = { ...discord.person, id: '67' };
      const victim = house.browser();
      await victim.through('/sign-in/discord');
      const page = await victim.post(`${await link()}/go-on`);
      assert.match(page.text, /Do not give this code to anybody/u);
    },
  ],
  [
    'a code that another chat user types',
    async ({ house, link }) => {
      const page = await house.browser().through(`${await link()}/google`);
      const code = /\/jam link ([A-Z2-9]{8})/u.exec(page.text)?.[1] ?? assert.fail();
      const other = { platform: 'discord', userId: 'eve', displayName: 'Eve' } as const;
      assert.equal(await house.parts.linking.confirm(other, code), 'wrong');
    },
  ],
  [
    'a link that was guessed, is over, or was used',
    async ({ house, link }) => {
      const path = await link();
      const used = await link();
      await house.browser().through(`${used}/google`);
      const over = await link();
      await bench.client.query("update link_token set expires_at = now() - interval '1 second' where used_by is null");
      for (const wrong of [
        `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`,
        '/link/x',
        `/link/${'A'.repeat(43)}`,
        used,
        over,
      ]) {
        const browser = house.browser();
        const pages = [
          await browser.get(wrong),
          await browser.post(`${wrong}/discord`),
          await browser.post(`${wrong}/go-on`),
        ];
        for (const page of pages) refused(page, 410);
        assert.equal(new Set(pages.map(({ text }) => text)).size, 1);
      }
    },
  ],
  [
    'a link that previews look at a hundred times is not used up',
    async ({ house, link }) => {
      const path = await link();
      for (let looks = 0; looks < 50; looks++) {
        assert.equal((await house.browser().get(path)).status, 200);
        const head = await fetch(`${house.origin}${path}`, { method: 'HEAD' });
        assert.equal(head.status, 200);
      }
      for (const route of ['discord', 'google', 'go-on']) {
        refused(await house.browser().get(`${path}/${route}`), 404);
      }
    },
  ],
  ...(
    [
      ['no origin', { Origin: '' }],
      ['a foreign origin', { Origin: 'https://evil.example' }],
      ['a hidden origin', { Origin: 'null' }],
      ['a neighbour’s origin', { Origin: 'http://127.0.0.1' }],
      ['our origin, fetched from another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['our origin, fetched from a neighbour', { 'Sec-Fetch-Site': 'same-site' }],
    ] as const
  ).map(([name, headers]): Attack => [
    `forms with ${name}`,
    async ({ house, discord, link }) => {
      discord.person = { ...discord.person, id: '68' };
      const browser = house.browser();
      await browser.through('/sign-in/discord');
      const token = await link();
      const paths = [
        '/sign-in/discord',
        `${token}/discord`,
        `${token}/go-on`,
        '/sign-out',
        '/accounts/connect/spotify',
        '/accounts/x/disconnect',
        '/second-factor',
      ];
      for (const path of paths) refused(await browser.post(path, {}, headers), 403);
      assert.equal((await browser.get('/accounts')).status, 200, 'still signed in');
    },
  ]),
];

const TOKENS: readonly Attack[] = [
  tokenTrick('sends us elsewhere', 'redirect'),
  tokenTrick('a page', 'html'),
  tokenTrick('a gigabyte', 'gigabyte', ({ google }) =>
    assert.ok(google.sentBytes < 64 << 20, String(google.sentBytes)),
  ),
  tokenTrick('never', 'hang'),
  tokenTrick('fails', 'server-error'),
  tokenTrick('refuses', 'invalid-grant'),
  tokenTrick('no access token', 'no-access-token'),
  tokenTrick('no signed word', { answer: { id_token: undefined } }),
  tokenTrick('a time in words', { answer: { expires_in: '3600' } }),
  tokenTrick('a time before now', { answer: { expires_in: -1 } }),
  tokenTrick('a time without end', { answer: { expires_in: 1e12 } }),
  tokenTrick('tokens of another kind', { answer: { token_type: 'mac' } }),
  tokenTrick('an array', { answer: { access_token: ['x'] } }),
  [
    'fewer grants than were asked for',
    async (scene) => {
      scene.discord.grantedScopes = 'email';
      const { browser, callback } = await setOut(scene, 'discord');
      scene.discord.grantedScopes = null;
      refused(await browser.get(callback.href));
    },
  ],
  idTokenTrick('for another application', { claims: { aud: 'other' } }),
  idTokenTrick('for others too, and another’s', { claims: { aud: ['app', 'other'], azp: 'other' } }),
  idTokenTrick('of another issuer', { claims: { iss: 'https://evil.example' } }),
  idTokenTrick('for another sign-in', { claims: { nonce: 'x' } }),
  idTokenTrick('for no sign-in', { claims: { nonce: undefined } }),
  idTokenTrick('over', { claims: { exp: nowSeconds() - 3600 } }),
  idTokenTrick('an hour old', { claims: { iat: nowSeconds() - 3600 } }),
  idTokenTrick('without end', { claims: { exp: undefined } }),
  idTokenTrick('about nobody', { claims: { sub: undefined } }),
  idTokenTrick('signed by a stranger', { signedBy: 'stranger' }),
  idTokenTrick('signed by nobody', { signedBy: 'nobody' }),
  idTokenTrick('signed with our own secret', { signedBy: 'shared-secret' }),
];

/** Comes back from Telegram with this. */
function telegram(name: string, result: () => string, breakState = false): Attack {
  return [
    `Telegram’s word: ${name}`,
    async ({ house }) => {
      const { path } = await chatLink(bench, house, '777', 'telegram');
      const browser = house.browser();
      const away = new URL((await browser.post(`${path}/telegram`)).next ?? '');
      const own = new URL(away.searchParams.get('return_to') ?? '').searchParams.get('state') ?? '';
      const state = breakState ? 'A'.repeat(43) : own;
      refused(await browser.post('/sign-in/telegram/callback', { state, result: result() }));
    },
  ];
}

const ada = (): { id: number; first_name: string; auth_date: number } => ({
  id: 777,
  first_name: 'Ada',
  auth_date: nowSeconds(),
});

const TELEGRAM: readonly Attack[] = [
  telegram('a wrong hash', () => telegramResult(ada(), { hash: '0'.repeat(64) })),
  telegram('no hash', () => telegramResult(ada(), { hash: '' })),
  telegram('a day old', () => telegramResult({ ...ada(), auth_date: nowSeconds() - 86_400 })),
  telegram('six minutes old', () => telegramResult({ ...ada(), auth_date: nowSeconds() - 360 })),
  telegram('of tomorrow', () => telegramResult({ ...ada(), auth_date: nowSeconds() + 86_400 })),
  telegram('with a field more', () => telegramResult(ada(), { extra: { username: 'ada' } })),
  telegram('with another id', () => telegramResult({ ...ada(), id: 778 }, { extra: { id: '777' } })),
  telegram('of another bot', () => telegramResult(ada(), { token: '9:other' })),
  telegram('about somebody else', () => telegramResult({ ...ada(), id: 778 })),
  telegram('with a state of nobody’s', () => telegramResult(ada()), true),
  telegram('nonsense', () => 'false'),
  telegram('a list', () => Buffer.from('[1]').toString('base64url')),
  telegram('too long', () => 'A'.repeat(20_000)),
];

const BROWSERS: readonly Attack[] = [
  [
    'a session id that somebody put there is not the one after signing in',
    async ({ house, discord }) => {
      discord.person = { ...discord.person, id: '69' };
      const browser = house.browser();
      const planted = 'a'.repeat(40);
      browser.cookies.set(house.origin, new Map([['session', planted]]));
      await browser.through('/sign-in/discord');
      assert.notEqual(browser.cookies.get(house.origin)?.get('session'), planted);
      assert.equal((await house.browser().get('/accounts', { Cookie: `session=${planted}` })).status, 303);
    },
  ],
  [
    'cookies that are huge, doubled or over',
    async ({ house, discord }) => {
      discord.person = { ...discord.person, id: '70' };
      const browser = house.browser();
      await browser.through('/sign-in/discord');
      const session = browser.cookies.get(house.origin)?.get('session') ?? '';
      const asked = async (Cookie: string): Promise<number> =>
        (await house.browser().get('/accounts', { Cookie })).status;
      assert.equal(await asked(`session=${session}`), 200);
      assert.equal(await asked(`session=${session}; session=${session}`), 303);
      assert.ok([303, 431].includes(await asked(`session=${'a'.repeat(10_000)}`)));
      assert.equal(await asked(`__Host-session=${session}`), 303);
      await bench.client.query("update web_session set ends_at = now() - interval '1 second'");
      assert.equal(await asked(`session=${session}`), 303);
    },
  ],
  [
    'an account page for another member’s session while an account is being connected',
    async ({ house, discord }) => {
      discord.person = { ...discord.person, id: '71' };
      const attacker = house.browser();
      await attacker.through('/sign-in/discord');
      const callback = await attacker.toCallback(await attacker.post('/accounts/connect/spotify'));
      discord.person = { ...discord.person, id: '72' };
      const victim = house.browser();
      await victim.through('/sign-in/discord');
      refused(await victim.get(callback));
      const state = new URL(callback).searchParams.get('state') ?? '';
      const name = attacker.cookies.get(house.origin)?.get('browser') ?? '';
      const again = new URL(await attacker.toCallback(await attacker.post('/accounts/connect/spotify')));
      assert.notEqual(again.searchParams.get('state'), state);
      const Cookie = `browser=${name}; session=${victim.cookies.get(house.origin)?.get('session') ?? ''}`;
      refused(await victim.get(again.href, { Cookie }), 403);
      assert.ok(!(await victim.get('/accounts')).text.includes('Spotify:'));
    },
  ],
  [
    'a name that is a script, in every page that shows it',
    async ({ house, discord }) => {
      discord.person = { ...discord.person, id: '73', name: '<script>alert(1)</script>"\'&' };
      const browser = house.browser();
      await browser.through('/sign-in/discord');
      const { who, path } = await chatLink(bench, house, 'x"><img src=x>');
      await bench.client.query('update chat_identity set display_name = $1 where user_id = $2', [
        '<b>Ada</b>',
        who.userId,
      ]);
      for (const page of [await browser.get('/accounts'), await browser.get(path)]) {
        assert.ok(!/<script>alert|<b>Ada|<img/u.test(page.text));
        assert.match(page.text, /&lt;script&gt;|&lt;b&gt;/u);
      }
    },
  ],
  [
    'frames, caches and addresses that are passed on',
    async (scene) => {
      const { browser, callback } = await setOut(scene, 'google');
      const pages = [
        await browser.get(callback.href),
        await browser.get('/sign-in'),
        await browser.get(await scene.link()),
      ];
      for (const { headers } of pages) {
        assert.match(headers.get('Cache-Control') ?? '', /no-store/u);
        const policy = headers.get('Content-Security-Policy') ?? '';
        assert.match(policy, /frame-ancestors 'none'/u);
        assert.ok(!/unsafe|https?:|\*/u.test(policy), policy);
        assert.match(headers.get('Referrer-Policy') ?? '', /^(?:no-referrer|same-origin)$/u);
        assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
      }
      for (const { text } of pages) assert.ok(!/<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=/u.test(text));
    },
  ],
  [
    'a name of our server that somebody else gave it',
    async ({ house, link }) => {
      const path = await link();
      const forged = {
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        Forwarded: 'host=evil.example',
      };
      const page = await house.browser().post(`${path}/discord`, {}, forged);
      assert.ok(!(page.text + [...page.headers.values()].join()).includes('evil.example'));
      assert.equal(
        new URL(page.next ?? '').searchParams.get('redirect_uri'),
        `${house.origin}/sign-in/discord/callback`,
      );
    },
  ],
  [
    'a chat account that is another member’s',
    async ({ house }) => {
      const { who, path } = await chatLink(bench, house, 'taken');
      const { rows } = await bench.client.query<{ id: string }>(
        "insert into member (display_name) values ('Ada') returning id",
      );
      await bench.client.query('update chat_identity set member_id = $1, linked_at = now() where user_id = $2', [
        rows[0]?.id,
        who.userId,
      ]);
      const page = await house.browser().through(`${path}/google`);
      refused(page, 409);
      await bench.client.query('update chat_identity set linked_at = null where user_id = $1', [who.userId]);
    },
  ],
];

test('a provider that knows PKCE by plain text alone is not used', async (t) => {
  const google = await openProviderDouble(t);
  google.challengeMethods = ['plain'];
  const house = await openSignIn(t, bench, { google: appAt(google.url) });
  refused(await house.browser().post('/sign-in/google'), 400);
});

test('Telegram’s word is good once', async (t) => {
  const house = await openSignIn(t, bench, { telegram: { token: BOT_TOKEN, url: 'http://127.0.0.1:9' } });
  const result = telegramResult({ id: 1, first_name: 'Ada', auth_date: nowSeconds() });
  const statuses: number[] = [];
  for (let times = 0; times < 2; times++) {
    const browser = house.browser();
    const away = new URL((await browser.post('/sign-in/telegram')).next ?? '');
    const state = new URL(away.searchParams.get('return_to') ?? '').searchParams.get('state') ?? '';
    statuses.push((await browser.post('/sign-in/telegram/callback', { state, result })).status);
  }
  assert.deepEqual(statuses, [303, 400]);
});

test('an address, and a member wherever they are, may do so much at a time', async (t) => {
  const discord = await openProviderDouble(t);
  const limits = { atOnce: 10, perMinute: 10, most: 100 };
  const house = await openSignIn(t, bench, { discord: appAt(discord.url) }, { limits });
  const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });
  const statuses: number[] = [];
  for (let tries = 0; tries < 12; tries++) {
    statuses.push((await house.browser().post('/sign-in/discord', {}, from('198.51.100.1'))).status);
  }
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 200), 429, 429]);
  const browser = house.browser();
  const page = await browser.post('/sign-in/discord', {}, from('198.51.100.2'));
  await browser.get(await browser.toCallback(page), from('198.51.100.2'));
  const own: number[] = [];
  for (let tries = 0; tries < 12; tries++) {
    own.push((await browser.post('/accounts/x/disconnect', {}, from(`198.51.101.${String(tries)}`))).status);
  }
  assert.ok(own.filter((status) => status === 429).length >= 2, own.join());
});

test('whatever is tried, nothing is linked', async (t) => {
  const [discord, google] = [await openProviderDouble(t), await openProviderDouble(t)];
  const house = await openSignIn(t, bench, {
    discord: appAt(discord.url),
    google: appAt(google.url),
    spotify: appAt(google.url),
    telegram: { token: BOT_TOKEN, url: 'http://127.0.0.1:9' },
  });
  let links = 0;
  const scene: Scene = {
    house,
    discord,
    google,
    link: async () => (await chatLink(bench, house, `victim-${String((links += 1))}`)).path,
  };
  const attacks = [...STATES, ...CODES, ...LINKS, ...TOKENS, ...TELEGRAM, ...BROWSERS];
  for (const [name, attempt] of attacks) await t.test(name, async () => await attempt(scene));
  assert.ok(attacks.length >= 40, String(attacks.length));
  assert.equal(await linksMade(bench), 0);
  // And the scene is one in which links can be made.
  const { path } = await chatLink(bench, house, discord.person.id);
  assert.equal((await house.browser().through(`${path}/discord`)).next, `${house.origin}/linked`);
  assert.equal(await linksMade(bench), 1);
});
