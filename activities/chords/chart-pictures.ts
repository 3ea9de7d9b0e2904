/** A chart as PNG pictures, a page each. */
import { renderAsync } from '@resvg/resvg-js';
import { pictureFonts } from '../pictures/fonts.ts';
import { chartPages } from './chart-layout.ts';
import type { Chart } from './chart.ts';
import { drawChart } from './draw-chart.ts';

/** Pixels of the picture for each of the drawing's: sharp on a telephone. */
const SCALE = 1.5;

/** Drawn beside the process's own thread, one after the other. @param onPage called after each */
export async function chartPictures(chart: Chart, onPage: () => void = () => {}): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (const page of chartPages(chart)) {
    const svg = drawChart(page);
    const image = await renderAsync(svg, { fitTo: { mode: 'zoom', value: SCALE }, font: pictureFonts(svg) });
    pictures.push(image.asPng());
    onPage();
  }
  return pictures;
}
