import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHROMA_FRAMES_PER_SECOND, PITCH_CLASSES } from '../dsp/chroma-flux.ts';
import { STRAIGHT } from './bar-rates.ts';
import type { KindEvidence, RhythmEvidence } from './bar-rates.ts';
import { barTraits } from './bar-traits.ts';
import type { BarTraits } from './bar-traits.ts';
import { SOUND_KINDS } from './metre-templates.ts';
import type { SoundKind } from './metre-templates.ts';
import { pitchClassSpans } from './pitch-class-spans.ts';

const BEAT_FRAMES = 50;
const BEATS = 64;

/** An onset of a kind in every beat of a bar that its figure names. */
function evidenceOf(figures: Partial<Record<SoundKind, string>>, everyFrames: number): RhythmEvidence {
  const kindOf = (figure: string): KindEvidence => {
    const mass = new Float32Array(BEATS * BEAT_FRAMES + BEAT_FRAMES);
    for (let at = 0; at < BEATS * BEAT_FRAMES; at += everyFrames)
      if (figure[(at / everyFrames) % figure.length] === 'x') mass[at] = 1;
    return { mass, nearby: mass, reachFrames: 1 };
  };
  return Object.fromEntries(SOUND_KINDS.map((kind) => [kind, kindOf(figures[kind] ?? '.')])) as Record<
    SoundKind,
    KindEvidence
  >;
}

function traitsOf(evidence: RhythmEvidence, chordFrames: number, beatFrames: number, beatsPerBar = 4): BarTraits[] {
  const frames = (BEATS * BEAT_FRAMES * CHROMA_FRAMES_PER_SECOND) / 100;
  const chroma = new Float32Array(frames * PITCH_CLASSES);
  for (let t = 0; t < frames; t++)
    chroma[t * PITCH_CLASSES + (Math.floor(t / ((chordFrames * CHROMA_FRAMES_PER_SECOND) / 100)) % 3)] = 1;
  const beats = Int32Array.from({ length: (BEATS * BEAT_FRAMES) / beatFrames + 1 }, (_, n) => n * beatFrames);
  const track = { beatFrames: beats, division: STRAIGHT, tempoBpm: 6000 / beatFrames };
  return barTraits(evidence, pitchClassSpans(chroma), track, { beatsPerBar, repetition: 0 });
}

const ROCK = evidenceOf({ low: 'x.x.', snap: '.x.x' }, BEAT_FRAMES);
const BAR_FRAMES = 4 * BEAT_FRAMES;

void test('snares on 2 and 4 are a backbeat; a beat off they are its opposite', () => {
  const [one, two, three, four] = traitsOf(ROCK, BAR_FRAMES, BEAT_FRAMES);
  assert.ok(one!.backbeat > 1.5 && three!.backbeat > 1.5);
  assert.ok(two!.backbeat < -1.5 && four!.backbeat < -1.5);
});

void test('taken twice as fast, kick and snare lie on 1 and 3, where no backbeat is', () => {
  for (const { backbeat } of traitsOf(ROCK, BAR_FRAMES, BEAT_FRAMES / 2).filter((_, beat) => beat % 2 === 0))
    assert.ok(Math.abs(backbeat) < 1e-6);
});

void test('bars begin where chords change, in four and in three', () => {
  for (const beatsPerBar of [4, 3]) {
    const traits = traitsOf(ROCK, beatsPerBar * BEAT_FRAMES, BEAT_FRAMES, beatsPerBar);
    assert.ok(traits[0]!.chords > 0.2 && traits[0]!['chords next best'] > 0.15);
    for (const bars of traits.slice(1)) assert.ok(bars.chords < 0 && bars['chords next best'] < 0);
    assert.ok(traits.every(({ three }) => three === Number(beatsPerBar === 3)));
  }
});

void test('one chord throughout tells nothing of the bar, nor does a bar of one beat', () => {
  for (const { chords } of traitsOf(ROCK, 1e6, BEAT_FRAMES)) assert.ok(Math.abs(chords) < 1e-6);
  const [alone] = traitsOf(ROCK, BAR_FRAMES, BEAT_FRAMES, 1);
  assert.deepEqual([alone!.chords, alone!['chords next best']], [0, 0]);
});

void test('where little begins, its places are little told', () => {
  const rare = evidenceOf({ low: `x${'.'.repeat(31)}`, snap: `.x${'.'.repeat(30)}` }, BEAT_FRAMES);
  assert.ok(Math.abs(traitsOf(rare, BAR_FRAMES, BEAT_FRAMES)[0]!.backbeat) < 0.5);
});
