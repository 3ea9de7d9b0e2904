/** The page for songs that a chat cannot carry, in a real Chromium: pieces that break off, a pause, what is refused, and by keyboard. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { openUploadBench } from './upload.test-kit.ts';

const MEGABYTE = 1024 * 1024;
const SONG = randomBytes(18 * MEGABYTE + 321);
const IT_IS_HERE = 'It is here. The stems come to the chat by themselves; you can close this page.';

const stage = stageFor(openUploadBench);

async function songFile(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(stage.bench.folder, 'song-')), name);
  await writeFile(path, bytes);
  return path;
}

async function choose(page: Page, path: string): Promise<void> {
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(path);
}

for (const [size, box] of Object.entries(SIZES)) {
  test(`a song goes on where its connection broke, and is one job, on a ${size}`, WITH_CHROMIUM, async (t) => {
    const { origin } = await stage.bench.serve(t, 20 * MEGABYTE);
    const { page } = await openPage(t, stage.browser, { origin, cookie: 'none=none', ...box });
    const url = `${origin}/u/${await stage.bench.ticket()}`;
    await page.goto(url);
    assert.deepEqual(await flaws(page), []);
    assert.ok(!(await isWiderThanWindow(page)));
    await choose(page, await songFile('nothing.wav', new Uint8Array()));
    await page.getByText('That file is empty.').waitFor();
    await choose(page, await songFile('all.wav', Buffer.alloc(21 * MEGABYTE)));
    await page.getByText('That is 23 MB; at most 20 MB are taken.').waitFor();

    let pieces = 0;
    await page.route('**/file/0', async (route) => {
      if (route.request().method() === 'PATCH') {
        pieces += 1;
        // The second piece never arrives, then the network is back.
        if (pieces === 2) return await route.abort('connectionreset');
        if (pieces === 3) await new Promise((resolve) => setTimeout(resolve, 1500));
      }
      await route.continue();
    });
    const song = await songFile('Harbour Lights.wav', SONG);
    await choose(page, song);
    await page.getByText('8.4 of 18.9 MB').waitFor();
    await takePicture(page, `upload-${size}`);
    assert.deepEqual(await flaws(page), []);
    await page.getByText(IT_IS_HERE).waitFor();
    assert.equal(await page.locator('progress').getAttribute('value'), '1');
    assert.ok(pieces >= 4, 'three pieces, one of them twice');
    const [job, ...more] = await stage.bench.started();
    assert.deepEqual(more, []);
    assert.match(job?.name ?? '', /Harbour Lights\.wav$/u);
    assert.ok(job?.bytes.equals(SONG));

    await page.goto(url);
    await page.getByRole('heading', { name: 'It is here.' }).waitFor();
    assert.equal(await page.locator('input').count(), 0);
    assert.deepEqual(await flaws(page), []);
  });
}

test(
  'a page that was closed in the middle: the same file goes on, paused and by keyboard',
  WITH_CHROMIUM,
  async (t) => {
    const { origin } = await stage.bench.serve(t, 20 * MEGABYTE);
    const url = `${origin}/u/${await stage.bench.ticket()}`;
    const song = await songFile('Kellertreppe.wav', SONG);
    const first = await openPage(t, stage.browser, { origin, cookie: 'none=none' });
    let arrived = 0;
    await first.page.route('**/file/0', async (route) => {
      if (route.request().method() === 'PATCH' && arrived++ > 0) return; // nothing more is ever answered
      await route.continue();
    });
    await first.page.goto(url);
    await choose(first.page, song);
    await first.page.getByText('8.4 of 18.9 MB').waitFor();
    await first.context.close();

    const { page, complaints } = await openPage(t, stage.browser, { origin, cookie: 'none=none' });
    const offsets: string[] = [];
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/file/0', async (route) => {
      const request = route.request();
      if (request.method() === 'PATCH') {
        offsets.push(request.headers()['upload-offset'] ?? '');
        if (offsets.length === 1) await held;
      }
      await route.continue().catch(() => undefined);
    });
    await page.goto(url);
    await choose(page, song);
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.waitFor();
    while (offsets.length === 0) await page.waitForTimeout(20);
    assert.equal(offsets[0], String(8 * MEGABYTE), 'nothing is sent twice');
    await pause.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    goOn();
    await page.waitForTimeout(300);
    assert.deepEqual(await stage.bench.started(), [], 'a pause is a pause');
    await page.keyboard.press('Enter');
    await page.getByText(IT_IS_HERE).waitFor();
    const jobs = await stage.bench.started();
    assert.equal(jobs.length, 1);
    assert.ok(jobs[0]?.bytes.equals(SONG));
    assert.deepEqual(complaints, []);
  },
);
