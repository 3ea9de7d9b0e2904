/** The waveform strip of a stem: extremes as a body, level as a bright core, over a faint grid of time. */
import type { PeakColumns } from '../dsp/peaks.ts';
import { createCanvas, mixColours } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { strokeText } from './stroke-font.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH, stemColour } from './waveform-picture.ts';
import type { Colour, WaveformPicture } from './waveform-picture.ts';

const BACKGROUND: Colour = [22, 24, 31];
const INK: Colour = [228, 232, 241];
const WHITE: Colour = [255, 255, 255];
const GRID = mixColours(BACKGROUND, INK, 0.08);
const CORNER = 10;
const MARGIN = 16;
const TOP = 8;
/** Room for the time below the waveform. */
const BOTTOM = 26;
const TICK_STEPS_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const MOST_TICKS = 12;

/** @returns a PNG file. */
export function drawWaveform(peaks: PeakColumns, picture: WaveformPicture): Uint8Array {
  const canvas = createCanvas(PICTURE_WIDTH, PICTURE_HEIGHT, BACKGROUND, CORNER);
  drawTimes(canvas, picture.durationSeconds);
  drawBody(canvas, peaks, picture);
  drawName(canvas, picture.name);
  return canvas.encode();
}

function drawTimes(canvas: Canvas, durationSeconds: number): void {
  const step = TICK_STEPS_SECONDS.find((seconds) => durationSeconds / seconds <= MOST_TICKS) ?? 1800;
  const height = 8;
  const baseline = canvas.height - 9;
  for (let tick = 0; tick * step < durationSeconds; tick++) {
    const x = Math.round(MARGIN + ((canvas.width - 2 * MARGIN) * tick * step) / durationSeconds);
    canvas.column(x, TOP, canvas.height - BOTTOM + 4, () => GRID);
    const label = clock(tick * step, step);
    const { width } = strokeText(label, height);
    // The first label starts at its line, and none leaves the picture.
    const left = tick === 0 ? x : Math.min(x - width / 2, canvas.width - MARGIN - width);
    canvas.text(label, { x: left, y: baseline, height, strokeWidth: 1.1, colour: INK, cover: 0.55 });
  }
}

/** `1:05`, or `0:01.5` where steps are shorter than a second. */
function clock(seconds: number, step: number): string {
  const digits = step < 1 ? 1 : 0;
  const rest = (seconds % 60).toFixed(digits).padStart(digits === 0 ? 2 : 4, '0');
  return `${String(Math.floor(seconds / 60))}:${rest}`;
}

function drawBody(canvas: Canvas, { lowest, highest, rms }: PeakColumns, { name, fullScale }: WaveformPicture): void {
  const colour = stemColour(name);
  const half = (canvas.height - TOP - BOTTOM) / 2;
  const middle = TOP + half;
  /** 0 in the middle, 1 at the edge. */
  const rows = Array.from({ length: canvas.height }, (_, y) => Math.min(1, Math.abs(y + 0.5 - middle) / half));
  const body = rows.map((height) => mixColours(BACKGROUND, colour, 0.42 + 0.2 * height));
  const core = rows.map((height) => mixColours(colour, WHITE, 0.3 * (1 - height) ** 2));
  const line = mixColours(BACKGROUND, colour, 0.6);
  const reach = (value: number): number => half * Math.min(1, Math.max(-1, value / fullScale));
  const width = canvas.width - 2 * MARGIN;
  for (let x = 0; x < width; x++) {
    canvas.column(MARGIN + x, middle - 0.5, middle + 0.5, () => line);
    if (rms.length === 0) continue;
    const from = Math.floor((x * rms.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * rms.length) / width));
    const high = reach(Math.max(...highest.subarray(from, to)));
    const low = reach(Math.min(...lowest.subarray(from, to)));
    const level = reach(Math.max(...rms.subarray(from, to)));
    canvas.column(MARGIN + x, middle - high, middle - low, (y) => body[y] as Colour);
    canvas.column(MARGIN + x, middle - Math.min(level, high), middle - Math.max(-level, low), (y) => core[y] as Colour);
  }
}

function drawName(canvas: Canvas, name: string): void {
  const height = 13;
  const place = { x: MARGIN + 8, y: TOP + 6 + height, height };
  // A dark edge keeps the name readable where the waveform is loud.
  canvas.text(name, { ...place, strokeWidth: 7, colour: BACKGROUND, cover: 0.8 });
  canvas.text(name, { ...place, strokeWidth: 1.9, colour: INK, cover: 1 });
}
