/** The mixer's page in a real Chromium: how little comes before the sound, what keys do, what is said when something is not there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { createJobs } from '../../db/jobs.repository.ts';
import { flaws, openPage, stageFor, until, WITH_CHROMIUM } from '../browser.test-kit.ts';
import type { Look } from '../browser.test-kit.ts';
import { addAnalysis, analysisWith, EXAMPLE_RHYTHM } from '../tab/tab.test-kit.ts';
import { exampleSong, openMixerBench } from './mixer.test-kit.ts';
import type { MixerBench, TestSong } from './mixer.test-kit.ts';

const MOST_BYTES = 100_000;
const MOST_REQUESTS = 25;

let song: TestSong;
const stage = stageFor(async () => {
  const bench = await openMixerBench();
  song = await bench.addSong({ stems: exampleSong(), title: 'Back Porch Take' });
  return bench;
});

interface Opened extends Look {
  readonly origin: string;
}

async function open(
  t: TestContext,
  { recordingId }: TestSong = song,
  options: { width?: number; height?: number; parts?: Parameters<MixerBench['serve']>[1]; isReady?: boolean } = {},
): Promise<Opened> {
  const server = await stage.bench.serve(t, options.parts);
  const cookie = await server.signIn(stage.bench.memberId);
  const look = await openPage(t, stage.browser, { ...options, origin: server.origin, cookie });
  await look.page.goto(`${server.origin}/r/${recordingId}`);
  if (options.isReady !== false) await look.page.waitForSelector('[data-state=ready]');
  return { ...look, origin: server.origin };
}

async function pressed(page: Page, selector: string): Promise<string | null> {
  return await page.getAttribute(selector, 'aria-pressed');
}

/** Of the play head, in seconds. */
async function now(page: Page): Promise<number> {
  const [minutes, seconds] = ((await page.textContent('#now')) ?? '').split(':').map(Number);
  return (minutes ?? 0) * 60 + (seconds ?? 0);
}

test('less than 100 kB in few requests stand before the sound', WITH_CHROMIUM, async (t) => {
  await open(t);
  const server = await stage.bench.serve(t);
  const look = await openPage(t, stage.browser, {
    origin: server.origin,
    cookie: await server.signIn(stage.bench.memberId),
  });
  const asked: { readonly url: string; readonly bytes: number }[] = [];
  let isSound = false;
  look.page.on('requestfinished', (request) => {
    const url = request.url();
    isSound ||= url.includes('/audio/');
    if (isSound) return;
    asked.push({ url, bytes: 0 });
    const index = asked.length - 1;
    void request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
      asked[index] = { url, bytes: responseBodySize + responseHeadersSize };
    });
  });
  await look.page.goto(`${server.origin}/r/${song.recordingId}`);
  await look.page.waitForSelector('[data-state=ready]');
  await until(look.page, 'sizes of all requests', async () => asked.every(({ bytes }) => bytes > 0));
  const bytes = asked.reduce((sum, each) => sum + each.bytes, 0);
  t.diagnostic(`${String(bytes)} bytes in ${String(asked.length)} requests`);
  assert.ok(bytes < MOST_BYTES, asked.map((each) => `${each.url} ${String(each.bytes)}`).join('\n'));
  assert.ok(asked.length > 5 && asked.length <= MOST_REQUESTS);
  assert.ok(
    asked.every(({ url }) => !url.includes('signalsmith')),
    'the stretcher comes when it is needed',
  );
});

test('everything can be done from the keyboard', WITH_CHROMIUM, async (t) => {
  const { page, complaints } = await open(t);
  const key = async (name: string): Promise<void> => await page.keyboard.press(name);
  await key('Space');
  await until(page, 'it plays', async () => (await now(page)) > 0.3);
  assert.equal(await pressed(page, '#play'), 'true');
  await key('ArrowRight');
  await key('ArrowRight');
  await until(page, 'it is ten seconds further', async () => (await now(page)) > 10);
  await key('ArrowLeft');
  await until(page, 'it is back', async () => (await now(page)) < 9);
  await key('Space');
  await until(page, 'it stands', async () => (await pressed(page, '#play')) === 'false');
  const stood = await now(page);
  await key('Shift+ArrowRight');
  await until(page, 'it is one second further', async () => Math.abs((await now(page)) - stood - 1) < 0.3);
  await key('2');
  assert.equal(await pressed(page, '.stem:nth-child(2) .mute'), 'true');
  assert.match((await page.textContent('#said')) ?? '', /^Bass: muted$/u);
  await key('2');
  assert.equal(await pressed(page, '.stem:nth-child(2) .mute'), 'false');
  await key('Shift+1');
  assert.equal(await pressed(page, '.stem:nth-child(1) .solo'), 'true');
  assert.equal(await page.locator('.stem.silent').count(), 3);
  await key('Shift+1');
  await key('Home');
  await until(page, 'it is at the beginning', async () => (await now(page)) < 0.1);
  await key('a');
  await key('ArrowRight');
  await until(page, 'it is five seconds further', async () => (await now(page)) > 4.9);
  await key('b');
  assert.equal(await pressed(page, '#loop'), 'true');
  assert.equal(await page.locator('.looping').count(), 1);
  await key('l');
  assert.equal(await pressed(page, '#loop'), 'false');
  for (const [name, selector, text] of [
    ['+', '#speed', '105 %'],
    ['-', '#speed', '100 %'],
    ['-', '#speed', '95 %'],
    ['t', '#pitch', '+1'],
    ['Shift+T', '#pitch', '±0'],
    ['Shift+T', '#pitch', '−1'],
  ] as const) {
    await key(name);
    assert.equal(await page.textContent(selector), text);
  }
  await key('?');
  assert.ok(await page.locator('#keys-dialog').isVisible());
  await key('Escape');
  // The tabulator reaches every control, and what it reaches shows it.
  const reached = new Set<string>();
  for (let step = 0; step < 60; step++) {
    await key('Tab');
    reached.add(
      await page.evaluate(() => {
        const { activeElement } = (
          globalThis as unknown as { document: { activeElement: { id: string; className: string } } }
        ).document;
        return activeElement.id === '' ? activeElement.className : activeElement.id;
      }),
    );
  }
  for (const control of [
    'ruler',
    'mute',
    'solo',
    'take',
    'fader',
    'play',
    'to-start',
    'loop-a',
    'loop',
    'click',
    'speed-more',
    'pitch-less',
    'export',
    'keys',
  ]) {
    assert.ok(reached.has(control), control);
  }
  await page.focus('.stem:nth-child(1) .fader');
  await key('ArrowLeft');
  assert.equal(await page.textContent('.stem:nth-child(1) output'), '−0.2');
  assert.equal(await page.getAttribute('.stem:nth-child(1) .fader', 'aria-valuetext'), '−0.2 dB');
  await page.focus('.stem:nth-child(1) .mute');
  await key('Space');
  assert.equal(
    await pressed(page, '.stem:nth-child(1) .mute'),
    'true',
    'a button that has the focus keeps the space bar',
  );
  assert.deepEqual(complaints, []);
});

test(
  'a press plays, a press on a wave goes there, a drag over the ruler repeats that part',
  WITH_CHROMIUM,
  async (t) => {
    const { page } = await open(t, song, { width: 360, height: 740 });
    const wave = await page.locator('.stem:nth-child(1) .wave').boundingBox();
    assert.ok(wave !== null);
    await page.touchscreen.tap(wave.x + wave.width / 2, wave.y + wave.height / 2);
    assert.ok(Math.abs((await now(page)) - 15) < 0.5);
    const ruler = await page.locator('#ruler').boundingBox();
    assert.ok(ruler !== null);
    await page.mouse.move(ruler.x + ruler.width * 0.2, ruler.y + 10);
    await page.mouse.down();
    await page.mouse.move(ruler.x + ruler.width * 0.4, ruler.y + 10, { steps: 4 });
    await page.mouse.up();
    assert.equal(await pressed(page, '#loop'), 'true');
    assert.ok(Math.abs((await now(page)) - 6) < 0.5, 'it begins where the repeat does');
    await page.tap('#play');
    await until(page, 'it plays', async () => (await now(page)) > 6.4);
    await page.tap('.stem:nth-child(3) .solo');
    await until(page, 'a meter moves', async () => await page.evaluate(meterMoves, '.stem:nth-child(3) .meter'));
    const { wide, tall } = await page.evaluate(sizes);
    assert.ok(wide <= 360, `${String(wide)} px wide`);
    assert.deepEqual(tall, [], 'targets below 44 px');
  },
);

/** In the browser. */
function meterMoves(selector: string): boolean {
  const { document } = globalThis as unknown as {
    document: { querySelector(selector: string): { style: { getPropertyValue(name: string): string } } };
  };
  return Number(document.querySelector(selector).style.getPropertyValue('--fill')) > 0.1;
}

/** In the browser: how wide the page is, and controls that are too small for a finger. */
function sizes(): { wide: number; tall: string[] } {
  interface PageElement {
    readonly id: string;
    readonly className: string;
    getBoundingClientRect(): { readonly width: number; readonly height: number };
  }
  const { document } = globalThis as unknown as {
    document: { documentElement: { scrollWidth: number }; querySelectorAll(selector: string): Iterable<PageElement> };
  };
  const tall: string[] = [];
  for (const element of document.querySelectorAll('.mixer button, .mixer a, .mixer input')) {
    const { width, height } = element.getBoundingClientRect();
    if (height > 0 && (height < 43.5 || width < 43.5))
      tall.push(`${element.id} ${element.className} ${String(width)} x ${String(height)}`);
  }
  return { wide: document.documentElement.scrollWidth, tall };
}

for (const [width, light] of [
  [1280, false],
  [360, true],
] as const) {
  test(
    `axe finds nothing at ${width} pixels, ${light ? 'light' : 'dark'}, with the dialogs open and closed`,
    WITH_CHROMIUM,
    async (t) => {
      const server = await stage.bench.serve(t);
      const cookie = await server.signIn(stage.bench.memberId);
      const { page } = await openPage(t, stage.browser, { origin: server.origin, cookie, width, height: 800, light });
      await page.goto(`${server.origin}/r/${song.recordingId}`);
      await page.waitForSelector('[data-state=ready]');
      for (const opener of [null, '#keys', '#export']) {
        if (opener !== null) await page.click(opener);
        assert.deepEqual(await flaws(page), [], String(opener));
        await page.keyboard.press('Escape');
      }
      await page.click('.stem:nth-child(1) .mute');
      await page.click('.stem:nth-child(2) .solo');
      assert.deepEqual(await flaws(page), []);
    },
  );
}

test('the click waits for an analysis; then it is on and off, and as loud as it is set', WITH_CHROMIUM, async (t) => {
  const unknown = await open(t);
  await unknown.page.keyboard.press('c');
  assert.match((await unknown.page.textContent('#said')) ?? '', /\/analyze/u);
  assert.equal(await pressed(unknown.page, '#click'), 'false');

  const known = await stage.bench.addSong({ stems: exampleSong(), title: 'Counted' });
  await addAnalysis(stage.bench, known, analysisWith(EXAMPLE_RHYTHM));
  const { page, complaints } = await open(t, known);
  assert.ok(await page.locator('#click-level').isHidden());
  await page.click('#click');
  assert.equal(await pressed(page, '#click'), 'true');
  await page.focus('#click-level');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.inputValue('#click-level'), '149');
  assert.deepEqual(await flaws(page), []);
  await page.keyboard.press('c');
  assert.equal(await pressed(page, '#click'), 'false');
  assert.deepEqual(complaints, []);
});

test('while the player is made the page says so, and then it plays', WITH_CHROMIUM, async (t) => {
  const fresh = await stage.bench.addSong({
    stems: exampleSong().map((stem) => ({ ...stem, samples: stem.samples.slice(0, 44_100 * 2 * 9) })),
    title: 'Fresh',
  });
  let renderingId = '';
  const { page } = await open(t, fresh, {
    isReady: false,
    parts: { startRendering: async (id) => void (renderingId = id) },
  });
  await until(page, 'it says so', async () => ((await page.textContent('#said')) ?? '').startsWith('Preparing'));
  assert.ok(await page.locator('.stem:nth-child(4) h2').isVisible(), 'the stems are named already');
  await stage.bench.make(renderingId);
  await page.waitForSelector('[data-state=ready]');
  await page.keyboard.press('Space');
  await until(page, 'it plays', async () => (await now(page)) > 0.2);
});

test('while the stems are made the page follows the job, and becomes the mixer', WITH_CHROMIUM, async (t) => {
  const unborn = await stage.bench.addSong({ stems: exampleSong(), title: 'Unborn', stopBefore: 'result' });
  const { page } = await open(t, unborn, { isReady: false });
  await createJobs(stage.bench.database).report({ jobId: unborn.jobId, stage: 'separate', fraction: 0.5 });
  await until(page, 'the stage is told', async () => /being separated/u.test((await page.textContent('#said')) ?? ''));
  await stage.bench.finishSong(unborn, exampleSong());
  await createJobs(stage.bench.database).end(unborn.jobId, { state: 'cancelled' });
  await page.waitForSelector('[data-state=ready]');
});

test('an export is made of the mix as it is set, and is offered', WITH_CHROMIUM, async (t) => {
  const { page, complaints } = await open(t);
  await page.keyboard.press('1');
  await page.keyboard.press('Shift+3');
  await page.click('#export');
  await page.selectOption('#format', 'mp3');
  await page.click('#export-make');
  await page.waitForSelector('#export-take:not([hidden])');
  assert.match((await page.getAttribute('#export-take', 'href')) ?? '', /Back%20Porch%20Take%20\(mix\)\.mp3$/u);
  const { rows } = await stage.bench.client.query<{ gains: Record<string, number> }>(
    `select recipe -> 'gains' as gains from rendering where recipe ->> 'kind' = 'mix' order by created_at desc limit 1`,
  );
  assert.deepEqual(rows[0]?.gains, { drums: 0, bass: 0, guitar: 1, vocals: 0 });
  assert.deepEqual(complaints, []);
});

test('a connection that breaks is said, and playing goes on when it is back', WITH_CHROMIUM, async (t) => {
  const { page, context, origin } = await open(t, song, { isReady: false });
  await context.route(`${origin}/**/audio/**`, async (route) => await route.abort());
  await page.reload();
  await page.waitForSelector('[data-state=ready]');
  await page.keyboard.press('Space');
  await until(page, 'it is said', async () => /connection/u.test((await page.textContent('#said')) ?? ''));
  assert.equal(await now(page), 0);
  await context.unroute(`${origin}/**/audio/**`);
  await until(page, 'it plays', async () => (await now(page)) > 0.2);
  assert.equal(await page.textContent('#said'), '');
});

test('what is not kept any more is said, and not asked for again and again', WITH_CHROMIUM, async (t) => {
  const { page, context, origin } = await open(t, song, { isReady: false });
  let asked = 0;
  await context.route(`${origin}/**/audio/**`, async (route) => {
    asked += 1;
    await route.fulfill({ status: 404, body: '' });
  });
  await page.reload();
  await page.waitForSelector('[data-state=ready]');
  await until(page, 'it is said', async () => /Reload/u.test((await page.textContent('#said')) ?? ''));
  const before_ = asked;
  await page.keyboard.press('Space');
  await page.waitForTimeout(1500);
  assert.equal(asked, before_);
});

test('after the audio was taken away, as in a sleep, it plays on from where it was', WITH_CHROMIUM, async (t) => {
  const server = await stage.bench.serve(t);
  const { page } = await openPage(t, stage.browser, {
    origin: server.origin,
    cookie: await server.signIn(stage.bench.memberId),
  });
  await page.addInitScript(`
    const Usual = AudioContext;
    globalThis.contexts = [];
    globalThis.AudioContext = class extends Usual {
      constructor(...options) { super(...options); contexts.push(this); }
    };`);
  await page.goto(`${server.origin}/r/${song.recordingId}`);
  await page.waitForSelector('[data-state=ready]');
  await page.keyboard.press('Space');
  await until(page, 'it plays', async () => (await now(page)) > 1);
  await page.evaluate('contexts[0].close()');
  await page.keyboard.press('Space');
  const stood = await now(page);
  await page.keyboard.press('Space');
  await until(page, 'it goes on', async () => (await now(page)) > stood + 0.3);
  assert.ok((await now(page)) < stood + 5);
  assert.equal(await page.evaluate('contexts.length'), 2);
});
