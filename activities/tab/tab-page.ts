/** A tab as pictures that can be read on a telephone, a page each. */
import { tabPicture } from './tab-picture.ts';
import type { TabScore } from './tab-score.ts';

const WIDTH_PIXELS = 700;
const HEIGHT_PIXELS = 1300;
/** Sharp on a telephone, and still legible where a chat makes pictures smaller. */
const SCALE = 2;
/** More than a page holds of music, even of long notes; silence takes no room. */
const PLAYED_BARS = 64;
/** What is left stands in the text alone. */
const MOST_PAGES = 3;

/** @param onPage called after each. @returns PNGs of the tab from its beginning; each says where it goes on */
export function tabPictures(score: TabScore, onPage: () => void = () => {}): Buffer[] {
  const pictures: Buffer[] = [];
  let firstBar = 1;
  while (pictures.length < MOST_PAGES && firstBar <= score.bars.length) {
    const page = pictures.length + 2;
    const { png, lastBar } = tabPicture(score, {
      widthPixels: WIDTH_PIXELS,
      heightPixels: HEIGHT_PIXELS,
      firstBar,
      bars: barsOfMusic(score, firstBar),
      goesOn: page <= MOST_PAGES ? `on page ${page}` : 'in tab.txt',
      scale: SCALE,
    });
    pictures.push(png);
    onPage();
    if (lastBar < firstBar) break;
    firstBar = lastBar + 1;
  }
  return pictures;
}

/** Up to the last of those in which something is played. */
function barsOfMusic({ bars }: TabScore, firstBar: number): number {
  let played = 0;
  const left = bars.slice(firstBar - 1);
  const last = left.findIndex(({ beats }) => {
    if (beats.some(({ notes }) => notes.length > 0)) played++;
    return played === PLAYED_BARS;
  });
  return last === -1 ? left.length : last + 1;
}
