/** A picture in memory that colours are laid on, with soft edges. */
import { PNG } from 'pngjs';
import { strokeText } from './stroke-font.ts';
import type { Segment } from './stroke-font.ts';
import type { Colour } from './waveform-picture.ts';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Lays a colour over one column, from `top` to `bottom` in fractions of pixels; `colourOf` is asked row by row. */
  column(x: number, top: number, bottom: number, colourOf: (y: number) => Colour): void;
  /** A text of round strokes, its baseline's left end at `x`, `y`. */
  text(text: string, place: TextPlace): void;
  /** A PNG file. */
  encode(): Uint8Array;
}

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  /** Of its tall letters, in pixels. */
  readonly height: number;
  readonly strokeWidth: number;
  readonly colour: Colour;
  /** 0 to 1. */
  readonly cover: number;
}

/** `part` 0 gives `from`, 1 gives `to`. */
export function mixColours(from: Colour, to: Colour, part: number): Colour {
  const between = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * part);
  return [between(0), between(1), between(2)];
}

/** `corner`: radius of the rounded corners; outside them the picture is transparent. */
export function createCanvas(width: number, height: number, background: Colour, corner: number): Canvas {
  const png = new PNG({ width, height });
  const { data } = png;
  data.fill(Buffer.from([...background, 255]));
  for (const y of [...range(0, corner), ...range(height - corner, height)]) {
    for (const x of [...range(0, corner), ...range(width - corner, width)]) {
      data[4 * (y * width + x) + 3] = Math.round(255 * cornerCover(x, y, width, height, corner));
    }
  }

  function blend(x: number, y: number, [red, green, blue]: Colour, cover: number): void {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const at = 4 * (y * width + x);
    data[at] = Math.round((data[at] as number) * (1 - cover) + red * cover);
    data[at + 1] = Math.round((data[at + 1] as number) * (1 - cover) + green * cover);
    data[at + 2] = Math.round((data[at + 2] as number) * (1 - cover) + blue * cover);
  }

  return {
    width,
    height,
    column(x, top, bottom, colourOf) {
      for (let y = Math.floor(top); y < bottom; y++) {
        blend(x, y, colourOf(y), Math.min(y + 1, bottom) - Math.max(y, top));
      }
    },
    text(words, { x, y, height: size, strokeWidth, colour, cover }) {
      const covers = new Map<number, number>();
      for (const [x1, y1, x2, y2] of strokeText(words, size).segments) {
        coverSegment([x + x1, y + y1, x + x2, y + y2], strokeWidth / 2, width, covers);
      }
      // Strokes overlap; each pixel is laid over once.
      for (const [at, part] of covers) blend(at % width, Math.floor(at / width), colour, part * cover);
    },
    // Level 6 without the default's run-length strategy: a third smaller and as fast.
    encode: () => PNG.sync.write(png, { filterType: 2, deflateLevel: 6, deflateStrategy: 0 }),
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function cornerCover(x: number, y: number, width: number, height: number, radius: number): number {
  const dx = Math.max(radius - (x + 0.5), x + 0.5 - (width - radius), 0);
  const dy = Math.max(radius - (y + 0.5), y + 0.5 - (height - radius), 0);
  return Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
}

/** Notes for every pixel how much of it a round line covers, where that is more than noted already. */
function coverSegment(segment: Segment, radius: number, width: number, covers: Map<number, number>): void {
  const [x1, y1, x2, y2] = segment;
  for (let y = Math.floor(Math.min(y1, y2) - radius); y <= Math.max(y1, y2) + radius; y++) {
    for (let x = Math.floor(Math.min(x1, x2) - radius); x <= Math.max(x1, x2) + radius; x++) {
      if (x < 0 || x >= width) continue;
      const part = Math.min(1, radius + 0.5 - distance(x + 0.5, y + 0.5, segment));
      const at = y * width + x;
      if (part > (covers.get(at) ?? 0)) covers.set(at, part);
    }
  }
}

function distance(x: number, y: number, [x1, y1, x2, y2]: Segment): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
