import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHORDS } from './chord-vocabulary.ts';
import type { ChordQuality } from './chord-vocabulary.ts';
import type { ChordRun } from './chords.ts';
import type { HarmonyGrid } from './harmony-grid.ts';
import { findKey, songKey } from './key.ts';
import type { SlotNotes } from './note-activity.ts';
import { pitchClassOf, tonicName } from '../../workflows/contract/scales.ts';

interface Bars {
  readonly slots: SlotNotes[];
  readonly runs: ChordRun[];
  readonly grid: HarmonyGrid;
}

/** A bar of 2 s for each chord, whose tones sound evenly, with the root in the bass. */
function bars(labels: string): Bars {
  const chords = labels.split(' ').map((label) => {
    const [name, quality] = label.split(':') as [string, ChordQuality];
    return CHORDS.find(
      (chord) => chord.root === pitchClassOf(name) && chord.quality === quality && chord.bassDegree === null,
    )!;
  });
  const thirds = { maj: 4, min: 3, '7': 4 } as Readonly<Record<string, number>>;
  const slots = chords.map(({ root, quality }) => {
    const bass = new Float32Array(12);
    const treble = new Float32Array(12);
    bass[root] = 1;
    for (const tone of [0, thirds[quality]!, 7]) treble[(root + tone) % 12] = 1 / 3;
    return { bass, treble, level: 1 };
  });
  return {
    slots,
    runs: chords.map((chord, bar) => ({ from: bar, to: bar + 1, chord })),
    grid: {
      edgesSeconds: Array.from({ length: chords.length + 1 }, (_, bar) => 2 * bar),
      starts: chords.map(() => 'downbeat'),
    },
  };
}

function keyOf(labels: string): string {
  const { slots, runs, grid } = bars(labels);
  const { key } = findKey(slots, runs, grid)!;
  return `${tonicName(key)} ${key.mode}`;
}

for (const [labels, key] of [
  ['C:maj G:maj A:min F:maj C:maj G:maj A:min F:maj', 'C major'],
  ['A:min F:maj C:maj G:maj A:min F:maj C:maj G:maj', 'A minor'],
  ['E:min C:maj A:min B:maj E:min C:maj B:maj E:min', 'E minor'],
  ['Eb:maj C:min Ab:maj Bb:maj Eb:maj C:min Ab:maj Bb:maj', 'Eb major'],
  ['A:7 D:7 A:7 A:7 D:7 D:7 A:7 A:7 E:7 D:7 A:7 E:7', 'A major'],
] as const) {
  test(`${labels} is in ${key}`, () => {
    assert.equal(keyOf(labels), key);
  });
}

test('one chord over and over is no sure key, and no chord none', () => {
  const { slots, runs, grid } = bars('D:maj D:maj D:maj D:maj');
  assert.ok(findKey(slots, runs, grid)!.confidence < 0.5);
  assert.equal(findKey(slots, [{ from: 0, to: 4, chord: null }], grid), null);
});

for (const [labels, tonic, mode, other] of [
  ['D:min G:maj D:min G:maj D:min C:maj G:maj D:min', 'D', 'minor', 'dorian'],
  ['G:maj F:maj C:maj G:maj G:maj F:maj C:maj G:maj', 'G', 'major', 'mixolydian'],
  ['A:min D:min F:maj E:min A:min D:min F:maj A:min', 'A', 'minor', null],
] as const) {
  test(`${labels} on ${tonic} is ${other ?? `plain ${mode}`}`, () => {
    const { slots, grid } = bars(labels);
    const key = songKey({ key: { tonic: pitchClassOf(tonic), mode }, confidence: 1 }, slots, grid);
    assert.equal(key.otherMode, other);
  });
}
