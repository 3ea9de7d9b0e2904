/** The tab's page: draws the tab, and plays the song beside it. */
import { find } from '../mixer/elements.ts';
import { openPlayerPage } from '../mixer/player-page.ts';
import { drawTab, readScore } from './draw-tab.ts';
import type { Score } from './draw-tab.ts';
import { createMarks } from './marks.ts';
import type { Marks } from './marks.ts';
import { createTabView } from './tab-view.ts';

/** As the server tells it. */
interface TabData {
  readonly barsSeconds: readonly number[];
  /** Of the first bar; the others follow. */
  readonly firstBarNumber: number;
  /** Base64 of a Guitar Pro file. */
  readonly score: string;
}

interface OpenTab {
  readonly marks: Marks;
  readonly barsSeconds: readonly number[];
  readonly firstBarNumber: number;
}

const root = find('#mixer');
const surface = find('#tab');
const problem = find('#tab-said');

async function fetchTab(): Promise<TabData> {
  const answer = await fetch(`${root.dataset['base'] ?? ''}/tab.json${root.dataset['query'] ?? ''}`);
  if (!answer.ok) throw new Error(`${String(answer.status)} for the tab`);
  return (await answer.json()) as TabData;
}

async function openTab(): Promise<OpenTab> {
  const { barsSeconds, firstBarNumber, score } = await fetchTab();
  // Text is measured as it is drawn: its font has to be there.
  await document.fonts.load('34px Bravura', '\u{E050}');
  const marks = createMarks(find('#tab-marks'));
  const bytes = Uint8Array.from(atob(score), (character) => character.charCodeAt(0));
  follow(readScore(bytes), firstBarNumber, marks);
  return { marks, barsSeconds, firstBarNumber };
}

/** Drawn anew as soon as there is another width for it. */
function follow(score: Score, firstBarNumber: number, marks: Marks): void {
  const picture = find('#tab-picture');
  let drawn = 0;
  const draw = (): void => {
    const { clientWidth } = picture;
    if (clientWidth === drawn || clientWidth === 0) return;
    drawn = clientWidth;
    marks.lieOver(drawTab(score, firstBarNumber, picture, clientWidth));
  };
  draw();
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(picture);
}

async function open(): Promise<void> {
  const tab = await openTab().catch(() => {
    problem.textContent = 'The tab could not be shown. Reload this page.';
    return null;
  });
  surface.dataset['state'] = tab === null ? 'failed' : 'drawn';
  if (root.dataset['state'] === 'silent') return;
  openPlayerPage((parts) => (tab === null ? null : createTabView({ ...parts, ...tab, surface })));
}

await open();
