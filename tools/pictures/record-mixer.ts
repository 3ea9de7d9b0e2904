/** Writes the pictures of the mixer that the README shows, out of a real browser: `node tools/pictures/record-mixer.ts`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleStems } from '../example-song/song.ts';
import { openBrowser, openPage } from '../../web-auth/browser.test-kit.ts';
import { openMixerBench } from '../../web-auth/mixer/mixer.test-kit.ts';
import type { TestStem } from '../../web-auth/mixer/mixer.test-kit.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const SHOTS = [
  { name: 'mixer-desktop', width: 1280, height: 760, light: false },
  { name: 'mixer-desktop-light', width: 1280, height: 760, light: true },
  { name: 'mixer-phone', width: 360, height: 740, light: false },
] as const;

const cleanups: (() => unknown)[] = [];
const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
try {
  await mkdir(FOLDER, { recursive: true });
  const bench = await openMixerBench();
  cleanups.push(bench.close);
  const { recordingId } = await bench.addSong({ title: 'Back Porch Take', stems: [...trueStems(), rest()] });
  const { origin, signIn } = await bench.serve(scope);
  const browser = await openBrowser();
  cleanups.push(async () => await browser.close());
  for (const { name, ...look } of SHOTS) {
    const { page } = await openPage(scope, browser, { ...look, origin, cookie: await signIn(bench.memberId) });
    await page.goto(`${origin}/r/${recordingId}`);
    await page.waitForSelector('[data-state=ready]');
    const ruler = await page.locator('#ruler').boundingBox();
    if (ruler === null) throw new Error('the page has no ruler');
    await page.mouse.move(ruler.x + ruler.width * 0.33, ruler.y + 8);
    await page.mouse.down();
    await page.mouse.move(ruler.x + ruler.width * 0.667, ruler.y + 8, { steps: 3 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await page.keyboard.press('4');
    for (let step = 0; step < 3; step++) await page.keyboard.press('-');
    await page.keyboard.press('Space');
    while (((await page.textContent('#now')) ?? '') < '0:14') await page.waitForTimeout(50);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  }
} finally {
  for (const cleanup of cleanups.toReversed()) await cleanup();
}

function trueStems(): TestStem[] {
  return Object.entries(exampleStems())
    .toReversed()
    .map(([name, { left, right }]) => ({
      name,
      samples: Float32Array.from(
        { length: left.length * 2 },
        (_, at) => (at % 2 === 0 ? left : right)[at >> 1] as number,
      ),
    }));
}

/** These are the true stems: nothing is left of the song. */
function rest(): TestStem {
  return { name: 'residual', samples: new Float32Array(30 * 44_100 * 2), peakDbtp: null };
}
