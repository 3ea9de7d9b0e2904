/** From a song in the chat, through a real browser that shows who asked, to the stems in the chat: every process real but the chat and the providers. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { startWeb } from '../../web-auth/main.ts';
import { openBrowser, openPage, WITH_CHROMIUM } from '../../web-auth/browser.test-kit.ts';
import { openOpenIdProvider } from '../../web-auth/sign-in/open-id-provider.test-kit.ts';
import { openProviderDouble, SECRET_OF_APP } from '../../web-auth/sign-in/provider-double.test-kit.ts';
import type { SeenMessage } from '../emulators/core/conversation.ts';
import { visibleText } from './judge.ts';
import { openSoakHouse } from './soak-house.ts';
import { openSurfaces } from './surfaces.ts';
import { tinySong } from './tiny-song.ts';
import { freePort } from '../../runtime/embedded/free-port.ts';

const PATIENCE_MS = 90_000;
const RESULT = /LUFS/u;
const BUTTON = 'Link account';

let browser: Browser | null = null;
before(async () => {
  if (WITH_CHROMIUM.skip === false) browser = await openBrowser();
});
after(async () => await browser?.close());

test('a musician signs in where the chat’s button leads, and the stems come', WITH_CHROMIUM, async (t) => {
  assert.ok(browser !== null);
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-browser-'));
  const log = createLogger({ name: 'test', level: 'warn', destination: { file: join(folder, 'log') } });
  const closing: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const surfaces = await openSurfaces(1, ['discord']);
  closing.push(surfaces.close);
  const [discord] = surfaces.all;
  assert.ok(discord !== undefined);
  const { emulator, people, chats } = discord;
  const { conversation } = emulator;
  const [ada = '', ben = ''] = people;
  const [chat = ''] = chats;

  const provider = await openProviderDouble(t);
  const google = await openOpenIdProvider(t, { sub: 'ben-at-google', name: 'Ben' });
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  await google.register(`${origin}/sign-in/google/callback`);
  const signIn = {
    WOODSHED_LINKING: 'always',
    WOODSHED_WEB_URL: origin,
    DISCORD_CLIENT_ID: 'app',
    DISCORD_CLIENT_SECRET: SECRET_OF_APP,
    DISCORD_OAUTH_URL: provider.url,
    GOOGLE_CLIENT_ID: 'app',
    GOOGLE_CLIENT_SECRET: SECRET_OF_APP,
    GOOGLE_ISSUER_URL: google.issuer,
  };
  const env = { ...surfaces.botEnv, ...signIn };
  const house = await openSoakHouse({ folder, env, bots: ['discord'], log, tell: () => undefined });
  closing.push(house.stop);
  const config = loadConfig({ env: { ...signIn, WOODSHED_SECRET: 'ab'.repeat(32) } });
  const web = await startWeb({ config, store: house.store, temporal: house.client, host: '127.0.0.1', port, log });
  closing.push(web.stop);
  await surfaces.untilConnected();

  async function card(title: string, pattern: RegExp): Promise<SeenMessage> {
    return await conversation.until(
      ({ by, onlyFor, text }) =>
        by === 'bot' && onlyFor === null && visibleText(text).includes(title) && pattern.test(visibleText(text)),
      PATIENCE_MS,
    );
  }

  /** Hands a song over, waits until its stems do, and presses the card's button. */
  async function linkFor(by: string, title: string, seed: number): Promise<string> {
    const file = { name: `${title}.wav`, bytes: tinySong(seed), mimeType: 'audio/wav' };
    await emulator.act(discord?.send(file, by, chat) ?? assert.fail());
    const { id, thread } = await card(title, /is ready[^]*link your account/u);
    await emulator.act({ kind: 'press', by, at: { chat, thread }, messageId: id, label: BUTTON });
    const isPage = (url: string | null): boolean => url?.startsWith(`${origin}/link/`) ?? false;
    const { buttons } = await conversation.until(
      (message) => message.onlyFor === by && message.buttons.some(({ url }) => isPage(url)),
      PATIENCE_MS,
    );
    return buttons.find(({ url }) => isPage(url))?.url ?? assert.fail();
  }

  async function untilResult(title: string, linkedMs: number): Promise<void> {
    await card(title, RESULT);
    t.diagnostic(`${title}: ${(performance.now() - linkedMs).toFixed(0)} ms from the link to the result`);
  }

  // Discord says who she is: one press.
  provider.person = { ...provider.person, id: ada };
  const adas = await openPage(t, browser, { origin, cookie: 'none=none' });
  await adas.page.goto(await linkFor(ada, 'harbour lights', 1));
  await adas.page.getByRole('heading', { name: 'Is this you?' }).waitFor();
  await adas.page.getByRole('button', { name: 'Sign in with Discord' }).click();
  await adas.page.waitForURL(`${origin}/linked`);
  await untilResult('harbour lights', performance.now());
  const { buttons } = await card('harbour lights', RESULT);
  await adas.page.goto(
    buttons.find(({ label }) => label === 'Open the mixer')?.url ?? assert.fail('no way to the mixer'),
  );
  await adas.page.getByRole('heading', { name: 'harbour lights' }).waitFor();
  await adas.page.waitForSelector('[data-state=ready]');

  // Google does not say who he is in the chat: he does, there.
  const bens = await openPage(t, browser, { origin, cookie: 'none=none', width: 390, height: 844 });
  await bens.page.goto(await linkFor(ben, 'kellertreppe', 2));
  await bens.page.getByRole('button', { name: 'Sign in with Google' }).click();
  const said = (await bens.page.locator('.code').textContent()) ?? '';
  assert.ok(conversation.messages(chat).every(({ text }) => !/kellertreppe[^]*LUFS/u.test(visibleText(text))));
  const options = { code: said.replace('/jam link ', '') };
  await emulator.act({
    kind: 'command',
    by: ben,
    at: { chat, thread: null },
    verb: 'jam',
    options,
    text: 'link',
    file: null,
  });
  await untilResult('kellertreppe', performance.now());

  const sounds = conversation.messages(chat).flatMap(({ by, files }) => (by === 'bot' ? files : []));
  assert.equal(sounds.filter(({ name }) => name === 'mid.wav').length, 2, 'each once');
  assert.deepEqual([...adas.complaints, ...bens.complaints], []);
  assert.deepEqual(emulator.specReport().violations, []);
});
