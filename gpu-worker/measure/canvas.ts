/** A picture in memory that colours are laid on, with soft edges. */
import { PNG } from 'pngjs';
import { strokeText } from './stroke-font.ts';
import type { Segment } from './stroke-font.ts';
import type { Colour } from './waveform-picture.ts';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Lays a colour over one pixel; `cover` 0 to 1. Outside the picture nothing happens. */
  blend(x: number, y: number, colour: Colour, cover: number): void;
  /** Lays a colour over one column, from `top` to `bottom` in fractions of pixels. */
  column(x: number, top: number, bottom: number, colour: Colour, cover: number): void;
  /** A text of round strokes, its baseline's left end at `x`, `y`. */
  text(text: string, place: TextPlace): void;
  encode(): Uint8Array;
}

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  /** Of its tall letters, in pixels. */
  readonly height: number;
  readonly strokeWidth: number;
  readonly colour: Colour;
  readonly cover: number;
}

/** `corner`: radius of the rounded corners; outside them the picture is transparent. */
export function createCanvas(width: number, height: number, background: Colour, corner: number): Canvas {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      png.data.set([...background, Math.round(255 * cornerCover(x, y, width, height, corner))], 4 * (y * width + x));
    }
  }

  function blend(x: number, y: number, colour: Colour, cover: number): void {
    if (x < 0 || y < 0 || x >= width || y >= height || cover <= 0) return;
    const at = 4 * (y * width + x);
    const part = Math.min(1, cover);
    for (let channel = 0; channel < 3; channel++) {
      const below = png.data[at + channel] as number;
      png.data[at + channel] = Math.round(below + ((colour[channel] as number) - below) * part);
    }
  }

  function column(x: number, top: number, bottom: number, colour: Colour, cover: number): void {
    for (let y = Math.floor(top); y < bottom; y++) {
      blend(x, y, colour, cover * (Math.min(y + 1, bottom) - Math.max(y, top)));
    }
  }

  function text(words: string, { x, y, height: size, strokeWidth, colour, cover }: TextPlace): void {
    const { segments } = strokeText(words, size);
    const covers = new Map<number, number>();
    for (const [x1, y1, x2, y2] of segments) markSegment([x + x1, y + y1, x + x2, y + y2], strokeWidth / 2);
    // Strokes overlap; each pixel is laid over once.
    for (const [at, part] of covers) blend(at % width, Math.floor(at / width), colour, part * cover);

    function markSegment(segment: Segment, radius: number): void {
      const [x1, y1, x2, y2] = segment;
      for (let row = Math.floor(Math.min(y1, y2) - radius); row <= Math.max(y1, y2) + radius; row++) {
        for (let at = Math.floor(Math.min(x1, x2) - radius); at <= Math.max(x1, x2) + radius; at++) {
          const part = Math.min(1, Math.max(0, radius + 0.5 - distance(at + 0.5, row + 0.5, segment)));
          const index = row * width + at;
          if (part > (covers.get(index) ?? 0)) covers.set(index, part);
        }
      }
    }
  }

  return { width, height, blend, column, text, encode: () => PNG.sync.write(png) };
}

function cornerCover(x: number, y: number, width: number, height: number, radius: number): number {
  const dx = Math.max(radius - (x + 0.5), x + 0.5 - (width - radius), 0);
  const dy = Math.max(radius - (y + 0.5), y + 0.5 - (height - radius), 0);
  return Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
}

function distance(x: number, y: number, [x1, y1, x2, y2]: Segment): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
