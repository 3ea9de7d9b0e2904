/** A chart as PNG pictures, a page each. */
import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';
import { chartPages } from './chart-layout.ts';
import type { Chart } from './chart.ts';
import { drawChart, TEXT_FONT } from './draw-chart.ts';

const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
);
/** Pixels of the picture for each of the drawing's: sharp on a telephone. */
const SCALE = 1.5;

/** Drawn beside the process's own thread, one after the other. @param onPage called after each */
export async function chartPictures(chart: Chart, onPage: () => void = () => {}): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (const page of chartPages(chart)) {
    const image = await renderAsync(drawChart(page), {
      fitTo: { mode: 'zoom', value: SCALE },
      font: { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: TEXT_FONT },
    });
    pictures.push(image.asPng());
    onPage();
  }
  return pictures;
}
