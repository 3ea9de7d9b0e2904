import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFrameNotes } from './find-frame-notes.ts';
import type { FrameNote } from './find-frame-notes.ts';
import { PITCHES } from './note-grid.ts';
import { NOTE_DEFAULTS } from './note-options.ts';
import type { NoteOptions } from './note-options.ts';
import { posteriorsOf, randomPosteriors, seededRandom, struck } from './posteriors.test-kit.ts';
import type { Block } from './posteriors.test-kit.ts';
import type { Posteriors } from './posteriors.ts';

const ONSETS_ONLY: NoteOptions = { ...NOTE_DEFAULTS, melodia: false };

/** Start, end and pitch: what a note is apart from its amplitude. */
function spans(posteriors: Posteriors, options: Partial<NoteOptions> = {}): number[][] {
  return findFrameNotes(posteriors, { ...NOTE_DEFAULTS, ...options }).map((note) => [
    note.startFrame,
    note.endFrame,
    note.pitch,
  ]);
}

test('a struck pitch is one note from its onset to its last strong frame', () => {
  const [note, ...others] = findFrameNotes(posteriorsOf(100, struck(40, [20, 50], 0.75)), ONSETS_ONLY);
  assert.deepEqual(note, { startFrame: 20, endFrame: 50, pitch: 40, amplitude: 0.75 });
  assert.deepEqual(others, []);
});

test('an onset counts from the threshold on, and only at its peak', () => {
  const sounding: Block[] = [{ frames: [20, 60], at: 40, value: 0.8 }];
  // The probability jumps in steps too small for an inferred onset to matter: it is present before the song's third frame.
  const always: Block[] = [{ frames: [0, 100], at: 40, value: 0.8 }];
  const onset = (value: number, frames: [number, number] = [20, 21]): Block[] => [{ frames, at: 40, value }];
  assert.deepEqual(spans(posteriorsOf(100, { note: always, onset: onset(0.5) }), ONSETS_ONLY), [[20, 99, 40]]);
  assert.deepEqual(spans(posteriorsOf(100, { note: always, onset: onset(0.49) }), ONSETS_ONLY), []);
  // A plateau has no peak.
  assert.deepEqual(spans(posteriorsOf(100, { note: always, onset: onset(0.9, [20, 22]) }), ONSETS_ONLY), []);
  // The first and the last frame are no peaks either.
  for (const edge of [0, 99]) {
    const at = onset(0.9, [edge, edge + 1]);
    assert.deepEqual(spans(posteriorsOf(100, { note: always, onset: at }), ONSETS_ONLY), []);
  }
  assert.deepEqual(
    spans(posteriorsOf(100, { note: sounding, onset: onset(0.6) }), { ...ONSETS_ONLY, onsetThreshold: 0.61 }),
    [],
  );
});

test('ten weak frames are bridged, eleven are not', () => {
  const broken = (weak: number): Posteriors =>
    posteriorsOf(120, {
      note: [
        { frames: [20, 40], at: 40, value: 0.4 },
        { frames: [40, 40 + weak], at: 40, value: 0.29 },
        { frames: [40 + weak, 80], at: 40, value: 0.4 },
      ],
      onset: [{ frames: [20, 21], at: 40, value: 0.9 }],
    });
  assert.deepEqual(spans(broken(10), ONSETS_ONLY), [[20, 80, 40]]);
  // The rise after the gap is too small for an onset of its own.
  assert.deepEqual(spans(broken(11), ONSETS_ONLY), [[20, 40, 40]]);
  assert.deepEqual(spans(broken(40), { ...ONSETS_ONLY, frameThreshold: 0.28 }), [[20, 80, 40]]);
});

test('a note must be longer than the shortest', () => {
  const long = (frames: number): Posteriors => posteriorsOf(100, struck(40, [20, 20 + frames]));
  assert.deepEqual(spans(long(11), ONSETS_ONLY), []);
  assert.deepEqual(spans(long(12), ONSETS_ONLY), [[20, 32, 40]]);
  assert.deepEqual(spans(long(6), { ...ONSETS_ONLY, shortestSeconds: 5 / 86 }), [[20, 26, 40]]);
  assert.deepEqual(spans(long(5), { ...ONSETS_ONLY, shortestSeconds: 5 / 86 }), []);
});

test('a note takes its neighbours with it, and nothing beyond them', () => {
  const [low, middle, high] = [struck(39, [20, 50], 0.4), struck(40, [20, 50]), struck(42, [20, 50])];
  const posteriors = posteriorsOf(100, {
    note: [...low.note, ...middle.note, ...high.note],
    onset: [...middle.onset, ...high.onset],
  });
  assert.deepEqual(spans(posteriors), [
    [20, 50, 42],
    [20, 50, 40],
  ]);
});

test('the lowest and the highest pitch have one neighbour each', () => {
  for (const pitch of [0, PITCHES - 1]) {
    assert.deepEqual(spans(posteriorsOf(60, struck(pitch, [20, 40]))), [[20, 40, pitch]]);
    const swelled = posteriorsOf(60, { note: [{ frames: [0, 40], at: pitch, value: 0.8 }] });
    assert.equal(spans(swelled).length, 1);
  }
});

test('a pitch without an onset is a note by the trick alone', () => {
  // Never rising by much: the one rise is in the two frames where onsets are not inferred.
  const swelled = posteriorsOf(100, {
    note: [
      { frames: [1, 50], at: 40, value: 0.6 },
      { frames: [30, 31], at: 40, value: 0.7 },
    ],
  });
  assert.deepEqual(spans(swelled, { melodia: false }), []);
  const [note] = findFrameNotes(swelled, NOTE_DEFAULTS);
  // Growing to the end it counts one frame less than an onset would, and it stops at the second frame of the song.
  assert.deepEqual([note?.startFrame, note?.endFrame, note?.pitch], [1, 49, 40]);
  assert.ok(Math.abs(note!.amplitude - (47 * 0.6 + 0.7) / 48) < 1e-6);
});

test('pitches out of range are neither heard nor in the way', () => {
  const [wanted, louder] = [struck(40, [20, 50], 0.6), struck(41, [20, 50], 0.9)];
  const posteriors = posteriorsOf(100, {
    note: [...wanted.note, ...louder.note],
    onset: [...wanted.onset, ...louder.onset],
  });
  assert.deepEqual(spans(posteriors), [[20, 50, 41]]);
  assert.deepEqual(spans(posteriors, { pitchRange: { lowest: 21, highest: 61 } }), [[20, 50, 40]]);
  assert.deepEqual(spans(posteriors, { pitchRange: { lowest: 62, highest: 108 } }), [[20, 50, 41]]);
  assert.deepEqual(spans(posteriors, { pitchRange: { lowest: 63, highest: 108 } }), []);
});

test('nothing in, nothing out, for any number of frames', () => {
  for (let frames = 0; frames < 30; frames++) assert.deepEqual(spans(posteriorsOf(frames, {})), []);
});

test('the trick finds the same notes as a search for the largest value, again and again', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const posteriors = randomPosteriors(180, seededRandom(seed));
    const options = { ...NOTE_DEFAULTS, frameThreshold: 0.1 + seed / 40, shortestSeconds: 4 / 86 };
    const found = findFrameNotes(posteriors, options);
    const struckNotes = findFrameNotes(posteriors, { ...options, melodia: false });
    assert.deepEqual(found.slice(0, struckNotes.length), struckNotes);
    const wanted = melodiaNotes(posteriors, struckNotes, options);
    assert.ok(wanted.length > 10, `seed ${String(seed)}: ${String(wanted.length)} notes`);
    assert.deepEqual(spansOf(found.slice(struckNotes.length)), wanted, `seed ${String(seed)}`);
  }
});

function spansOf(notes: readonly FrameNote[]): number[][] {
  return notes.map(({ startFrame, endFrame, pitch }) => [startFrame, endFrame, pitch]);
}

/** The trick as it is described: the whole plane is searched anew for each note. */
function melodiaNotes(posteriors: Posteriors, taken: readonly FrameNote[], options: NoteOptions): number[][] {
  const rows = Array.from({ length: posteriors.frames }, (_, frame) => [
    ...posteriors.note.subarray(frame * PITCHES, (frame + 1) * PITCHES),
  ]);
  const clear = (frame: number, pitch: number): void => {
    for (const near of [pitch - 1, pitch, pitch + 1]) if (near >= 0 && near < PITCHES) rows[frame]![near] = 0;
  };
  for (const note of taken) {
    for (let frame = note.startFrame; frame < note.endFrame; frame++) clear(frame, note.pitch);
  }
  const shortestFrames = Math.round(options.shortestSeconds * (22_050 / 256));
  const notes: number[][] = [];
  for (;;) {
    const most = Math.max(...rows.map((row) => Math.max(...row)));
    if (most <= options.frameThreshold) return notes;
    const middle = rows.findIndex((row) => row.includes(most));
    const pitch = rows[middle]!.indexOf(most);
    rows[middle]![pitch] = 0;
    const run = (frames: readonly number[]): { visited: number; weak: number } => {
      let [visited, weak] = [0, 0];
      for (const frame of frames) {
        if (weak === 11) break;
        weak = rows[frame]![pitch]! < options.frameThreshold ? weak + 1 : 0;
        clear(frame, pitch);
        visited++;
      }
      return { visited, weak };
    };
    const after = run(
      rows
        .keys()
        .filter((frame) => frame > middle && frame < rows.length - 1)
        .toArray(),
    );
    const before = run(
      rows
        .keys()
        .filter((frame) => frame < middle && frame > 0)
        .toArray()
        .reverse(),
    );
    const endFrame = middle + after.visited - after.weak;
    const startFrame = middle - before.visited + before.weak;
    if (endFrame - startFrame > shortestFrames) notes.push([startFrame, endFrame, pitch]);
  }
}
