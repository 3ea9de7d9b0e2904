/** A stem's picture, twice on top of each other: what was played already shines through as far as the play head is. */
import { find, findAs } from './elements.ts';

const BAR_PIXELS = 2;
const GAP_PIXELS = 1;
const FULL_SCALE = 127;
/** 0 draws levels as they are, 1 draws loud and quiet stems alike. */
const EVENNESS = 0.75;

/** Drawn as large as it is shown, in the row's own colour. */
export function drawWaveform(row: HTMLElement, peaks: Int8Array): void {
  const wave = find('.wave', row);
  const { clientWidth: width, clientHeight: height } = wave;
  if (width === 0 || height === 0) return;
  const highest = Math.max(24, ...peaks.map(Math.abs));
  const bars = Math.max(1, Math.floor(width / (BAR_PIXELS + GAP_PIXELS)));
  const parts = peaks.length / 2;
  for (const canvas of wave.querySelectorAll('canvas')) {
    const pen = sized(canvas, width, height);
    if (pen === null) return;
    pen.fillStyle = getComputedStyle(canvas).color;
    for (let bar = 0; bar < bars; bar++) {
      const [low, high] = extremes(peaks, Math.floor((bar * parts) / bars), Math.ceil(((bar + 1) * parts) / bars));
      const scale = height / 2 / (highest ** EVENNESS * FULL_SCALE ** (1 - EVENNESS));
      const top = Math.min(height / 2, high * scale);
      const bottom = Math.min(height / 2, -low * scale);
      pen.fillRect(bar * (BAR_PIXELS + GAP_PIXELS), height / 2 - top, BAR_PIXELS, Math.max(1, top + bottom));
    }
  }
}

/** Seconds below the play head, as many as there is room for. */
export function drawRuler(ruler: HTMLElement, seconds: number): void {
  const { clientWidth: width, clientHeight: height } = ruler;
  const canvas = findAs(HTMLCanvasElement, 'canvas', ruler);
  const pen = sized(canvas, width, height);
  if (pen === null || seconds <= 0) return;
  const style = getComputedStyle(canvas);
  pen.fillStyle = style.color;
  pen.font = `12px ${style.fontFamily}`;
  const step = STEPS_SECONDS.find((each) => (each / seconds) * width >= LEAST_STEP_PIXELS) ?? seconds;
  for (let at = 0; at < seconds; at += step / 4) {
    const x = (at / seconds) * width;
    const isWhole = Math.abs(at / step - Math.round(at / step)) < 1e-6;
    pen.fillRect(x, height - (isWhole ? 9 : 5), 1, isWhole ? 9 : 5);
    const label = `${String(Math.floor(at / 60))}:${String(Math.round(at % 60)).padStart(2, '0')}`;
    if (isWhole && x + pen.measureText(label).width < width) pen.fillText(label, x + 1, height - 14);
  }
}

const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const LEAST_STEP_PIXELS = 56;

function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen?.scale(ratio, ratio);
  return pen;
}

function extremes(peaks: Int8Array, first: number, end: number): readonly [number, number] {
  let [low, high] = [0, 0];
  for (let part = first; part < end; part++) {
    low = Math.min(low, peaks[part * 2] as number);
    high = Math.max(high, peaks[part * 2 + 1] as number);
  }
  return [low, high];
}
