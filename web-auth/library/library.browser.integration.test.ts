/** The library in a real Chromium: by keyboard alone, for assistive technology, and with titles that try to be more than text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { createJobs } from '../../db/jobs.repository.ts';
import { addBand } from '../../db/test-library.ts';
import {
  flaws,
  isWiderThanWindow,
  openPage,
  SIZES,
  stageFor,
  takePicture,
  WITH_CHROMIUM,
} from '../browser.test-kit.ts';
import { dressSong, openLibrary, openLibraryBench, signIn, storeSong } from './library.test-kit.ts';

const stage = stageFor(openLibraryBench);

interface Scene {
  readonly origin: string;
  readonly cookie: string;
  /** The newest song, and one that is being worked on. */
  readonly song: string;
  readonly bandId: string;
}

async function openScene(t: TestContext, titles: readonly string[]): Promise<Scene> {
  const server = await openLibrary(t, stage.bench);
  const band = await addBand(stage.bench.database, 'The Night Shift');
  const other = await addBand(stage.bench.database, 'Sunday Quartet');
  const { cookie } = await signIn(stage.bench, server, band.id, other.id);
  let song = '';
  for (const [index, title] of titles.entries()) {
    const isRunning = index === titles.length - 1 && titles.length > 1;
    const stored = await storeSong(stage.bench, { chat: band.chat, title, isRunning });
    await dressSong(stage.bench, stored, index);
    if (isRunning) {
      await createJobs(stage.bench.database).report({ jobId: stored.jobId, stage: 'separate', fraction: 0.42 });
    }
    song = stored.recordingId;
  }
  return { origin: server.origin, cookie, song, bandId: band.id };
}

const FOCUSED_NAME = `(() => {
  const element = document.activeElement;
  return element.getAttribute('aria-label') ?? (element.name || element.textContent.trim());
})()`;

/** Presses Tab until this is reached. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(FOCUSED_NAME)) === name) return;
  }
  assert.fail(`no way by Tab to ${name}`);
}

const SONGS = [
  'Autumn Rain (take 3)',
  'Harbour Lights',
  'Kellertreppe',
  'Paper Boats – rehearsal 12 May',
  'Zwischen den Zeilen, live at the old cinema, second set, whole recording from the desk',
  'Slow Train North',
  'Golden Hour',
];

test(
  'every page stands the rules of accessibility, in both schemes and sizes, without a complaint',
  WITH_CHROMIUM,
  async (t) => {
    const { origin, cookie, song, bandId } = await openScene(t, SONGS);
    for (const [size, box] of Object.entries(SIZES)) {
      for (const light of [false, true]) {
        const { page, complaints } = await openPage(t, stage.browser, { origin, cookie, ...box, light });
        const pages: readonly (readonly [name: string, path: string])[] = [
          ['library', '/library'],
          ['search', '/library?q=nothing+like+it'],
          ['song', `/library/songs/${song}`],
          ['delete', `/library/songs/${song}/delete`],
          ['jobs', `/library/jobs?band=${bandId}`],
        ];
        for (const [name, path] of pages) {
          await page.goto(`${origin}${path}`);
          assert.deepEqual(await flaws(page), [], `${name} ${size}`);
          assert.ok(!(await isWiderThanWindow(page)), `${name} is wider than a ${size}`);
          if (!light && (name === 'library' || name === 'song')) {
            await takePicture(page, `${name}-${size}`, { fullPage: name === 'song' && size === 'desktop' });
          }
        }
        await page.locator('.song-head, .library-head, h1').first().waitFor();
        await page.goto(`${origin}/library`);
        await page.locator('details.more summary').nth(1).click();
        assert.deepEqual(await flaws(page), [], `menu ${size}`);
        assert.deepEqual(complaints, []);
      }
      const stranger = await openPage(t, stage.browser, { origin, cookie: 'none=none', ...box });
      await stranger.page.goto(`${origin}/`);
      assert.deepEqual(await flaws(stranger.page), [], `front ${size}`);
      await takePicture(stranger.page, `front-${size}`);
      assert.deepEqual(stranger.complaints, []);
    }
  },
);

test(
  'songs are found as one types, opened, renamed, shared and deleted by keyboard alone',
  WITH_CHROMIUM,
  async (t) => {
    const { origin, cookie } = await openScene(t, [
      'Harbour Lights',
      'Kellertreppe',
      'Slow Train North',
      'Golden Hour',
    ]);
    const { page, complaints } = await openPage(t, stage.browser, { origin, cookie });
    await page.goto(`${origin}/library`);
    await tabTo(page, 'Skip to the page');
    await tabTo(page, 'q');
    await page.keyboard.type('HARB');
    await page.getByRole('link', { name: 'Kellertreppe' }).waitFor({ state: 'detached' });
    assert.equal(await page.locator('.song').count(), 1);
    assert.match(page.url(), /q=HARB/u);
    assert.equal(await page.evaluate('document.activeElement.id'), 'q', 'typing goes on where it was');
    await tabTo(page, 'Harbour Lights');
    await tabTo(page, '⋯More about Harbour Lights');
    await page.keyboard.press('Enter');
    await tabTo(page, 'title');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Harbour Nights');
    await page.keyboard.press('Enter');
    await page.locator('.song:target').filter({ hasText: 'Harbour Nights' }).waitFor();

    await tabTo(page, '⋯More about Harbour Nights');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('details.more[open]').count(), 0);
    await page.keyboard.press('Enter');
    await tabTo(page, 'Downloads and sharing');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sharing' }).waitFor();
    await tabTo(page, 'Make a link');
    await page.keyboard.press('Enter');
    const link = page.getByLabel('Here is the link');
    assert.match(await link.inputValue(), /\/s\/[\w-]{43}$/u);
    await tabTo(page, 'Revoke');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#sharing$/u);
    assert.equal(await page.getByRole('button', { name: 'Revoke' }).count(), 0);
    await tabTo(page, 'Delete …');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Delete “Harbour Nights”?' }).waitFor();
    await tabTo(page, 'Delete for good');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The Night Shift' }).waitFor();
    await page.getByText('Kellertreppe').first().waitFor();
    assert.equal(await page.getByText('Harbour Nights').count(), 0);
    assert.deepEqual(complaints, []);
  },
);

test('what runs moves on by itself, and not under the hand of whoever has something open', WITH_CHROMIUM, async (t) => {
  const { origin, cookie, bandId } = await openScene(t, ['Harbour Lights', 'Golden Hour']);
  const { page } = await openPage(t, stage.browser, { origin, cookie });
  await page.goto(`${origin}/library`);
  await page.getByText('42 %').first().waitFor();
  await stage.bench.client.query("update job set fraction = 0.77 where band_id = $1 and state = 'running'", [bandId]);
  await page.getByText('77 %').first().waitFor();
});

test('no title makes an element of its own, whatever it is', WITH_CHROMIUM, async (t) => {
  const { origin, cookie, song } = await openScene(t, ['x']);
  const { page, complaints } = await openPage(t, stage.browser, { origin, cookie });
  const bits = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    '`',
    '=',
    '/',
    '\\',
    '-->',
    '<!--',
    ']]>',
    '</title>',
    '</script>',
    '${7*7}',
    '{{7*7}}',
    'javascript:alert(1)',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '" autofocus onfocus=alert(1) x="',
    '&lt;b&gt;',
    '\u2028',
    '\uFF1Cb\uFF1E',
  );
  const titles = fc
    .array(fc.oneof(bits, fc.string({ unit: 'grapheme', maxLength: 8 })), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''));
  const paths = ['/library', `/library/songs/${song}`, `/library/songs/${song}/delete`, '/library?q='];
  const shape = async (path: string): Promise<string> => {
    await page.goto(`${origin}${path}`, { waitUntil: 'domcontentloaded' });
    return await page.evaluate<string>(
      `[...document.querySelectorAll('*')].map((each) => each.localName + '[' + each.getAttributeNames() + ']').join(' ')`,
    );
  };
  const set = async (title: string): Promise<void> => {
    await stage.bench.client.query('update recording set title = $1 where id = $2', [title, song]);
  };
  await set('plain');
  const plain: string[] = [];
  for (const path of paths) plain.push(await shape(path.endsWith('=') ? `${path}zzzz` : path));
  page.on('dialog', () => assert.fail('a title ran'));
  await fc.assert(
    fc.asyncProperty(titles, async (title) => {
      // PostgreSQL keeps no NUL in text, and names of songs come without what is no whole character.
      const kept = title.replaceAll('\0', '').toWellFormed();
      await set(kept);
      for (const [index, path] of paths.entries()) {
        const asked = path.endsWith('=') ? `${path}${encodeURIComponent(`zzzz${kept}`)}` : path;
        assert.equal(await shape(asked), plain[index], `${path} with ${JSON.stringify(kept)}`);
      }
      await page.goto(`${origin}/library`, { waitUntil: 'domcontentloaded' });
      assert.equal(
        await page.locator('.song-title').evaluate((element) => element.textContent),
        kept.replaceAll(/\r\n?/gu, '\n'),
      );
    }),
    { numRuns: 40, ...(process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }) },
  );
  assert.deepEqual(complaints, []);
});
