/** From what a network hears to a song's tempo, beats, bars and metre. */
import type { SongRhythm } from '../../workflows/contract/analysis.ts';
import type { BeatActivations } from '../analysis/heard-by-network.ts';
import type { RhythmFacts } from '../analysis/rhythm-facts.ts';
import { agreement, countBeats, sigmoid, usualBarLength } from './count-bars.ts';
import { nearest, pickBeats } from './pick-beats.ts';
import { beatsAfterGaps, intervals, median, steadyBeats } from './steady-beats.ts';
import { atFactor, atTempo } from './told-tempo.ts';

/** What the network says of a beat is the highest of so many frames to either side. */
const REACH_FRAMES = 3;
/** An interval is even when it is within this factor of the one before. */
const EVEN_WITHIN = 1.25;
/** Of the intervals, at least: speech and noise stay below. */
const FEWEST_EVEN = 0.5;
/** Beats a minute that a network can mean. Logits that say the same of every frame would have one in each 40 ms. */
const SLOWEST_BPM = 30;
const FASTEST_BPM = 300;
/** A tempo is read over so many bars, as beats are known to 20 ms only. */
const TEMPO_BARS = 4;
/** And that of a bar with one on either side. */
const CURVE_BARS = 1;

/**
 * Beats and downbeats as the network hears them, but that plainly missed ones are put in, and that beats are counted in bars of one length where
 * nothing speaks for another. Where a musician says otherwise, that is followed: bars whose length is told all have it, and only where beats are missing
 * is the count taken up anew.
 *
 * @returns null where there is no beat, or none at a tempo of music; `swing` is null always: the network says nothing of what lies between two beats
 */
export function rhythmOf(activations: BeatActivations, facts: RhythmFacts = {}): SongRhythm | null {
  const picked = pickBeats(activations);
  const heard = steadyBeats(picked.beatsSeconds);
  const isTold = facts.tempoBpm !== undefined;
  if (!isTold && (evenShare(heard) < FEWEST_EVEN || !isMusical(heard))) return null;
  const downbeatsAt = (beats: readonly number[]): number[] => logitsAt(activations, activations.downbeats, beats);
  const beatsPerBar =
    facts.beatsPerBar ??
    usualBarLength([...new Set(picked.downbeatsSeconds.map((seconds) => nearest(heard, seconds)))]);

  const beats = toldBeats(activations, heard, downbeatsAt(heard), facts);
  if (beats.length < 2 * beatsPerBar) return null;
  const downbeatLogits = downbeatsAt(beats);
  const gaps = beatsAfterGaps(beats);
  const mayBreak = (beat: number): boolean => facts.beatsPerBar === undefined || gaps.has(beat);
  const counted = countBeats(downbeatLogits, beatsPerBar, mayBreak);
  const places = moveTo(beats, counted, beatsPerBar, facts.downbeatSeconds);
  const beatLogits = logitsAt(activations, activations.beats, beats);
  const isTempoTold = isTold || facts.tempoFactor !== undefined;
  return {
    tempoBpm: songTempo(beats, beatsPerBar),
    confidence: isTempoTold ? 1 : evenShare(beats) * mean(beatLogits.map(sigmoid)),
    tempoCurve: tempoCurve(beats, places, beatsPerBar),
    beatsSeconds: beats,
    downbeatsSeconds: beats.filter((_, n) => places[n] === 0),
    timeSignature: {
      beatsPerBar,
      // A bar of six is counted in eighths.
      beatUnit: beatsPerBar === 6 ? 8 : 4,
      confidence: facts.beatsPerBar === undefined ? agreement(downbeatLogits, places) : 1,
    },
    swing: null,
  };
}

function toldBeats(
  activations: BeatActivations,
  heard: readonly number[],
  downbeatLogits: readonly number[],
  { tempoBpm, tempoFactor }: RhythmFacts,
): readonly number[] {
  if (tempoBpm !== undefined) return atTempo(activations, tempoBpm, heard, downbeatLogits);
  return tempoFactor === undefined ? heard : atFactor(heard, tempoFactor, downbeatLogits);
}

/** The count moved as a whole, so that a bar begins with the beat nearest to this moment. */
function moveTo(
  beats: readonly number[],
  places: readonly number[],
  beatsPerBar: number,
  downbeatSeconds: number | undefined,
): readonly number[] {
  if (downbeatSeconds === undefined) return places;
  const first = places[nearest(beats, downbeatSeconds)]!;
  return places.map((place) => (place - first + beatsPerBar) % beatsPerBar);
}

function logitsAt(
  { framesPerSecond }: BeatActivations,
  logits: Float32Array,
  beatsSeconds: readonly number[],
): number[] {
  return beatsSeconds.map((seconds) => {
    const frame = Math.round(seconds * framesPerSecond);
    return Math.max(...logits.subarray(Math.max(0, frame - REACH_FRAMES), frame + REACH_FRAMES + 1));
  });
}

/** Share of the intervals that are about as long as the one before; 0 for fewer than two. */
function evenShare(beats: readonly number[]): number {
  const steps = intervals(intervals(beats).map((interval) => Math.log(interval)));
  const even = steps.filter((step) => Math.abs(step) <= Math.log(EVEN_WITHIN)).length;
  return steps.length === 0 ? 0 : even / steps.length;
}

function isMusical(beats: readonly number[]): boolean {
  const tempoBpm = 60 / median(intervals(beats));
  return tempoBpm >= SLOWEST_BPM && tempoBpm <= FASTEST_BPM;
}

function songTempo(beats: readonly number[], beatsPerBar: number): number {
  const span = Math.min(TEMPO_BARS * beatsPerBar, beats.length - 1);
  const periods = beats.slice(span).map((at, n) => (at - beats[n]!) / span);
  return 60 / median(periods);
}

function tempoCurve(
  beats: readonly number[],
  places: readonly number[],
  beatsPerBar: number,
): SongRhythm['tempoCurve'] {
  return beats.flatMap((atSeconds, n) => {
    if (places[n] !== 0 || n + beatsPerBar >= beats.length) return [];
    const first = Math.max(0, n - CURVE_BARS * beatsPerBar);
    const last = Math.min(beats.length - 1, n + (1 + CURVE_BARS) * beatsPerBar);
    return [{ atSeconds, tempoBpm: (60 * (last - first)) / (beats[last]! - beats[first]!) }];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
