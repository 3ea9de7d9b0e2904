import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { drawTab } from './draw-tab.ts';
import { makeTab } from './make-tab.ts';
import { heard, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';
import { tabPictures } from './tab-page.ts';
import type { TabScore } from './tab-score.ts';

const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };
const PAGE = { widthPixels: 700, heightPixels: 1300, bars: 64 };

/** Eighths in every bar, each bar beginning with a fret of its own. */
function song(bars: number): TabScore {
  const notes = Array.from({ length: bars * 8 }, (_, index) => heard(index / 4, 48 + ((index * 7) % 20)));
  const rhythm = steadyRhythm(120, bars);
  return makeTab({ title: 'A song', notes, rhythm, instrument: GUITAR, level: 'full' }).score;
}

function numbersIn(svg: string): number[] {
  return [...svg.matchAll(/fill="#C80000">(\d+)/gu)].map(([, number]) => Number(number));
}

test('pages follow each other without a gap, each says where it goes on, and the title stands once', () => {
  const score = song(30);
  const first = drawTab(score, { ...PAGE, firstBar: 1, goesOn: 'on page 2' });
  const second = drawTab(score, { ...PAGE, firstBar: first.lastBar + 1, goesOn: 'on page 3' });
  assert.ok(first.lastBar > 8 && second.lastBar === 30, `${first.lastBar}, ${second.lastBar}`);
  assert.deepEqual(
    [...numbersIn(first.svg), ...numbersIn(second.svg)],
    Array.from({ length: 30 }, (_, bar) => bar + 1),
  );
  assert.match(first.svg, new RegExp(`>Goes on with bar ${first.lastBar + 1} on page 2<`, 'u'));
  assert.match(first.svg, />A song</u);
  assert.doesNotMatch(second.svg, /Goes on|>A song</u);
});

for (const [bars, pages] of [
  [8, 1],
  [30, 2],
  [100, 3],
] as const) {
  test(`a song of ${bars} bars is ${pages} pages`, () => {
    let told = 0;
    const pictures = tabPictures(song(bars), () => told++).map((png) => PNG.sync.read(png));
    assert.equal(pictures.length, pages);
    assert.equal(told, pages);
    for (const { width, height } of pictures) assert.ok(width === 1400 && height <= 2600, `${width} x ${height}`);
  });
}

test('a page that is not the last is as full as it can be, whatever is silent before it', () => {
  const notes = [heard(0, 60), ...Array.from({ length: 240 }, (_, index) => heard(160 + index / 4, 60 + (index % 12)))];
  const { score } = makeTab({ title: '', notes, rhythm: steadyRhythm(120, 110), instrument: GUITAR, level: 'full' });
  const [first, second] = tabPictures(score).map((png) => PNG.sync.read(png).height);
  assert.ok((first ?? 0) > 2200 && (second ?? 0) > 400, `${first}, ${second}`);
});
