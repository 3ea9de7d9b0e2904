// How well spans of time agree with the chords: what sounds within a chord is alike, across a change it is not.
import { CHROMA_FRAMES_PER_SECOND, PITCH_CLASSES } from '../dsp/chroma-flux.ts';

export interface PitchClassSpans {
  /**
   * How alike the pitch classes are within each span, as the mean resultant length of unit vectors (Mardia and Jupp 2000, "Directional Statistics"),
   * averaged over the sounding frames.
   * @param edgesSeconds rising; each span lies between two
   * @returns 0 to 1
   */
  coherence(edgesSeconds: readonly number[]): number;
  /** By how much spans of half a second are more alike than spans that no chord lasts: the range that coherences lie in. */
  readonly range: number;
}

const SHORT_SECONDS = 0.4;
const LONG_SECONDS = 8;
/** Where chords hardly differ, coherences tell nothing. */
const LEAST_RANGE = 0.02;
const RANGE_FLOOR = 0.01;

/** @param pitchClasses as of `peakChroma` */
export function pitchClassSpans(pitchClasses: Float32Array): PitchClassSpans {
  const frames = pitchClasses.length / PITCH_CLASSES;
  const sums = new Float64Array((frames + 1) * PITCH_CLASSES);
  const sounding = new Float64Array(frames + 1);
  for (let t = 0; t < frames; t++) {
    const length = Math.hypot(...pitchClasses.subarray(t * PITCH_CLASSES, (t + 1) * PITCH_CLASSES));
    const scale = length > 0 ? 1 / length : 0;
    sounding[t + 1] = sounding[t]! + Number(length > 0);
    for (let k = t * PITCH_CLASSES; k < (t + 1) * PITCH_CLASSES; k++)
      sums[k + PITCH_CLASSES] = sums[k]! + scale * pitchClasses[k]!;
  }
  const frameOf = (seconds: number): number =>
    Math.max(0, Math.min(frames, Math.round(seconds * CHROMA_FRAMES_PER_SECOND)));
  const coherence = (edgesSeconds: readonly number[]): number => {
    let total = 0;
    let count = 0;
    for (let n = 1; n < edgesSeconds.length; n++) {
      const [from, to] = [frameOf(edgesSeconds[n - 1]!), frameOf(edgesSeconds[n]!)];
      let squares = 0;
      for (let k = 0; k < PITCH_CLASSES; k++)
        squares += (sums[to * PITCH_CLASSES + k]! - sums[from * PITCH_CLASSES + k]!) ** 2;
      total += Math.sqrt(squares);
      count += sounding[to]! - sounding[from]!;
    }
    return count > 0 ? total / count : 1;
  };
  const even = (seconds: number): number => {
    const spans = Math.ceil(frames / CHROMA_FRAMES_PER_SECOND / seconds);
    return coherence(Array.from({ length: spans + 1 }, (_, n) => n * seconds));
  };
  return { coherence, range: Math.max(LEAST_RANGE, even(SHORT_SECONDS) - even(LONG_SECONDS)) + RANGE_FLOOR };
}
