// All ways to hear bars in given beats, each with how likely it is.
import { placeGains, placesOf } from './bar-rates.ts';
import type { Division, RhythmEvidence } from './bar-rates.ts';
import { METRES, SOUND_KINDS } from './metre-templates.ts';
import type { MetreTemplate } from './metre-templates.ts';

export interface BarHypothesis {
  readonly beatFrames: Int32Array;
  readonly division: Division;
  readonly template: MetreTemplate;
  /** Beat of the bar, from 0, of the first of {@link beatFrames}. */
  readonly firstBeat: number;
  /** Nats a kind of sound, in the order of {@link SOUND_KINDS}. */
  readonly kindScores: Float64Array;
  /** See {@link repetitionGain}. */
  readonly repetition: number;
}

const STRAY_SHARES = [0.2, 0.4, 0.6, 0.8] as const;

/**
 * Every template at every rotation.
 * @param beatFrames consecutive beats, at least two
 */
export function barHypotheses(
  evidence: RhythmEvidence,
  beatFrames: Int32Array,
  division: Division,
  templates: readonly MetreTemplate[] = METRES,
): BarHypothesis[] {
  const beats = beatFrames.length - 1;
  const first = beatFrames[0]!;
  const last = beatFrames[beats]!;
  const offsets = placesOf(division);
  const places = offsets.length;
  const heard = SOUND_KINDS.map((kind) => {
    const { nearby } = evidence[kind];
    const values = new Float64Array(beats * places);
    for (let n = 0; n < beats; n++) {
      const length = beatFrames[n + 1]! - beatFrames[n]!;
      for (let k = 0; k < places; k++)
        values[n * places + k] = nearby[beatFrames[n]! + Math.round(offsets[k]! * length)]!;
    }
    return values;
  });
  const masses = SOUND_KINDS.map((kind) => {
    let mass = 0;
    for (let t = first; t < last; t++) mass += evidence[kind].mass[t]!;
    return mass;
  });
  const repetitions = new Map<number, number>();
  return templates.flatMap((template) => {
    const { beatsPerBar } = template;
    const repetition = repetitions.get(beatsPerBar) ?? repetitionGain(heard, places, beatsPerBar);
    repetitions.set(beatsPerBar, repetition);
    const bar = beatsPerBar * places;
    const barFrames = (beatsPerBar * (last - first)) / beats;
    const gains = SOUND_KINDS.map((kind) =>
      STRAY_SHARES.map((strayShare) =>
        placeGains(template.patterns[kind], division, {
          barFrames,
          reachFrames: evidence[kind].reachFrames,
          strayShare,
        }),
      ),
    );
    const folded = heard.map((values) => {
      const sums = new Float64Array(bar);
      for (let n = 0; n < values.length; n++) sums[n % bar]! += values[n]!;
      return sums;
    });
    return Array.from({ length: beatsPerBar }, (_, firstBeat) => {
      const kindScores = Float64Array.from(SOUND_KINDS, (_kind, index) => {
        // The share of strays that the song makes most likely; all of them are strays where a kind knows no beat.
        let best = 0;
        STRAY_SHARES.forEach((strayShare, strays) => {
          let score = masses[index]! * Math.log(strayShare);
          for (let n = 0; n < bar; n++)
            score += folded[index]![n]! * gains[index]![strays]![(n + firstBeat * places) % bar]!;
          best = Math.max(best, score);
        });
        return best;
      });
      return { beatFrames, division, template, firstBeat, kindScores, repetition };
    });
  });
}

/**
 * How much alike the bars are: nats gained by telling each beat from its place in the bar, from the share of the variance between beats that their
 * places explain, corrected for the number of places (adjusted R²), as a Gaussian model with one free dimension gains.
 */
function repetitionGain(heard: readonly Float64Array[], places: number, beatsPerBar: number): number {
  const beats = heard[0]!.length / places;
  if (beats < 3 * beatsPerBar) return 0;
  let total = 0;
  let unexplained = 0;
  for (const values of heard) {
    for (let k = 0; k < places; k++) {
      total += scatter(values, k, places, 1);
      unexplained += scatter(values, k, places, beatsPerBar);
    }
  }
  if (total === 0) return 0;
  const share = unexplained / (beats - beatsPerBar) / (total / (beats - 1));
  return 0.5 * beats * Math.max(0, -Math.log(Math.max(share, 1e-3)));
}

/** Of every `stride`-th value from `offset`: the sum of squared distances from the mean of its place in the bar. */
function scatter(values: Float64Array, offset: number, stride: number, beatsPerBar: number): number {
  let scattered = 0;
  for (let place = 0; place < beatsPerBar; place++) {
    let sum = 0;
    let squares = 0;
    let count = 0;
    for (let n = offset + place * stride; n < values.length; n += beatsPerBar * stride) {
      sum += values[n]!;
      squares += values[n]! ** 2;
      count++;
    }
    scattered += squares - (sum * sum) / Math.max(1, count);
  }
  return scattered;
}
