/**
 * A small typeface of round strokes, drawn for labels in pictures: no font file, and any size is smooth.
 * A glyph is a width and strokes on a grid with y downwards: ascenders at 0, x-height at 3, baseline at 8, descenders at 10.5.
 */

interface Glyph {
  readonly width: number;
  /** Polylines, as x, y, x, y, … */
  readonly strokes: readonly (readonly number[])[];
}

const BASELINE = 8;
const GAP = 2;
const SPACE_WIDTH = 2.5;

/** Points of an ellipse from one angle to another; degrees, clockwise from the right, as y points down. */
function arc(centre: readonly [number, number], radius: readonly [number, number], from: number, to: number): number[] {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 20));
  return Array.from(
    { length: steps + 1 },
    (_, step) => ((from + ((to - from) * step) / steps) * Math.PI) / 180,
  ).flatMap((angle) => [centre[0] + radius[0] * Math.cos(angle), centre[1] + radius[1] * Math.sin(angle)]);
}

const bowl = arc([2, 5.5], [2, 2.5], 0, 360);
const shoulder = [...arc([2, 5], [2, 2], 180, 360), 4, 8];

const GLYPHS: Readonly<Record<string, Glyph>> = {
  a: { width: 4, strokes: [bowl, [4, 3, 4, 8]] },
  b: { width: 4, strokes: [bowl, [0, 0, 0, 8]] },
  c: { width: 3.5, strokes: [arc([2, 5.5], [2, 2.5], -50, -310)] },
  d: { width: 4, strokes: [bowl, [4, 0, 4, 8]] },
  e: { width: 4, strokes: [[0, 5.5, 4, 5.5, ...arc([2, 5.5], [2, 2.5], 0, -310)]] },
  f: {
    width: 2.5,
    strokes: [
      [...arc([2.5, 1.5], [1.5, 1.5], -70, -180), 1, 8],
      [-0.3, 3, 2.5, 3],
    ],
  },
  g: { width: 4, strokes: [bowl, [4, 3, 4, 8.5, ...arc([2, 8.5], [2, 2], 0, 150)]] },
  h: { width: 4, strokes: [[0, 0, 0, 8], shoulder] },
  i: {
    width: 0,
    strokes: [
      [0, 3, 0, 8],
      [0, 0.6, 0, 0.7],
    ],
  },
  j: {
    width: 1,
    strokes: [
      [1, 3, 1, 9, ...arc([-0.5, 9], [1.5, 1.5], 0, 80)],
      [1, 0.6, 1, 0.7],
    ],
  },
  k: {
    width: 3.5,
    strokes: [
      [0, 0, 0, 8],
      [3.3, 3, 0, 6],
      [1.2, 5, 3.5, 8],
    ],
  },
  l: { width: 0, strokes: [[0, 0, 0, 8]] },
  m: {
    width: 6,
    strokes: [
      [0, 3, 0, 8],
      [...arc([1.5, 4.5], [1.5, 1.5], 180, 360), 3, 8],
      [...arc([4.5, 4.5], [1.5, 1.5], 180, 360), 6, 8],
    ],
  },
  n: { width: 4, strokes: [[0, 3, 0, 8], shoulder] },
  o: { width: 4, strokes: [bowl] },
  p: { width: 4, strokes: [bowl, [0, 3, 0, 10.5]] },
  q: { width: 4, strokes: [bowl, [4, 3, 4, 10.5]] },
  r: { width: 2.4, strokes: [[0, 3, 0, 8], arc([2, 5], [2, 2], 180, 285)] },
  s: { width: 3.2, strokes: [[...arc([1.6, 4.2], [1.5, 1.2], -35, -270), ...arc([1.6, 6.7], [1.6, 1.3], -90, 150)]] },
  t: {
    width: 2.5,
    strokes: [
      [1, 1, 1, 6.5, ...arc([2.5, 6.5], [1.5, 1.5], 180, 80)],
      [-0.3, 3, 2.5, 3],
    ],
  },
  u: {
    width: 4,
    strokes: [
      [0, 3, 0, 6, ...arc([2, 6], [2, 2], 180, 0), 4, 3],
      [4, 3, 4, 8],
    ],
  },
  v: { width: 4, strokes: [[0, 3, 2, 8, 4, 3]] },
  w: { width: 6, strokes: [[0, 3, 1.5, 8, 3, 3.4, 4.5, 8, 6, 3]] },
  x: {
    width: 3.6,
    strokes: [
      [0, 3, 3.6, 8],
      [3.6, 3, 0, 8],
    ],
  },
  y: {
    width: 4,
    strokes: [
      [0, 3, 2, 8],
      [4, 3, 1.3, 9.6, ...arc([0.1, 9.1], [1.3, 1.4], 20, 100)],
    ],
  },
  z: { width: 3.4, strokes: [[0, 3, 3.4, 3, 0, 8, 3.4, 8]] },
  '0': { width: 4.2, strokes: [arc([2.1, 4], [2.1, 4], 0, 360)] },
  '1': { width: 2, strokes: [[0, 1.8, 2, 0, 2, 8]] },
  '2': { width: 4, strokes: [[...arc([2, 2.2], [2, 2.2], -160, 35), 0, 8, 4, 8]] },
  '3': { width: 4, strokes: [[...arc([1.9, 2], [1.8, 2], -150, 90), ...arc([1.9, 5.9], [2.1, 2.1], -90, 150)]] },
  '4': { width: 4.4, strokes: [[3.4, 8, 3.4, 0, 0, 5.8, 4.4, 5.8]] },
  '5': { width: 4, strokes: [[3.6, 0, 0.7, 0, 0.3, 3.7, ...arc([1.8, 5.4], [2.2, 2.6], -130, 140)]] },
  '6': {
    width: 4.2,
    strokes: [arc([2.1, 5.5], [2.1, 2.5], 0, 360), [0, 5.5, ...arc([2.6, 4.4], [2.6, 4.4], 180, 275)]],
  },
  '7': { width: 4, strokes: [[0, 0, 4, 0, 1.3, 8]] },
  '8': { width: 4.2, strokes: [arc([2.1, 1.9], [1.8, 1.9], 90, 450), arc([2.1, 5.9], [2.1, 2.1], -90, 270)] },
  '9': {
    width: 4.2,
    strokes: [arc([2.1, 2.5], [2.1, 2.5], 0, 360), [4.2, 2.5, ...arc([1.6, 3.6], [2.6, 4.4], 0, 95)]],
  },
  ':': {
    width: 0,
    strokes: [
      [0, 3.6, 0, 3.7],
      [0, 7.4, 0, 7.5],
    ],
  },
  '.': { width: 0, strokes: [[0, 7.9, 0, 8]] },
  '-': { width: 2.6, strokes: [[0, 5.4, 2.6, 5.4]] },
  '+': {
    width: 3.6,
    strokes: [
      [0, 5.4, 3.6, 5.4],
      [1.8, 3.6, 1.8, 7.2],
    ],
  },
  _: { width: 4, strokes: [[0, 9, 4, 9]] },
  '#': {
    width: 4,
    strokes: [
      [1.6, 1, 0.9, 8],
      [3.3, 1, 2.6, 8],
      [0, 3.2, 4, 3.2],
      [0, 5.8, 4, 5.8],
    ],
  },
  '/': { width: 3, strokes: [[0, 8.6, 3, -0.4]] },
  '(': { width: 1.4, strokes: [arc([2.6, 4], [2.6, 5], -135, -225)] },
  ')': { width: 1.4, strokes: [arc([-1.2, 4], [2.6, 5], -45, 45)] },
  // Capitals where they mean something else than small letters: notes and sections.
  A: {
    width: 4.8,
    strokes: [
      [0, 8, 2.4, 0, 4.8, 8],
      [0.9, 5.2, 3.9, 5.2],
    ],
  },
  B: {
    width: 4,
    strokes: [[0, 8, 0, 0, ...arc([1.9, 2], [1.8, 2], -90, 90), 0, 4, ...arc([2, 6], [2, 2], -90, 90), 0, 8]],
  },
  C: { width: 4.4, strokes: [arc([2.5, 4], [2.5, 4], -45, -315)] },
  D: { width: 4.4, strokes: [[0, 8, 0, 0, 1.4, 0, ...arc([1.4, 4], [3, 4], -90, 90), 0, 8]] },
  E: {
    width: 3.8,
    strokes: [
      [3.8, 0, 0, 0, 0, 8, 3.8, 8],
      [0, 4, 3.2, 4],
    ],
  },
  F: {
    width: 3.6,
    strokes: [
      [3.6, 0, 0, 0, 0, 8],
      [0, 4, 3, 4],
    ],
  },
  G: { width: 4.6, strokes: [[...arc([2.5, 4], [2.5, 4], -45, -360), 3, 4]] },
};

export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

export interface StrokedText {
  readonly segments: readonly Segment[];
  readonly width: number;
}

/**
 * Lines of a text whose ascenders are `height` tall, with the left end of its baseline at 0, 0. Capitals without a
 * glyph are drawn small, unknown letters left out.
 */
export function strokeText(text: string, height: number): StrokedText {
  const scale = height / BASELINE;
  const segments: Segment[] = [];
  let x = 0;
  for (const letter of text) {
    const glyph = GLYPHS[letter] ?? GLYPHS[letter.toLowerCase()];
    if (glyph === undefined) {
      if (letter === ' ') x += SPACE_WIDTH + GAP;
      continue;
    }
    for (const stroke of glyph.strokes) {
      for (let at = 0; at + 3 < stroke.length; at += 2) {
        const [x1, y1, x2, y2] = stroke.slice(at, at + 4) as [number, number, number, number];
        segments.push([(x + x1) * scale, (y1 - BASELINE) * scale, (x + x2) * scale, (y2 - BASELINE) * scale]);
      }
    }
    x += glyph.width + GAP;
  }
  return { segments, width: Math.max(0, x - GAP) * scale };
}
