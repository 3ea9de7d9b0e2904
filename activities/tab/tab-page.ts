/** The first page of a tab, as a picture that can be read on a telephone. */
import { tabPicture } from './tab-picture.ts';
import type { TabScore } from './tab-score.ts';

const WIDTH_PIXELS = 700;
const HEIGHT_PIXELS = 1300;
/** Sharp on a telephone, and still legible where a chat makes pictures smaller. */
const SCALE = 2;
/** More than a page holds of music, even of long notes; silence before it takes no room. */
const PLAYED_BARS = 64;

/** @returns a PNG of the beginning */
export function tabPage(score: TabScore): Buffer {
  const silent = score.bars.findIndex(({ beats }) => beats.some(({ notes }) => notes.length > 0));
  return tabPicture(score, {
    widthPixels: WIDTH_PIXELS,
    heightPixels: HEIGHT_PIXELS,
    firstBar: 1,
    bars: Math.max(silent, 0) + PLAYED_BARS,
    scale: SCALE,
  });
}
