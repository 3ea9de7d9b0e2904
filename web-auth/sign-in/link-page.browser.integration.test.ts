/** From a chat's link to "go back to the chat" in a real Chromium, by keyboard, for assistive technology, under our own content rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  flaws,
  isWiderThanWindow,
  openPage,
  SIZES,
  stageFor,
  takePicture,
  WITH_CHROMIUM,
} from '../browser.test-kit.ts';
import { openOpenIdProvider } from './open-id-provider.test-kit.ts';
import { openProviderDouble } from './provider-double.test-kit.ts';
import { appAt, BOT_TOKEN, chatLink, openSignIn, openSignInBench, telegramResult } from './sign-in.test-kit.ts';

const NOBODY = 'none=none';

const stage = stageFor(openSignInBench);

async function isWellMade(page: Page, name: string, size: string): Promise<void> {
  assert.deepEqual(await flaws(page), [], `${name} ${size}`);
  assert.ok(!(await isWiderThanWindow(page)), `${name} ${size}`);
  const small = await page.evaluate<string[]>(
    `[...document.querySelectorAll('main button, main .button, main input')].filter((one) => one.type !== 'hidden' && one.offsetHeight < 44)
      .map((one) => one.outerHTML)`,
  );
  assert.deepEqual(small, [], `${name} ${size}`);
  await takePicture(page, `${name}-${size}`);
}

async function press(page: Page, label: string): Promise<void> {
  const name = `document.activeElement.textContent.trim()`;
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(name)) === label) return await page.keyboard.press('Enter');
  }
  assert.fail(`no way by Tab to ${label}`);
}

for (const [size, box] of Object.entries(SIZES)) {
  test(`from the chat’s link to the chat, and the accounts page, on a ${size}`, WITH_CHROMIUM, async (t) => {
    const discord = await openProviderDouble(t);
    discord.person = { ...discord.person, id: `browser-${size}`.replace(/\D/gu, '') + (size === 'phone' ? '1' : '2') };
    const google = await openOpenIdProvider(t, { sub: `google-${size}`, name: 'Ada' });
    const house = await openSignIn(t, stage.bench, {
      discord: appAt(discord.url),
      google: appAt(google.issuer),
      spotify: appAt(discord.url),
      tone3000: appAt(discord.url),
      telegram: { token: BOT_TOKEN, url: discord.url },
    });
    await google.register(`${house.origin}/sign-in/google/callback`);
    const { origin } = house;
    const { page, complaints } = await openPage(t, stage.browser, { origin, cookie: NOBODY, ...box });
    const { who, path } = await chatLink(stage.bench, house, discord.person.id);
    await page.goto(`${origin}${path}`);
    await isWellMade(page, 'link', size);
    await press(page, 'Sign in with Discord');
    await page.waitForURL(`${origin}/linked`);
    await isWellMade(page, 'linked', size);
    assert.equal(await house.parts.linking.isLinked(who), true);

    await page.goto(`${origin}/accounts`);
    await press(page, 'Spotify');
    await page.getByRole('heading', { name: 'Spotify: Ada' }).waitFor();
    await isWellMade(page, 'accounts', size);
    await page.getByRole('button', { name: 'Disconnect Spotify' }).click();
    await page.getByRole('status').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${origin}/sign-in`);
    await isWellMade(page, 'sign-in', size);

    const other = await chatLink(stage.bench, house, `slow-${size}`);
    await page.goto(`${origin}${other.path}`);
    await page.getByRole('button', { name: 'Sign in with Google' }).click();
    const code = (await page.locator('.code').textContent()) ?? '';
    await isWellMade(page, 'code', size);
    assert.equal(await house.parts.linking.confirm(other.who, code.replace('/jam link ', '')), 'linked');
    assert.deepEqual(complaints, []);
  });
}

test('Telegram’s word is sent on from behind the #, and leaves the address', WITH_CHROMIUM, async (t) => {
  const telegram = await openProviderDouble(t);
  const house = await openSignIn(t, stage.bench, { telegram: { token: BOT_TOKEN, url: telegram.url } });
  const { origin } = house;
  const { page, complaints } = await openPage(t, stage.browser, { origin, cookie: NOBODY });
  const { who, path } = await chatLink(stage.bench, house, '777', 'telegram');
  await page.goto(`${origin}${path}`);
  await page.getByRole('button', { name: 'Sign in with Telegram' }).click();
  await page.getByText('Telegram did not say who you are').waitFor();
  assert.equal(page.url(), `${origin}/sign-in/telegram/callback`);
  assert.deepEqual(await flaws(page), []);
  telegram.telegramResult = telegramResult({ id: 777, first_name: 'Ada', auth_date: Math.floor(Date.now() / 1000) });
  await page.goto(`${origin}${path}`);
  await page.getByRole('button', { name: 'Sign in with Telegram' }).click();
  await page.waitForURL(`${origin}/linked`);
  assert.equal(await house.parts.linking.isLinked(who), true);
  assert.deepEqual(complaints, []);
});
