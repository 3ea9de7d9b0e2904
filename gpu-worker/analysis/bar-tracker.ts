// The most likely beats for one metre near one course of tempo.
import { placeGains, placesOf } from './bar-rates.ts';
import type { Division, RhythmEvidence } from './bar-rates.ts';
import { SOUND_KINDS } from './metre-templates.ts';
import type { MetreTemplate } from './metre-templates.ts';

export interface TrackOptions {
  readonly template: MetreTemplate;
  readonly division: Division;
  /** Beat period in frames, one a frame. */
  readonly periods: Float32Array;
}

/** Standard deviation of a beat from the course of tempo, as a share of it, and how far is looked. */
const SPREAD = 0.025;
const REACH = 0.08;
const STRAY_SHARE = 0.35;

/**
 * Dynamic programming over beats, as Ellis 2007, "Beat tracking by dynamic programming", with the position in the bar as in the bar pointer
 * model of Whiteley, Cemgil and Godsill 2006; exact for the rates of `bar-rates.ts`.
 * @returns frames of the beats, over the whole of the course
 */
export function trackBars(evidence: RhythmEvidence, options: TrackOptions): Int32Array {
  const { template, division, periods } = options;
  const { beatsPerBar } = template;
  const frames = periods.length;
  const offsets = placesOf(division);
  const places = offsets.length;
  const gain = gainsInTime(evidence, options);

  const best = new Float64Array(frames * beatsPerBar);
  const stepBack = new Int16Array(frames * beatsPerBar);
  const longestOfAll = Math.floor(periods.reduce((longest, period) => Math.max(longest, period), 0) * (1 + REACH));
  const priceOf = new Float64Array(longestOfAll + 1);
  const offsetsOf = offsets.map((offset) =>
    Int32Array.from({ length: longestOfAll + 1 }, (_, p) => Math.round(offset * p)),
  );
  let endScore = -Infinity;
  let endAt = 0;
  for (let t = 0; t < frames; t++) {
    const period = periods[t]!;
    const shortest = Math.max(1, Math.ceil(period * (1 - REACH)));
    const longest = Math.min(t, Math.floor(period * (1 + REACH)));
    for (let p = shortest; p <= longest; p++) {
      const deviation = Math.log(p / period) / SPREAD;
      priceOf[p] = 0.5 * deviation * deviation;
    }
    for (let b = 0; b < beatsPerBar; b++) {
      const previous = (b + beatsPerBar - 1) % beatsPerBar;
      // A song's first beat lies within its first period; from there on beats go on to its end.
      let top = t <= period ? 0 : -Infinity;
      let step = 0;
      for (let p = shortest; p <= longest; p++) {
        const from = t - p;
        let value = best[from * beatsPerBar + previous]! - priceOf[p]!;
        for (let k = 1; k < places; k++) value += gain[previous * places + k]![from + offsetsOf[k]![p]!]!;
        if (value > top) {
          top = value;
          step = p;
        }
      }
      const at = t * beatsPerBar + b;
      const score = top + gain[b * places]![t]!;
      best[at] = score;
      stepBack[at] = step;
      if (t >= frames - period && score > endScore) {
        endScore = score;
        endAt = at;
      }
    }
  }
  return pathTo(endAt, stepBack, beatsPerBar);
}

/** What each place of the bar gains by lying at each frame. */
function gainsInTime(evidence: RhythmEvidence, { template, division, periods }: TrackOptions): Float32Array[] {
  const frames = periods.length;
  const barFrames = template.beatsPerBar * periods.slice().sort()[frames >> 1]!;
  const places = template.beatsPerBar * placesOf(division).length;
  const gain = Array.from({ length: places }, () => new Float32Array(frames));
  for (const kind of SOUND_KINDS) {
    const { nearby, reachFrames } = evidence[kind];
    const gains = placeGains(template.patterns[kind], division, { barFrames, reachFrames, strayShare: STRAY_SHARE });
    gain.forEach((sum, place) => {
      for (let t = 0; t < frames; t++) sum[t]! += gains[place]! * nearby[t]!;
    });
  }
  return gain;
}

function pathTo(end: number, stepBack: Int16Array, beatsPerBar: number): Int32Array {
  const beats: number[] = [];
  let t = Math.floor(end / beatsPerBar);
  let b = end % beatsPerBar;
  for (;;) {
    beats.push(t);
    const step = stepBack[t * beatsPerBar + b]!;
    if (step === 0) return Int32Array.from(beats.reverse());
    t -= step;
    b = (b + beatsPerBar - 1) % beatsPerBar;
  }
}
