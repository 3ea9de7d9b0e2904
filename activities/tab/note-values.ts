/** How a length on the grid is written: as few note heads as a reader needs to see the beat. */
import { TICKS_PER_QUARTER } from './tab-score.ts';
import type { NoteValue } from './tab-score.ts';

export interface Piece {
  readonly startTick: number;
  readonly ticks: number;
  readonly value: NoteValue;
}

export interface Metre {
  /** As the time signature says; a pickup has less. */
  readonly barTicks: number;
  /** What the beams show: a beat, or three eighths where the bar counts in those. */
  readonly pulseTicks: number;
  /** Whether the quarter from this tick is written in thirds. */
  readonly inThirds: (quarterTick: number) => boolean;
}

const WHOLE_TICKS = 4 * TICKS_PER_QUARTER;
const STRAIGHT = new Map<number, NoteValue>([
  [WHOLE_TICKS, { denominator: 1, dots: 0, triplet: false }],
  [36, { denominator: 2, dots: 1, triplet: false }],
  [24, { denominator: 2, dots: 0, triplet: false }],
  [18, { denominator: 4, dots: 1, triplet: false }],
  [12, { denominator: 4, dots: 0, triplet: false }],
  [9, { denominator: 8, dots: 1, triplet: false }],
  [6, { denominator: 8, dots: 0, triplet: false }],
  [3, { denominator: 16, dots: 0, triplet: false }],
]);
const THIRDS = new Map<number, NoteValue>([
  [8, { denominator: 4, dots: 0, triplet: true }],
  [4, { denominator: 8, dots: 0, triplet: true }],
]);

export function metre(beatsPerBar: number, beatUnit: 4 | 8, inThirds: Metre['inThirds']): Metre {
  const beatTicks = (TICKS_PER_QUARTER * 4) / beatUnit;
  const pulseTicks = beatUnit === 8 && beatsPerBar % 3 === 0 ? 3 * beatTicks : beatTicks;
  return { barTicks: beatsPerBar * beatTicks, pulseTicks, inThirds };
}

/**
 * @param fromTick from the start of the bar
 * @param kind an off-beat quarter is one note head, as players write it; rests show the beat
 * @returns pieces that tile the length
 */
export function writePieces(fromTick: number, toTick: number, bar: Metre, kind: 'note' | 'rest'): Piece[] {
  const pieces: Piece[] = [];
  for (let tick = fromTick; tick < toTick;) {
    const piece = nextPiece(tick, toTick, bar, kind);
    pieces.push(piece);
    tick += piece.ticks;
  }
  return pieces;
}

function nextPiece(startTick: number, toTick: number, bar: Metre, kind: 'note' | 'rest'): Piece {
  const { barTicks, pulseTicks, inThirds } = bar;
  const quarter = startTick - (startTick % TICKS_PER_QUARTER);
  if (inThirds(quarter) && (startTick > quarter || toTick < quarter + TICKS_PER_QUARTER)) {
    const ticks = Math.min(toTick, quarter + TICKS_PER_QUARTER) - startTick;
    return { startTick, ticks, value: THIRDS.get(ticks) as NoteValue };
  }
  // Thirds at the end of the length are a piece of their own.
  const lastQuarter = toTick - (toTick % TICKS_PER_QUARTER);
  const left = (inThirds(lastQuarter) ? lastQuarter : toTick) - startTick;
  const intoPulse = startTick % pulseTicks;
  const offBeatQuarter =
    kind === 'note' && pulseTicks === TICKS_PER_QUARTER && intoPulse === 6 && left === TICKS_PER_QUARTER;
  const room = intoPulse === 0 || offBeatQuarter ? left : Math.min(left, pulseTicks - intoPulse);
  const fits = (length: number): boolean =>
    length <= room && (length <= pulseTicks || length === pulseTicks * 1.5 || length % pulseTicks === 0);
  // A whole rest is read as a bar of rest.
  const misread = (length: number): boolean => kind === 'rest' && length === WHOLE_TICKS && length !== barTicks;
  const [ticks, value] = [...STRAIGHT].find(([length]) => fits(length) && !misread(length)) as [number, NoteValue];
  return { startTick, ticks, value };
}
