import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { metre, writePieces } from './note-values.ts';
import type { Piece } from './note-values.ts';

function ticksOf({ value: { denominator, dots, triplet } }: Piece): number {
  return ((48 / denominator) * (dots === 1 ? 1.5 : 1) * (triplet ? 2 : 3)) / 3;
}

function lengths(from: number, to: number, thirds: readonly number[] = [], beats = 4, unit: 4 | 8 = 4): number[] {
  return writePieces(
    from,
    to,
    metre(beats, unit, (tick) => thirds.includes(tick)),
    'note',
  ).map(({ ticks }) => ticks);
}

test('writes lengths as players read them', () => {
  assert.deepEqual(lengths(0, 48), [48]);
  assert.deepEqual(lengths(0, 36, [], 3), [36]);
  assert.deepEqual(lengths(6, 18), [12], 'an off-beat quarter is one head');
  assert.deepEqual(lengths(9, 24), [3, 12], 'a tie over the beat');
  assert.deepEqual(lengths(0, 15), [12, 3]);
  assert.deepEqual(lengths(4, 24, [0]), [8, 12], 'thirds end with their quarter');
  assert.deepEqual(lengths(12, 32, [24]), [12, 8], 'and begin with it');
  assert.deepEqual(lengths(0, 36, [], 6, 8), [36]);
  assert.deepEqual(lengths(0, 24, [], 6, 8), [18, 6], 'six eighths count in threes');
});

test('a whole rest is a bar of rest and nothing else', () => {
  const rests = (ticks: number): number[] =>
    writePieces(
      0,
      ticks,
      metre(ticks / 12, 4, () => false),
      'rest',
    ).map((piece) => piece.ticks);
  assert.deepEqual(rests(48), [48]);
  assert.deepEqual(rests(60), [36, 24]);
});

test('pieces of any length in any bar tile it, each as long as its head says', () => {
  const bars = fc.constantFrom<[number, 4 | 8]>([4, 4], [3, 4], [5, 4], [6, 8], [7, 8], [9, 8], [2, 4]);
  fc.assert(
    fc.property(
      bars,
      fc.uniqueArray(fc.nat(6)),
      fc.nat(),
      fc.nat(),
      fc.constantFrom('note' as const, 'rest' as const),
      ([beats, unit], quarters, a, b, kind) => {
        const thirds = new Set(unit === 4 ? quarters.map((quarter) => quarter * 12) : []);
        const ticks = (beats * 48) / unit;
        const onGrid = Array.from({ length: ticks + 1 }, (_, tick) => tick).filter((tick) =>
          thirds.has(tick - (tick % 12)) ? tick % 4 === 0 : tick % 3 === 0,
        );
        const ends = [onGrid[a % onGrid.length] as number, onGrid[b % onGrid.length] as number];
        const [from, to] = [Math.min(...ends), Math.max(...ends)];
        const pieces = writePieces(
          from,
          to,
          metre(beats, unit, (tick) => thirds.has(tick)),
          kind,
        );
        assert.equal(
          pieces.reduce((sum, piece) => sum + piece.ticks, 0),
          to - from,
        );
        let tick = from;
        for (const piece of pieces) {
          assert.equal(piece.startTick, tick);
          assert.equal(ticksOf(piece), piece.ticks);
          tick += piece.ticks;
        }
      },
    ),
    { numRuns: 2000 },
  );
});
