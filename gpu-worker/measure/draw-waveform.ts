/** The waveform strip of a stem: extremes as a body, level as a bright core, over a faint grid of time. */
import type { PeakColumns } from '../dsp/peaks.ts';
import { createCanvas } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { strokeText } from './stroke-font.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH, stemColour } from './waveform-picture.ts';
import type { Colour, WaveformPicture } from './waveform-picture.ts';

const BACKGROUND: Colour = [22, 24, 31];
const INK: Colour = [226, 230, 240];
const CORNER = 10;
const LEFT = 16;
const RIGHT = 16;
const TOP = 10;
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
  const width = canvas.width - LEFT - RIGHT;
  const step = TICK_STEPS_SECONDS.find((seconds) => durationSeconds / seconds <= MOST_TICKS) ?? 1800;
  for (let tick = 0; tick * step <= durationSeconds * 0.999; tick++) {
    const x = Math.round(LEFT + (width * tick * step) / durationSeconds);
    canvas.column(x, TOP, canvas.height - BOTTOM + 4, INK, 0.07);
    const label = clock(tick * step, step);
    const size = 8;
    const room = canvas.width - RIGHT - strokeText(label, size).width;
    const at = Math.min(tick === 0 ? x : x - strokeText(label, size).width / 2, room);
    canvas.text(label, { x: at, y: canvas.height - 9, height: size, strokeWidth: 1.1, colour: INK, cover: 0.5 });
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
  const bright = colour.map((value) => value + (255 - value) * 0.35) as unknown as Colour;
  const half = (canvas.height - TOP - BOTTOM) / 2;
  const middle = TOP + half;
  const width = canvas.width - LEFT - RIGHT;
  const reach = (value: number): number => half * Math.min(1, Math.max(-1, value / fullScale));
  canvas.column(LEFT, middle, middle, colour, 0);
  for (let x = 0; x < width; x++) {
    canvas.column(LEFT + x, middle - 0.5, middle + 0.5, colour, 0.55);
    if (rms.length === 0) continue;
    const from = Math.floor((x * rms.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * rms.length) / width));
    const high = reach(Math.max(...highest.subarray(from, to)));
    const low = reach(Math.min(...lowest.subarray(from, to)));
    const level = reach(Math.max(...rms.subarray(from, to)));
    canvas.column(LEFT + x, middle - high, middle - low, colour, 0.5);
    canvas.column(LEFT + x, middle - Math.min(level, high), middle - Math.max(-level, low), bright, 0.8);
  }
}

function drawName(canvas: Canvas, name: string): void {
  const height = 13;
  const place = { x: LEFT + 8, y: TOP + 4 + height, height };
  // A dark edge keeps the name readable where the waveform is loud.
  canvas.text(name, { ...place, strokeWidth: 6.5, colour: BACKGROUND, cover: 0.75 });
  canvas.text(name, { ...place, strokeWidth: 1.8, colour: INK, cover: 1 });
}
