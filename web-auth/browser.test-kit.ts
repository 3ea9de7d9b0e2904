/** A real Chromium on our pages. Without one on the PATH, tests that need it say so. */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findProgram } from '../runtime/child.ts';
import type { Scope } from './pages.test-kit.ts';

export const CHROMIUM = findProgram('chromium');
/** For `test(name, …)`. */
export const WITH_CHROMIUM = { skip: CHROMIUM === null ? 'there is no chromium on the PATH' : false, timeout: 480_000 };

export const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } } as const;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PICTURES = join(import.meta.dirname, '..', 'docs', 'pictures');
/** What a busy machine may need for a page. */
const LONGEST_WAIT_MS = 120_000;
/** With `PICTURES=1`, those of the documentation are taken anew. */
const takesPictures = process.env['PICTURES'] !== undefined;

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--mute-audio'],
  });
}

export interface Stage<Bench> {
  /** There from the first test that is not skipped. */
  readonly bench: Bench;
  readonly browser: Browser;
}

/**
 * One browser and one bench for all tests of a file, opened before and closed after them; neither where there is no Chromium. What the
 * tests share is made in `openBench`: no other hook waits for this one.
 */
export function stageFor<Bench extends { close(): Promise<void> }>(openBench: () => Promise<Bench>): Stage<Bench> {
  let opened: Stage<Bench> | null = null;
  const stage = (): Stage<Bench> => {
    if (opened === null) throw new Error('the stage is there while tests run');
    return opened;
  };
  before(async () => {
    if (CHROMIUM !== null) opened = { bench: await openBench(), browser: await openBrowser() };
  });
  after(async () => {
    await opened?.browser.close();
    await opened?.bench.close();
  });
  return {
    get bench() {
      return stage().bench;
    },
    get browser() {
      return stage().browser;
    },
  };
}

export interface Look {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about. */
  readonly complaints: string[];
}

/** A window of its own, signed in by this cookie, closed with the test. */
export async function openPage(
  t: Scope,
  browser: Browser,
  {
    origin,
    cookie,
    width = 1280,
    height = 900,
    light = false,
  }: { origin: string; cookie: string; width?: number; height?: number; light?: boolean },
): Promise<Look> {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: width < 500 ? 3 : 1,
    hasTouch: width < 500,
    colorScheme: light ? 'light' : 'dark',
  });
  t.after(async () => await context.close());
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  return { page, context, complaints };
}

/** Waits for as long as a busy machine may need. */
export async function until(page: Page, what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await isTrue()) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`never: ${what}`);
}

/** What assistive technology would stumble over. */
export async function flaws(page: Page): Promise<string[]> {
  // Pages allow no script that is not theirs; this one is put in past that.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return await page.evaluate<string[]>(`axe.run({ runOnly: ${JSON.stringify(RULES)} }).then(({ violations, passes }) =>
    passes.length < 10
      ? ['axe has looked at nothing']
      : violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
}

export async function isWiderThanWindow(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
}

/** For the documentation, where somebody asked for it. */
export async function takePicture(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  if (!takesPictures) return;
  await mkdir(PICTURES, { recursive: true });
  await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage });
}
