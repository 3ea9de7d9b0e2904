/** The tab's page in a real Chromium: which bar is played when, presses, repeats and keys, and what is heard beside it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import {
  flaws,
  isWiderThanWindow,
  openPage,
  SIZES,
  stageFor,
  takePicture,
  until,
  WITH_CHROMIUM,
} from '../browser.test-kit.ts';
import type { Look } from '../browser.test-kit.ts';
import { exampleSong, openMixerBench } from '../mixer/mixer.test-kit.ts';
import type { TestSong } from '../mixer/mixer.test-kit.ts';
import { frequencyOf } from '../mixer/sound-recorder.test-kit.ts';
import { listenIn, recentSound } from './listen-in.test-kit.ts';
import {
  addAnalysis,
  addTab,
  analysisWith,
  EXAMPLE_ANALYSIS,
  exampleGuitar,
  floatWav,
  heardNote,
  put,
  rhythmOf,
} from './tab.test-kit.ts';

const RATE_HZ = 44_100;
const SECONDS = 20;
/** A beat before the first bar, then bars of four beats that become slower, and end somewhere. */
const BEATS_SECONDS = Array.from({ length: 34 }, (_, beat) => 0.37 + beat * 0.5 + beat ** 2 * 0.001);
const DOWNBEATS_SECONDS = BEATS_SECONDS.filter((_, beat) => beat % 4 === 1);
/** The pickup begins with the first beat. */
const BARS_SECONDS = [BEATS_SECONDS[0] as number, ...DOWNBEATS_SECONDS];
/** Of a second: what a listener takes for together. */
const TOGETHER_SECONDS = 0.05;

let drifting: TestSong;
let analysis: SongAnalysis;

const stage = stageFor(async () => {
  const bench = await openMixerBench();
  const samples = tone(SECONDS);
  const silence = new Float32Array(samples.length);
  drifting = await bench.addSong({
    title: 'Slower and slower',
    stems: [
      { name: 'guitar', samples },
      { name: 'residual', samples: silence, peakDbtp: null },
    ],
  });
  const rhythm = rhythmOf(BEATS_SECONDS);
  analysis = analysisWith({ ...rhythm, downbeatsSeconds: DOWNBEATS_SECONDS }, { durationSeconds: SECONDS });
  await addAnalysis(bench, drifting, analysis);
  const notes = BEATS_SECONDS.map((seconds, beat) => heardNote(seconds, 52 + (beat % 7)));
  await addTab(bench, drifting, { analysis, notes });
  return bench;
});

/** 440 Hz on both sides. */
function tone(seconds: number): Float32Array {
  return Float32Array.from(
    { length: seconds * RATE_HZ * 2 },
    (_, at) => 0.2 * Math.sin((2 * Math.PI * 440 * Math.floor(at / 2)) / RATE_HZ),
  );
}

interface Opened extends Look {
  readonly origin: string;
}

async function open(
  t: TestContext,
  { recordingId }: Pick<TestSong, 'recordingId'> = drifting,
  options: { width?: number; height?: number; light?: boolean } = {},
): Promise<Opened> {
  const server = await stage.bench.serve(t);
  const cookie = await server.signIn(stage.bench.memberId);
  const look = await openPage(t, stage.browser, { ...options, origin: server.origin, cookie });
  await listenIn(look.page);
  await look.page.goto(`${server.origin}/r/${recordingId}/tab`);
  await look.page.waitForSelector('#tab[data-state=drawn]');
  await look.page.waitForSelector('#mixer[data-state=ready]');
  return { ...look, origin: server.origin };
}

interface Shown {
  readonly seconds: number;
  /** From 0. */
  readonly bar: number;
}

/** Of the bar that the page shows, from 0: its first one is a pickup, or bar 1. */
const BAR_INDEX = `['now', 'min'].map((each) => Number(document.querySelector('#tab').getAttribute('aria-value' + each)))
  .reduce((now, first) => now - first)`;

/** What the page shows now: of its ruler, and of the tab. */
async function shown(page: Page): Promise<Shown> {
  return await page.evaluate<Shown>(
    `({ seconds: (parseFloat(document.querySelector('#mixer').style.getPropertyValue('--at')) / 100) * ${String(SECONDS)},
        bar: ${BAR_INDEX} })`,
  );
}

/** Of the repeat, in seconds; null where there is none. */
async function repeated(page: Page): Promise<readonly [number, number] | null> {
  return await page.evaluate<readonly [number, number] | null>(
    `(() => { const { style, classList } = document.querySelector('#mixer');
       const at = (name) => (parseFloat(style.getPropertyValue(name)) / 100) * ${String(SECONDS)};
       return classList.contains('looping') ? [at('--loop-start'), at('--loop-end')] : null; })()`,
  );
}

async function boxOf(page: Page, selector: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(selector).boundingBox();
  assert.ok(box !== null, selector);
  return box;
}

function near(found: number, wanted: number, what: string): void {
  assert.ok(Math.abs(found - wanted) < 0.002, `${what}: ${String(found)} instead of ${String(wanted)}`);
}

/** Where a bar lies on the screen: it is gone to, and seen. */
async function middleOfBar(page: Page, bar: number): Promise<{ x: number; y: number }> {
  await page.keyboard.press('Home');
  await until(page, 'it is at the beginning', async () => (await shown(page)).seconds < 0.001);
  for (let step = 0; step < bar; step++) await page.keyboard.press('.');
  await until(page, `bar ${String(bar)}`, async () => (await shown(page)).bar === bar);
  const { x, y, width, height } = await boxOf(page, '.bar-now');
  return { x: x + width / 2, y: y + height / 2 };
}

test(
  'while it plays, the bar that is marked is the one that is heard, from the first to the last',
  WITH_CHROMIUM,
  async (t) => {
    const { page, complaints } = await open(t);
    for (let step = 0; step < 10; step++) await page.keyboard.press('+');
    assert.equal(await page.textContent('#speed'), '150 %');
    await page.evaluate(`
    globalThis.seen = [];
    (function look() {
      const at = parseFloat(document.querySelector('#mixer').style.getPropertyValue('--at'));
      const bar = ${BAR_INDEX};
      const [cursor, now] = ['.cursor', '.bar-now'].map((each) => document.querySelector(each).getBoundingClientRect());
      seen.push({ seconds: (at / 100) * ${String(SECONDS)}, bar, x: (cursor.x - now.x) / now.width });
      requestAnimationFrame(look);
    })();`);
    await page.keyboard.press('Space');
    await until(page, 'it has ended', async () => (await shown(page)).seconds > SECONDS - 0.1);
    const seen = await page.evaluate<(Shown & { readonly x: number })[]>('seen');
    let wrong = 0;
    for (const { seconds, bar, x } of seen) {
      const isHeard = [seconds - TOGETHER_SECONDS, seconds + TOGETHER_SECONDS].some((moment) => barAt(moment) === bar);
      if (!isHeard) wrong += 1;
      // Both are placed to a tenth of a pixel.
      assert.ok(x > -0.01 && x < 1.01, `the cursor is in its bar: ${String(x)} at ${String(seconds)} s`);
    }
    t.diagnostic(`${String(seen.length)} pictures, ${String(wrong)} with another bar`);
    assert.equal(wrong, 0);
    assert.deepEqual([...new Set(seen.map(({ bar }) => bar))], [...BARS_SECONDS.keys()]);
    assert.deepEqual(complaints, []);
  },
);

/** By the beats that the song was made with. */
function barAt(seconds: number): number {
  return Math.max(
    0,
    BARS_SECONDS.findLastIndex((start) => start <= seconds + 1e-4),
  );
}

test('a press on a bar goes to its downbeat; one over several repeats them, whole', WITH_CHROMIUM, async (t) => {
  const { page } = await open(t);
  for (const bar of [3, 7, 1]) {
    const { x, y } = await middleOfBar(page, bar);
    await page.keyboard.press('Home');
    await page.mouse.click(x, y);
    near((await shown(page)).seconds, BARS_SECONDS[bar] as number, `bar ${String(bar)}`);
    assert.equal((await shown(page)).bar, bar);
  }
  const [from, to] = [await middleOfBar(page, 5), await middleOfBar(page, 6)];
  await page.keyboard.press('Home');
  await page.mouse.move(to.x, to.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 3, from.y, { steps: 6 });
  await page.mouse.up();
  const loop = await repeated(page);
  near(loop?.[0] ?? -1, BARS_SECONDS[5] as number, 'it begins');
  near(loop?.[1] ?? -1, BARS_SECONDS[7] as number, 'it ends');
  assert.ok((await page.locator('.chosen').count()) >= 1);
  assert.equal(await page.getAttribute('#loop', 'aria-pressed'), 'true');
  near((await shown(page)).seconds, BARS_SECONDS[5] as number, 'it goes there');
  await page.evaluate(`
    globalThis.bars = [];
    new MutationObserver(() => bars.push(${BAR_INDEX}))
      .observe(document.querySelector('#tab'), { attributeFilter: ['aria-valuenow'] });`);
  await page.keyboard.press('Space');
  await until(page, 'the third round', async () => (await page.evaluate<number>('bars.length')) >= 5);
  assert.deepEqual((await page.evaluate<number[]>('bars')).slice(0, 5), [6, 5, 6, 5, 6]);
});

test('all of it can be done by keys', WITH_CHROMIUM, async (t) => {
  const { page, complaints } = await open(t);
  const key = async (name: string): Promise<void> => await page.keyboard.press(name);
  const at = async (bar: number): Promise<void> => {
    await until(page, `bar ${String(bar)}`, async () => (await shown(page)).bar === bar);
    near((await shown(page)).seconds, BARS_SECONDS[bar] as number, `bar ${String(bar)}`);
  };
  await key('.');
  await key('.');
  await at(2);
  await key('a');
  await key('.');
  await key('b');
  const loop = await repeated(page);
  near(loop?.[0] ?? -1, BARS_SECONDS[2] as number, 'A');
  near(loop?.[1] ?? -1, BARS_SECONDS[4] as number, 'B is the end of the bar');
  await key('l');
  assert.equal(await repeated(page), null);
  assert.equal(await page.locator('.chosen').count(), 0);
  await key(',');
  await at(2);
  for (let step = 0; step < 30 && (await page.evaluate('document.activeElement.id')) !== 'tab'; step++)
    await key('Tab');
  assert.equal(await page.evaluate('document.activeElement.id'), 'tab');
  await key('ArrowRight');
  await at(3);
  await key('ArrowLeft');
  await at(2);
  assert.match((await page.getAttribute('#tab', 'aria-valuetext')) ?? '', /^Bar 2 of 9, 0:0\d$/u);
  const texts = await page.locator('#tab-picture text').allTextContents();
  const numbers = texts.filter((text) => /^\d+ {2}$/u.test(text)).map(Number);
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await key('c');
  assert.equal(await page.getAttribute('#click', 'aria-pressed'), 'true');
  await key('?');
  assert.match((await page.textContent('#keys-dialog')) ?? '', /a bar back, ahead/u);
  await key('Escape');
  await key('Space');
  await until(page, 'it plays', async () => (await shown(page)).bar > 3);
  assert.deepEqual(complaints, []);
});

test('at half the speed the song sounds as high', WITH_CHROMIUM, async (t) => {
  const { page } = await open(t);
  for (let step = 0; step < 10; step++) await page.keyboard.press('-');
  assert.equal(await page.textContent('#speed'), '50 %');
  await page.keyboard.press('Space');
  await until(page, 'it plays', async () => (await shown(page)).seconds > 1.5);
  const samples = await recentSound(page);
  const cents = 1200 * Math.log2(frequencyOf(samples, 440, RATE_HZ) / 440);
  t.diagnostic(`${cents.toFixed(2)} cents`);
  assert.ok(Math.abs(cents) < 1);
});

test('a song that has no stems is played itself', WITH_CHROMIUM, async (t) => {
  const { bench } = stage;
  const whole = await bench.addSong({
    title: 'Whole',
    stems: [{ name: 'guitar', samples: tone(SECONDS) }],
    stopBefore: 'result',
  });
  const wav = await put(bench, 'working.wav', floatWav(tone(SECONDS), RATE_HZ));
  const working = { ...wav, rateHz: RATE_HZ, channels: 2, samples: SECONDS * RATE_HZ };
  await bench.client.query('update recording set working = $1 where id = $2', [
    JSON.stringify(working),
    whole.recordingId,
  ]);
  await addTab(bench, whole, { analysis, notes: [heardNote(1, 60), heardNote(12, 62)] });
  const { page, complaints } = await open(t, whole);
  assert.ok(await page.locator('.stems-beside').isHidden());
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await until(page, 'it plays', async () => (await shown(page)).seconds > 12);
  const samples = await recentSound(page);
  assert.ok(Math.abs(1200 * Math.log2(frequencyOf(samples, 440, RATE_HZ) / 440)) < 0.5);
  const highest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  assert.ok(Math.abs(highest - 0.2) < 0.001, `as loud as it is: ${String(highest)}`);
  assert.deepEqual(complaints, []);
});

test('where no note was found the page says so, and asks for nothing', WITH_CHROMIUM, async (t) => {
  const { bench } = stage;
  const empty = await bench.addSong({
    title: 'Empty',
    stems: [{ name: 'guitar', samples: tone(1) }],
    stopBefore: 'result',
  });
  await addTab(bench, empty, { analysis, notes: [] });
  const server = await bench.serve(t);
  const { page } = await openPage(t, stage.browser, {
    origin: server.origin,
    cookie: await server.signIn(bench.memberId),
  });
  await page.goto(`${server.origin}/r/${empty.recordingId}/tab`);
  assert.match((await page.textContent('main')) ?? '', /No notes were found for guitar/u);
  assert.deepEqual(await flaws(page), []);
});

test(
  'axe finds nothing, nothing is too wide or too small, and nobody else is asked, in every size and scheme',
  WITH_CHROMIUM,
  async (t) => {
    const song = await stage.bench.addSong({ title: 'Back Porch Take', stems: exampleSong() });
    await addAnalysis(stage.bench, song, EXAMPLE_ANALYSIS);
    await addTab(stage.bench, song, { analysis: EXAMPLE_ANALYSIS, notes: exampleGuitar(), title: 'Back Porch Take' });
    await addTab(stage.bench, song, {
      analysis: EXAMPLE_ANALYSIS,
      notes: [heardNote(2, 33), heardNote(3, 40)],
      part: 'bass',
    });
    const server = await stage.bench.serve(t);
    const cookie = await server.signIn(stage.bench.memberId);
    for (const [size, box] of Object.entries(SIZES)) {
      for (const light of [false, true]) {
        const { page, complaints } = await openPage(t, stage.browser, { origin: server.origin, cookie, ...box, light });
        const asked = new Set<string>();
        page.on('request', (request) => asked.add(new URL(request.url()).origin));
        await page.goto(`${server.origin}/r/${song.recordingId}/tab?part=guitar`);
        await page.waitForSelector('#tab[data-state=drawn]');
        await page.waitForSelector('#mixer[data-state=ready]');
        for (const name of ['.', '.', 'a', '.', 'b', 'c']) await page.keyboard.press(name);
        assert.deepEqual(await flaws(page), [], `${size} ${String(light)}`);
        assert.ok(!(await isWiderThanWindow(page)), `wider than a ${size}`);
        const small = await page.evaluate<
          string[]
        >(`[...document.querySelectorAll('.mixer button, .mixer a, .mixer input, .mixer summary')]
        .map((each) => [each.id || each.textContent, each.getBoundingClientRect()])
        .filter(([, { width, height }]) => height > 0 && (height < 43.5 || width < 43.5)).map(([name]) => name)`);
        assert.deepEqual(small, [], 'targets below 44 px');
        assert.match((await page.textContent('.song p')) ?? '', /^\s*Guitar · full · standard · 96 BPM\s*$/u);
        await page.waitForTimeout(4500);
        if (!light) await takePicture(page, `tab-${size}`);
        assert.deepEqual([...asked], [server.origin]);
        assert.deepEqual(complaints, []);
      }
    }
  },
);

test('another width draws the tab anew, and the marks stay with their bars', WITH_CHROMIUM, async (t) => {
  const { page } = await open(t);
  for (let step = 0; step < 6; step++) await page.keyboard.press('.');
  await page.setViewportSize({ width: 400, height: 800 });
  const isNarrow = `document.querySelector('#tab-picture > svg').getBoundingClientRect().width < 400`;
  await until(
    page,
    'it fits',
    async () => (await page.evaluate<boolean>(isNarrow)) && !(await isWiderThanWindow(page)),
  );
  const [cursor, bar] = [await boxOf(page, '.cursor'), await boxOf(page, '.bar-now')];
  assert.ok(cursor.x >= bar.x && cursor.x <= bar.x + bar.width);
  // Numbers of frets lie in the bar that is marked.
  const inside = await page.evaluate<number>(
    `[...document.querySelectorAll('#tab-picture text')].map((text) => text.getBoundingClientRect())
       .filter(({ x, y }) => x > ${String(bar.x)} && x < ${String(bar.x + bar.width)} && y > ${String(bar.y)} && y < ${String(bar.y + bar.height)}).length`,
  );
  assert.ok(inside >= 4, `${String(inside)} numbers`);
});
