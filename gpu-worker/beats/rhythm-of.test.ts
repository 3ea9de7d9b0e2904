import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import type { RhythmFacts } from '../analysis/rhythm-facts.ts';
import { seededRandom } from '../notes/posteriors.test-kit.ts';
import { activationsOf, evenBeats } from './activations.test-kit.ts';
import type { MadeUpBeats } from './activations.test-kit.ts';
import { pickBeats } from './pick-beats.ts';
import { rhythmOf } from './rhythm-of.ts';

function rhythmOfBeats(beats: MadeUpBeats, facts?: RhythmFacts): SongRhythm {
  const rhythm = rhythmOf(activationsOf(beats), facts);
  assert.ok(rhythm !== null);
  return rhythm;
}

/** How many beats lie between each downbeat and the next. */
function barLengths({ beatsSeconds, downbeatsSeconds }: SongRhythm): number[] {
  const downbeats = downbeatsSeconds.map((seconds) => beatsSeconds.indexOf(seconds));
  return downbeats.slice(1).map((beat, n) => beat - downbeats[n]!);
}

function assertBeats(found: readonly number[], wanted: readonly number[], withinSeconds = 0.0101): void {
  assert.equal(found.length, wanted.length);
  for (const [n, at] of wanted.entries()) {
    assert.ok(Math.abs(found[n]! - at) < withinSeconds, `${String(n)}: ${String(found[n])} of ${String(at)} s`);
  }
}
const downbeatsOf = ({ beatsSeconds, downbeats }: MadeUpBeats): number[] =>
  beatsSeconds.filter((_, n) => downbeats.has(n));

for (const [tempoBpm, beatsPerBar, beatUnit] of [
  [61.3, 4, 4],
  [118, 4, 4],
  [140, 3, 4],
  [183, 2, 4],
  [171, 6, 8],
  [96, 5, 4],
] as const) {
  void test(`hears ${String(tempoBpm)} beats a minute in bars of ${String(beatsPerBar)}`, () => {
    const beats = evenBeats(tempoBpm, beatsPerBar, { firstDownbeat: 1 });
    const rhythm = rhythmOfBeats(beats);
    assertBeats(rhythm.beatsSeconds, beats.beatsSeconds);
    assertBeats(rhythm.downbeatsSeconds, downbeatsOf(beats));
    assert.ok(Math.abs(rhythm.tempoBpm / tempoBpm - 1) < 0.005, String(rhythm.tempoBpm));
    assert.ok(rhythm.confidence > 0.9 && rhythm.confidence <= 1);
    const { confidence, ...signature } = rhythm.timeSignature;
    assert.deepEqual(signature, { beatsPerBar, beatUnit });
    assert.ok(confidence > 0.9 && confidence <= 1);
    for (const bar of rhythm.tempoCurve) assert.ok(Math.abs(bar.tempoBpm / tempoBpm - 1) < 0.03);
    assert.ok(rhythm.tempoCurve.length >= rhythm.downbeatsSeconds.length - 2);
  });
}

void test('where the network is sure of all, its beats and downbeats are the published ones', () => {
  const activations = activationsOf(evenBeats(127, 4));
  const { beatsSeconds, downbeatsSeconds } = rhythmOf(activations)!;
  assert.deepEqual({ beatsSeconds, downbeatsSeconds }, pickBeats(activations));
});

void test('a missed beat is put in, a missed downbeat too, and an extra beat left out', () => {
  const beats = evenBeats(120, 4);
  const rhythm = rhythmOfBeats({ ...beats, missed: new Set([21, 40]), extraSeconds: [30.77] });
  assertBeats(rhythm.beatsSeconds, beats.beatsSeconds);
  assertBeats(rhythm.downbeatsSeconds, downbeatsOf(beats));
});

void test('follows a tempo that drifts, and a bar that is shorter', () => {
  let at = 0.3;
  const beatsSeconds = Array.from({ length: 120 }, (_, n) => (at += 60 / (100 + n / 4)));
  const downbeats = new Set(beatsSeconds.flatMap((_, n) => ((n <= 40 ? n % 4 === 0 : (n - 42) % 4 === 0) ? [n] : [])));
  const rhythm = rhythmOfBeats({ beatsSeconds, downbeats, seconds: at + 1 });
  assertBeats(rhythm.beatsSeconds, beatsSeconds);
  assertBeats(
    rhythm.downbeatsSeconds,
    beatsSeconds.filter((_, n) => (n <= 40 ? n % 4 === 0 : (n - 42) % 4 === 0)),
  );
  const [first, last] = [rhythm.tempoCurve[1]!, rhythm.tempoCurve.at(-1)!];
  assert.ok(Math.abs(first.tempoBpm - 101.5) < 1.5 && Math.abs(last.tempoBpm - 128.5) < 1.5);
});

void test('is less sure where the network is, and of a metre that it says nothing of', () => {
  const activations = activationsOf({ ...evenBeats(120, 4), downbeats: new Set() });
  const { timeSignature, confidence } = rhythmOf(activations)!;
  assert.equal(timeSignature.beatsPerBar, 4);
  assert.ok(timeSignature.confidence < 0.55 && confidence > 0.9);
  const faint = { ...activations, beats: activations.beats.map((logit) => (logit > 0 ? logit / 8 : logit)) };
  const unsure = rhythmOf(faint)!;
  assert.ok(unsure.confidence > 0.5 && unsure.confidence < 0.7, String(unsure.confidence));
});

void test('without beats there is no rhythm: silence, one drum, a few beats, beats at random', () => {
  const none = { beatsSeconds: [], downbeats: new Set<number>(), seconds: 20 };
  const random = seededRandom(5);
  let at = 0;
  const scattered = Array.from({ length: 60 }, () => (at += 0.2 + 1.5 * random() ** 2));
  for (const beats of [
    none,
    { ...none, seconds: 0 },
    { ...none, beatsSeconds: [3] },
    { ...none, beatsSeconds: [3, 3.5, 4, 4.5, 5] },
    { ...none, beatsSeconds: scattered, seconds: at + 1 },
  ]) {
    assert.equal(rhythmOf(activationsOf(beats)), null);
  }
  assert.equal(rhythmOf({ framesPerSecond: 50, beats: new Float32Array(0), downbeats: new Float32Array(0) }), null);
});

void test('half and double time: every other beat from the downbeats on, and a beat between each two', () => {
  const beats = evenBeats(150, 4, { firstDownbeat: 1 });
  const half = rhythmOfBeats(beats, { tempoFactor: 0.5 });
  assertBeats(
    half.beatsSeconds,
    beats.beatsSeconds.filter((_, n) => n % 2 === 1),
  );
  assert.ok(Math.abs(half.tempoBpm - 75) < 0.5);
  assert.equal(half.timeSignature.beatsPerBar, 4);
  assert.ok(half.downbeatsSeconds.every((seconds) => downbeatsOf(beats).some((at) => Math.abs(at - seconds) < 0.02)));

  const double = rhythmOfBeats(beats, { tempoFactor: 2 });
  assert.equal(double.beatsSeconds.length, 2 * beats.beatsSeconds.length - 1);
  assert.ok(Math.abs(double.tempoBpm - 300) < 2);
  for (const at of downbeatsOf(beats))
    assert.ok(double.downbeatsSeconds.some((seconds) => Math.abs(at - seconds) < 0.02));
  assert.equal(double.confidence, 1);
});

void test('a tapped tempo: as heard, a part or a multiple of it, or found at that tempo where nothing was heard', () => {
  const beats = evenBeats(120, 4);
  assertBeats(rhythmOfBeats(beats, { tempoBpm: 123 }).beatsSeconds, beats.beatsSeconds);
  const third = rhythmOfBeats(evenBeats(180, 3), { tempoBpm: 59 });
  assertBeats(third.beatsSeconds, downbeatsOf(evenBeats(180, 3)));
  assert.ok(Math.abs(rhythmOfBeats(beats, { tempoBpm: 250 }).tempoBpm - 240) < 1);

  const activations = activationsOf(beats);
  const faint = { ...activations, beats: activations.beats.map((logit) => logit / 4 - 2) };
  assert.equal(rhythmOf(faint), null);
  assertBeats(rhythmOf(faint, { tempoBpm: 118 })!.beatsSeconds, beats.beatsSeconds, 0.03);
  assert.equal(rhythmOf({ ...activations, beats: activations.beats.map(() => -4) }, { tempoBpm: 118 }), null);
  const other = rhythmOfBeats(beats, { tempoBpm: 90 });
  assert.ok(Math.abs(other.tempoBpm / 90 - 1) < 0.12, String(other.tempoBpm));
  assert.equal(other.confidence, 1);
});

void test('bars of a metre that is told all have it, whatever the network hears', () => {
  for (const heard of [3, 4, 6]) {
    for (const told of [2, 3, 4, 5, 6, 7, 8, 12]) {
      const beats = evenBeats(120, heard, { firstDownbeat: 1 });
      const rhythm = rhythmOfBeats(beats, { beatsPerBar: told });
      const lengths = barLengths(rhythm);
      assert.ok(lengths.length >= Math.floor(beats.beatsSeconds.length / told) - 1);
      assert.deepEqual(new Set(lengths), new Set([told]), `${String(told)} told, ${String(heard)} heard`);
      assert.ok(rhythm.beatsSeconds.indexOf(rhythm.downbeatsSeconds[0]!) < told);
      if (told % heard === 0) assert.equal(rhythm.beatsSeconds.indexOf(rhythm.downbeatsSeconds[0]!) % heard, 1);
    }
  }
});

void test('where beats are missing the count of a told metre is taken up anew', () => {
  const even = evenBeats(120, 4);
  const pause = 3.3;
  const beatsSeconds = even.beatsSeconds.map((at, n) => (n < 42 ? at : at + pause));
  const downbeats = new Set(beatsSeconds.flatMap((_, n) => ((n < 42 ? n % 4 === 0 : (n - 42) % 4 === 0) ? [n] : [])));
  const rhythm = rhythmOfBeats({ beatsSeconds, downbeats, seconds: even.seconds + pause }, { beatsPerBar: 4 });
  assertBeats(rhythm.downbeatsSeconds, downbeatsOf({ beatsSeconds, downbeats, seconds: 0 }));
  assert.deepEqual(
    barLengths(rhythm).filter((length) => length !== 4),
    [2],
  );
});

void test('a network that says the same of every frame, or what no music is, says no tempo', () => {
  const frames = 1000;
  const logits = (logit: (frame: number) => number): Float32Array =>
    Float32Array.from({ length: frames }, (_, n) => logit(n));
  for (const beats of [
    logits(() => 5),
    logits((frame) => 1 + frame / 1e6),
    logits((frame) => (frame % 9 === 0 ? 5 : -5)),
    logits((frame) => (frame % 105 === 0 ? 5 : -5)),
  ]) {
    assert.equal(rhythmOf({ framesPerSecond: 50, beats, downbeats: beats }), null);
  }
  for (const [every, tempoBpm] of [
    [11, 3000 / 11],
    [95, 3000 / 95],
  ] as const) {
    const beats = logits((frame) => (frame % every === 0 ? 5 : -5));
    const rhythm = rhythmOf({ framesPerSecond: 50, beats, downbeats: beats.map(() => -5) });
    assert.ok(Math.abs(rhythm!.tempoBpm - tempoBpm) < 1, String(rhythm?.tempoBpm));
  }
});

void test('a metre that is told, and a downbeat: the whole count moves', () => {
  const beats = evenBeats(120, 4);
  const waltz = rhythmOfBeats(beats, { beatsPerBar: 3 });
  assert.deepEqual(waltz.timeSignature, { beatsPerBar: 3, beatUnit: 4, confidence: 1 });
  assertBeats(waltz.beatsSeconds, beats.beatsSeconds);

  const moved = rhythmOfBeats(beats, { downbeatSeconds: beats.beatsSeconds[1]! + 0.1 });
  assertBeats(
    moved.downbeatsSeconds,
    beats.beatsSeconds.filter((_, n) => n % 4 === 1),
  );
  assertBeats(moved.beatsSeconds, beats.beatsSeconds);
});
