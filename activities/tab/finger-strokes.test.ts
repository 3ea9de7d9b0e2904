import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Instrument } from '../../workflows/contract/tab.ts';
import { fingerStrokes } from './finger-strokes.ts';
import type { PhraseStroke } from './finger-strokes.ts';
import { gripCost, leadString, leftOutCost, moveCost } from './fingering-costs.ts';
import { positionsFor } from './grips.ts';
import { canHold, HANDS } from './hand.ts';
import type { Place } from './hand.ts';
import { canBeHeld } from './hand-oracle.test-kit.ts';
import { TUNINGS } from './random-songs.test-kit.ts';

const STANDARD: Instrument = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

function fingered(pitches: readonly (readonly number[])[], instrument = STANDARD, seconds = 0.5): string[] {
  const strokes = pitches.map((struck, index) => ({
    startSeconds: index * seconds,
    struck: struck.map((pitchMidi) => ({ pitchMidi, amplitude: 0.5 })),
  }));
  return fingerStrokes(strokes, instrument, HANDS.full).grips.map(({ shape }) =>
    shape.map((place) => (place === null ? '-' : `${place.string}/${place.fret}`)).join(' '),
  );
}

test('knows the chords that every player knows', () => {
  assert.deepEqual(fingered([[40, 47, 52, 56, 59, 64]]), ['6/0 5/2 4/2 3/1 2/0 1/0'], 'E');
  assert.deepEqual(fingered([[48, 52, 55, 60, 64]]), ['5/3 4/2 3/0 2/1 1/0'], 'C');
  assert.deepEqual(fingered([[41, 48, 53, 57, 60, 65]]), ['6/1 5/3 4/3 3/2 2/1 1/1'], 'F takes a barre');
});

test('stays in its position rather than going down for an open string', () => {
  // Two octaves' worth of A minor pentatonic at the fifth fret.
  const box = [45, 48, 50, 52, 55, 57, 60, 62, 64, 67, 69, 72];
  assert.deepEqual(fingered(box.map((pitch) => [pitch])).slice(2), [
    '5/5',
    '5/7',
    '4/5',
    '4/7',
    '3/5',
    '3/7',
    '2/5',
    '2/8',
    '1/5',
    '1/8',
  ]);
});

/** Every grip of a stroke by trying each string for each pitch. */
function allGrips({ struck }: PhraseStroke, instrument: Instrument): { shape: (Place | null)[]; places: Place[] }[] {
  const strings = instrument.tuning.map((_, index) => instrument.tuning.length - index);
  let shapes: (Place | null)[][] = [[]];
  for (const { pitchMidi } of struck) {
    const places = strings.map((string) => ({
      string,
      fret: pitchMidi - (instrument.tuning[instrument.tuning.length - string] as number) - instrument.capo,
    }));
    const possible = places.filter(({ fret }) => fret >= 0 && fret + instrument.capo <= instrument.frets);
    shapes = shapes.flatMap((shape) => [...possible, null].map((place) => [...shape, place]));
  }
  const held = shapes.map((shape) => ({ shape, places: shape.filter((place) => place !== null) }));
  const playable = held.filter(({ places }) => canBeHeld(places, 4, 5, instrument.capo));
  const most = Math.max(...playable.map(({ places }) => places.length));
  return playable.filter(({ places }) => places.length === most || places.length === 0);
}

function cheapestByTryingAll(strokes: readonly PhraseStroke[], instrument: Instrument): number {
  const choices = strokes.map((stroke) =>
    allGrips(stroke, instrument).flatMap(({ shape, places }) =>
      positionsFor(places, instrument).map((position) => ({
        position,
        string: leadString(places),
        cost:
          gripCost({ places, position }, instrument) +
          stroke.struck.reduce((sum, { amplitude }, index) => sum + (shape[index] ? 0 : leftOutCost(amplitude)), 0),
      })),
    ),
  );
  let best = Number.POSITIVE_INFINITY;
  const walk = (index: number, cost: number, last: (typeof choices)[number][number] | null): void => {
    if (index === choices.length) {
      best = Math.min(best, cost);
      return;
    }
    const seconds = (strokes[index]?.startSeconds as number) - (strokes[index - 1]?.startSeconds ?? 0);
    for (const choice of choices[index] as (typeof choices)[number]) {
      walk(index + 1, cost + choice.cost + (last === null ? 0 : moveCost(last, choice, seconds)), choice);
    }
  };
  walk(0, 0, null);
  return best;
}

test('no way through a phrase is cheaper than the one it finds, by trying all', () => {
  const stroke = fc.record({
    waitSeconds: fc.constantFrom(0.03, 0.1, 0.3),
    struck: fc.uniqueArray(
      fc.record({ pitchMidi: fc.integer({ min: 27, max: 56 }), amplitude: fc.constantFrom(0.2, 0.7) }),
      {
        minLength: 1,
        maxLength: 3,
        selector: ({ pitchMidi }) => pitchMidi,
      },
    ),
  });
  const instruments = fc.constantFrom<Instrument>(
    { tuning: [28, 33, 38], capo: 0, frets: 9 },
    { tuning: [38, 45, 50], capo: 2, frets: 9 },
    { tuning: [40, 40, 47], capo: 0, frets: 13 },
  );
  fc.assert(
    fc.property(instruments, fc.array(stroke, { minLength: 1, maxLength: 3 }), (instrument, phrase) => {
      let startSeconds = 0;
      const strokes = phrase.map(({ waitSeconds, struck }) => ({
        startSeconds: (startSeconds += waitSeconds),
        struck,
      }));
      const found = fingerStrokes(strokes, instrument, HANDS.full);
      assert.ok(Math.abs(found.cost - cheapestByTryingAll(strokes, instrument)) < 1e-6);
    }),
    { numRuns: 300 },
  );
});

test('the hand holds what four fingers can stop, however they are laid', () => {
  const place = fc.record({ string: fc.integer({ min: 1, max: 6 }), fret: fc.integer({ min: 0, max: 5 }) });
  const shapes = fc.uniqueArray(place, { maxLength: 6, selector: ({ string }) => string });
  fc.assert(
    fc.property(shapes, fc.constantFrom(0, 3, 12), (places, capo) => {
      assert.equal(canHold(places, HANDS.full, capo), canBeHeld(places, 4, 5, capo));
    }),
    { numRuns: 3000 },
  );
});
