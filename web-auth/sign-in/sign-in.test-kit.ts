/** The pages of signing in and accounts over real HTTP, with a browser's cookies and a chat's links. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createIdentities } from '../../db/identities.repository.ts';
import type { Logger } from '../../runtime/log.ts';
import { createSeal } from '../../runtime/seal.ts';
import type { Platform, Requester } from '../../workflows/contract/request.ts';
import { accountsRoom } from '../accounts/room.ts';
import { openPagesBench, openPagesServer } from '../pages.test-kit.ts';
import type { PagesBench, PagesServer } from '../pages.test-kit.ts';
import type { PageRoom } from '../web.ts';
import { createSignInParts } from './parts.ts';
import type { SignInSettings } from './parts.ts';
import { SECRET_OF_APP } from './provider-double.test-kit.ts';
import { signInRoom } from './room.ts';
import type { SignInParts } from './settings.ts';

export const BOT_TOKEN = '123456:canary-bot-token';
export const SECRET = '0f'.repeat(16);

export type SignInBench = PagesBench;

export async function openSignInBench(): Promise<SignInBench> {
  return await openPagesBench('sign-in');
}

export interface SignInHouse extends PagesServer {
  readonly parts: SignInParts;
  browser(): TestBrowser;
}

/** An application at a provider of the tests. */
export function appAt(url: string): { readonly clientId: string; readonly clientSecret: string; readonly url: string } {
  return { clientId: 'app', clientSecret: SECRET_OF_APP, url };
}

export async function openSignIn(
  t: TestContext,
  bench: SignInBench,
  settings: Partial<SignInSettings>,
  {
    secrets = [SECRET],
    limits,
    log,
  }: { secrets?: readonly string[]; limits?: SignInParts['limits']; log?: Logger } = {},
): Promise<SignInHouse> {
  const all: SignInSettings = {
    discord: null,
    slack: null,
    google: null,
    telegram: null,
    spotify: null,
    tone3000: null,
    emails: [],
    inviteOnly: false,
    operators: [],
    operatorsNeedSecondFactor: false,
    ...settings,
  };
  const made = createSignInParts(bench.database, all, createSeal(secrets, 'accounts'));
  const parts = { ...made, limits: limits ?? { atOnce: 1000, perMinute: 100_000, most: 1000 } };
  const rooms = [signInRoom(parts), accountsRoom(parts)].map(
    (room): PageRoom =>
      (app, deps) =>
        room(app, { ...deps, log: log ?? deps.log }),
  );
  const server = await openPagesServer(t, { ...bench, rooms });
  return { ...server, parts, browser: () => openTestBrowser(server.origin) };
}

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it sends the browser; null for nowhere. */
  readonly next: string | null;
}

/** Keeps cookies by origin, and does nothing by itself. */
export interface TestBrowser {
  readonly cookies: Map<string, Map<string, string>>;
  /** Every page of ours that it was shown. */
  readonly seen: string[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  post(
    path: string,
    form?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Page>;
  /** Goes to a provider and on, up to our callback, which it does not ask for. */
  toCallback(from: Page): Promise<string>;
  /** Presses a button and comes back from the provider. */
  through(path: string): Promise<Page>;
}

function openTestBrowser(origin: string): TestBrowser {
  const cookies = new Map<string, Map<string, string>>();
  const seen: string[] = [];

  async function send(url: string, init: RequestInit): Promise<Page> {
    const site = new URL(url).origin;
    const jar = cookies.get(site) ?? new Map<string, string>();
    cookies.set(site, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0 && !headers.has('Cookie')) {
      headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/su);
      if (value === '' || attributes.some((part) => /max-age=0/iu.test(part))) jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get('Location');
    const refresh = response.headers.get('Refresh')?.replace(/^0; url=/u, '') ?? null;
    const next = location === null ? refresh : new URL(location, url).href;
    const text = await response.text();
    if (site === origin) seen.push(text);
    return { status: response.status, headers: response.headers, text, next };
  }

  const browser: TestBrowser = {
    cookies,
    seen,
    get: async (path, headers = {}) => await send(new URL(path, origin).href, { headers }),
    post: async (path, form = {}, headers = {}) =>
      await send(new URL(path, origin).href, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { Origin: origin, 'Sec-Fetch-Site': 'same-origin', ...headers },
      }),
    async toCallback(from) {
      let page = from;
      for (let steps = 0; steps < 12; steps++) {
        if (page.next === null)
          throw new Error(`nowhere to go from ${String(page.status)}: ${page.text.slice(0, 500)}`);
        if (page.next.startsWith(`${origin}/`)) return page.next;
        page = await send(page.next, {});
      }
      throw new Error('the provider goes round in circles');
    },
    async through(path) {
      const page = await browser.post(path);
      assert.equal(page.status, 200, page.text);
      return await browser.get(await browser.toCallback(page));
    },
  };
  return browser;
}

/** A chat user with a band, and a link as the chat hands it out. */
export async function chatLink(
  { database }: SignInBench,
  { parts }: SignInHouse,
  userId: string,
  platform: Platform = 'discord',
  botId = 'bot',
): Promise<{ readonly who: Requester; readonly token: string; readonly path: string }> {
  const who: Requester = { platform, userId, displayName: `Ada of ${platform}` };
  const address = { platform, botId, chatId: `room-${userId}`, threadId: null };
  await createIdentities(database).resolve(address, who);
  const { token } = await parts.linking.makeToken(who);
  return { who, token, path: `/link/${token}` };
}

export async function linksMade({ client }: SignInBench): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from chat_identity where linked_at is not null',
  );
  return rows[0]?.count ?? 0;
}

/** As Telegram signs it. */
export function telegramResult(
  fields: Readonly<Record<string, string | number>>,
  { token = BOT_TOKEN, hash, extra = {} }: { token?: string; hash?: string; extra?: Record<string, string> } = {},
): string {
  const checked = Object.entries(fields)
    .map(([name, value]) => `${name}=${String(value)}`)
    .toSorted()
    .join('\n');
  const key = createHash('sha256').update(token).digest();
  const own = createHmac('sha256', key).update(checked).digest('hex');
  return Buffer.from(JSON.stringify({ ...fields, ...extra, hash: hash ?? own })).toString('base64url');
}
