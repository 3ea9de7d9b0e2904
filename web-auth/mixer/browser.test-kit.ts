/** A real Chromium on the mixer's page. Without one on the PATH, tests that need it say so. */
import type { TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findProgram } from '../../runtime/child.ts';

export const CHROMIUM = findProgram('chromium');
/** For `test(name, …)`. */
export const WITH_CHROMIUM = { skip: CHROMIUM === null ? 'there is no chromium on the PATH' : false, timeout: 240_000 };

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--mute-audio'],
  });
}

export interface Look {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about. */
  readonly complaints: string[];
}

/** A window of its own, signed in by this cookie, closed with the test. */
export async function openPage(
  t: TestContext,
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
