/** A drawing as a PNG picture. */
import { Resvg } from '@resvg/resvg-js';
import { pictureFonts } from '../pictures/fonts.ts';
import { drawTab } from './draw-tab.ts';
import type { TabDrawing } from './draw-tab.ts';
import type { TabScore } from './tab-score.ts';

const MUSIC_FONT_FILE = '@coderline/alphatab/font/Bravura.otf';

/** @param scale pixels of the picture for each of the drawing's; 2 is sharp on a telephone */
export function tabPicture(
  score: TabScore,
  { scale, ...drawing }: TabDrawing & { readonly scale: number },
): { readonly png: Buffer; readonly lastBar: number } {
  const { svg, lastBar } = drawTab(score, drawing);
  const png = new Resvg(svg, { fitTo: { mode: 'zoom', value: scale }, font: pictureFonts(svg, [MUSIC_FONT_FILE]) })
    .render()
    .asPng();
  return { png, lastBar };
}
