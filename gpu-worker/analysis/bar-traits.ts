// What speaks for a way to hear bars beside how well it foretells each onset: traits of the bar as a whole.
import { placesOf } from './bar-rates.ts';
import type { Division, RhythmEvidence } from './bar-rates.ts';
import type { SoundKind } from './metre-templates.ts';
import type { PitchClassSpans } from './pitch-class-spans.ts';
import { ONSET_FRAMES_PER_SECOND } from '../dsp/onset-flux.ts';

/**
 * - `repetition`: nats a beat gained by telling a beat from its place in the bar.
 * - `backbeat`: how much more of the snare and the cymbals than of kick and bass begins on weak beats; -2 to 2, in three -3 to 3.
 * - `chords`, `chords next best`: how much more alike the pitch classes are within bars than within bars that begin on another beat, on average
 *   and against the best of them; in shares of their range.
 * - `usual tempo`: less the square of the octaves from {@link MIDDLE_BPM}.
 * - `three`: 1 for bars of three.
 */
export const BAR_TRAITS = ['repetition', 'backbeat', 'chords', 'chords next best', 'usual tempo', 'three'] as const;
export type BarTrait = (typeof BAR_TRAITS)[number];
export type BarTraits = Readonly<Record<BarTrait, number>>;

export interface BeatTrack {
  /** Consecutive beats. */
  readonly beatFrames: Int32Array;
  readonly division: Division;
  readonly tempoBpm: number;
}

const MIDDLE_BPM = 107;
/** With fewer onsets' mass than this, shares of it count for less. */
const SURE_MASS = 15;

/** @returns the traits by the beat of the bar, from 0, that the first of the beats is */
export function barTraits(
  evidence: RhythmEvidence,
  chords: PitchClassSpans,
  track: BeatTrack,
  { beatsPerBar, repetition }: { beatsPerBar: number; repetition: number },
): BarTraits[] {
  const beats = track.beatFrames.length - 1;
  const low = weakOverStrong(evidence, track, beatsPerBar, ['low']);
  const drums = weakOverStrong(evidence, track, beatsPerBar, ['snap', 'high']);
  const bars = Array.from({ length: beatsPerBar }, (_, phase) => coherenceFrom(chords, track, phase, beatsPerBar));
  const octaves = Math.log2(track.tempoBpm / MIDDLE_BPM);
  return Array.from({ length: beatsPerBar }, (_, firstBeat): BarTraits => {
    const phase = (beatsPerBar - firstBeat) % beatsPerBar;
    const others = bars.filter((_coherence, other) => other !== phase);
    const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
    const isAlone = others.length === 0;
    return {
      repetition: repetition / beats,
      backbeat: drums[firstBeat]! - low[firstBeat]!,
      chords: isAlone ? 0 : (bars[phase]! - mean) / chords.range,
      'chords next best': isAlone ? 0 : (bars[phase]! - Math.max(...others)) / chords.range,
      'usual tempo': -octaves * octaves,
      three: Number(beatsPerBar === 3),
    };
  });
}

/** Of what begins on beats and eighths: how much more on weak beats than on strong ones; by first beat. */
function weakOverStrong(
  evidence: RhythmEvidence,
  { beatFrames, division }: BeatTrack,
  beatsPerBar: number,
  kinds: readonly SoundKind[],
): number[] {
  const eighth = placesOf(division)[1]!;
  const onBeats = new Float64Array(beatsPerBar);
  let total = 0;
  for (const kind of kinds) {
    const { nearby } = evidence[kind];
    for (let n = 0; n + 1 < beatFrames.length; n++) {
      const at = beatFrames[n]!;
      onBeats[n % beatsPerBar]! += nearby[at]!;
      total += nearby[at]! + nearby[at + Math.round(eighth * (beatFrames[n + 1]! - at))]!;
    }
  }
  const scale = total > 0 ? Math.min(1, total / SURE_MASS) / total : 0;
  return Array.from({ length: beatsPerBar }, (_, firstBeat) => {
    const on = (beat: number): number => scale * onBeats[(beat - firstBeat + beatsPerBar) % beatsPerBar]!;
    if (beatsPerBar === 3) return on(1) + on(2) - 2 * on(0);
    return beatsPerBar === 4 ? on(1) + on(3) - on(0) - on(2) : 0;
  });
}

function coherenceFrom(chords: PitchClassSpans, { beatFrames }: BeatTrack, phase: number, beats: number): number {
  const inside = beatFrames.filter((_, n) => (n - phase) % beats === 0 && n >= phase);
  const ends = [beatFrames[0]!, beatFrames.at(-1)!];
  const edges = [...new Set([ends[0]!, ...inside, ends[1]!])];
  return chords.coherence(edges.map((frame) => frame / ONSET_FRAMES_PER_SECOND));
}
