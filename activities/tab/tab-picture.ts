/** A drawing as a PNG picture. */
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { drawTab, TEXT_FONT } from './draw-tab.ts';
import type { TabDrawing } from './draw-tab.ts';
import type { TabScore } from './tab-score.ts';

const FONT_FILES = [
  '@coderline/alphatab/font/Bravura.otf',
  'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
].map((file) => fileURLToPath(import.meta.resolve(file)));

/** @param scale pixels of the picture for each of the drawing's; 2 is sharp on a telephone */
export function tabPicture(score: TabScore, { scale, ...drawing }: TabDrawing & { readonly scale: number }): Buffer {
  return new Resvg(drawTab(score, drawing), {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: TEXT_FONT },
  })
    .render()
    .asPng();
}
