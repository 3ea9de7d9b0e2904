// Which beats, bars and metre a song has, at all tempi that are simply related to its pulse.
import { barHypotheses } from './bar-hypotheses.ts';
import type { BarHypothesis } from './bar-hypotheses.ts';
import { DIVISIONS } from './bar-rates.ts';
import type { Division } from './bar-rates.ts';
import { worthOf } from './bar-trait-worths.ts';
import { barTraits } from './bar-traits.ts';
import type { BarTraits } from './bar-traits.ts';
import { trackBars } from './bar-tracker.ts';
import { SOUND_KINDS } from './metre-templates.ts';
import type { MetreTemplate, SoundKind } from './metre-templates.ts';
import { pitchClassSpans } from './pitch-class-spans.ts';
import type { PitchClassSpans } from './pitch-class-spans.ts';
import type { SongOnsets } from './rhythm-evidence.ts';
import { ONSET_FRAMES_PER_SECOND } from '../dsp/onset-flux.ts';

/**
 * What a nat of each kind counts, by logistic regression on synthesised songs (`tools/analysis-songs`) and on songs of another make; kinds overlap, so that
 * they need not sum to 1.
 */
const WORTH: Readonly<Record<SoundKind, number>> = {
  low: 1.1,
  middle: 0.7,
  snap: 0.7,
  high: 0.4,
  notes: 0.3,
  harmony: 0.45,
};
const REPETITION_WORTH = 0.1;
/** Beats are seldom notated outside of this; in octaves beyond, the standard deviation. */
const USUAL_BPM = [58, 195] as const;
const USUAL_SPREAD = 0.1;
const FEWEST_BEATS = 6;

export interface HeardBars extends BarHypothesis {
  /** Log likelihood in nats against onsets that fall anywhere. */
  readonly likelihood: number;
  readonly traits: BarTraits;
  /** The likelihood with what the traits are worth. */
  readonly beliefNats: number;
  readonly tempoBpm: number;
  /** All its strokes are alike, so that nothing tells its bars. */
  readonly isBare?: true;
}

/** A course of tempo. */
export interface TempoCourse {
  /** Beat periods in frames, one a frame. */
  readonly periods: Float32Array;
  /** Nats that it costs to suppose it. */
  readonly costNats: number;
}

/**
 * @returns every way to hear the song, the most credible first
 */
export function hearBars(
  song: SongOnsets,
  courses: readonly TempoCourse[],
  templates: readonly MetreTemplate[],
): HeardBars[] {
  const guides = [...new Map(templates.map((template) => [template.beatsPerBar, template])).values()];
  const chords = pitchClassSpans(song.pitchClasses);
  const heard = courses.flatMap(({ periods, costNats }) =>
    DIVISIONS.flatMap((division) =>
      distinct(guides.map((template) => trackBars(song.evidence, { template, division, periods }))).flatMap((beats) =>
        onAndBetween(song, chords, { frames: beats, division, costNats }, templates),
      ),
    ),
  );
  return mostCredibleFirst(heard);
}

/**
 * @returns every way to count bars of these metres in the beats that are heard, or between them, the most credible first
 */
export function countBars(
  song: SongOnsets,
  { beatFrames: frames, division }: HeardBars,
  templates: readonly MetreTemplate[],
): HeardBars[] {
  const chords = pitchClassSpans(song.pitchClasses);
  return mostCredibleFirst(onAndBetween(song, chords, { frames, division, costNats: 0 }, templates));
}

function mostCredibleFirst(heard: HeardBars[]): HeardBars[] {
  return heard.sort((a, b) => b.beliefNats - a.beliefNats);
}

interface SupposedBeats {
  readonly frames: Int32Array;
  readonly division: Division;
  readonly costNats: number;
}

function onAndBetween(
  song: SongOnsets,
  chords: PitchClassSpans,
  supposed: SupposedBeats,
  templates: readonly MetreTemplate[],
): HeardBars[] {
  return [supposed.frames, betweenBeats(supposed.frames)].flatMap((frames) =>
    hearBeats(song, chords, { ...supposed, frames }, templates),
  );
}

function hearBeats(
  { evidence, onsets }: SongOnsets,
  chords: PitchClassSpans,
  { frames: beatFrames, division, costNats }: SupposedBeats,
  templates: readonly MetreTemplate[],
): HeardBars[] {
  if (beatFrames.length < FEWEST_BEATS) return [];
  const period = (beatFrames.at(-1)! - beatFrames[0]!) / (beatFrames.length - 1);
  const tempoBpm = (60 * ONSET_FRAMES_PER_SECOND) / period;
  const octavesOut = Math.max(0, Math.log2(USUAL_BPM[0] / tempoBpm), Math.log2(tempoBpm / USUAL_BPM[1]));
  const traitsByMetre = new Map<number, BarTraits[]>();
  return barHypotheses(evidence, beatFrames, division, templates).map((hypothesis) => {
    const { template, firstBeat, kindScores, repetition } = hypothesis;
    const { beatsPerBar } = template;
    const likelihood =
      SOUND_KINDS.reduce((sum, kind, index) => sum + WORTH[kind] * kindScores[index]!, 0) +
      REPETITION_WORTH * repetition -
      template.costNats -
      costNats -
      0.5 * (octavesOut / USUAL_SPREAD) ** 2;
    const known = traitsByMetre.get(beatsPerBar);
    const all = known ?? barTraits(evidence, chords, { beatFrames, division, tempoBpm }, { beatsPerBar, repetition });
    traitsByMetre.set(beatsPerBar, all);
    const traits = all[firstBeat]!;
    const beliefNats = likelihood + worthOf(traits, onsets.length / ONSET_FRAMES_PER_SECOND);
    return { ...hypothesis, traits, tempoBpm, likelihood, beliefNats };
  });
}

/** The off-beats: what was taken for beats may be between them. */
function betweenBeats(beats: Int32Array): Int32Array {
  return Int32Array.from({ length: Math.max(0, beats.length - 1) }, (_, n) =>
    Math.round((beats[n]! + beats[n + 1]!) / 2),
  );
}

function distinct(tracks: readonly Int32Array[]): Int32Array[] {
  return [...new Map(tracks.map((beats) => [beats.join(), beats])).values()];
}
