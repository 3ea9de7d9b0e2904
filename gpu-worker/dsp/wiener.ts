// Multichannel Wiener filter for stereo (Duong, Vincent, Gribonval 2010, "Under-determined reverberant audio source separation using
// a full-rank spatial covariance model", IEEE TASLP 18(7), eq. 9-11): source j at a bin is v_j(t)·R_j, a power times a place.

export interface StereoWienerOptions {
  readonly sources: number;
  readonly bins: number;
  /**
   * Share of every source that is taken to come from everywhere, relative to its covariance of trace 2; keeps mono material
   * invertible. The sources still sum to the mix.
   */
  readonly loading: number;
}

/** Rows of `bins` numbers, one per source. */
export type SourceRows = readonly Float64Array[];

/** One stereo frame within larger arrays of interleaved re, im: where each channel's bin 0 lies. */
export interface StereoFrame {
  readonly values: Float32Array;
  readonly left: number;
  readonly right: number;
}

export interface StereoWiener {
  /** Forgets the places. */
  reset(): void;
  /** Adds a frame to the places: source j's share of it is the mix times `left[j]` and `right[j]`. */
  learn(frame: StereoFrame, left: SourceRows, right: SourceRows): void;
  /** Ends learning. */
  settle(): void;
  /**
   * @param powers v_j of the frame @param outputs per source a frame that receives its estimate
   * Where nothing has any power the mix is shared evenly.
   */
  filter(frame: StereoFrame, powers: SourceRows, outputs: readonly StereoFrame[]): void;
}

/** Determinants below this are those of silence. */
const MINIMUM_DETERMINANT = 1e-60;
const MINIMUM_TRACE = 1e-20;

export function createStereoWiener({ sources, bins, loading }: StereoWienerOptions): StereoWiener {
  const rows = (): Float64Array[] => Array.from({ length: sources }, () => new Float64Array(bins));
  // R_j = [leftPower, cross; conj(cross), rightPower], bin by bin.
  const leftPower = rows();
  const rightPower = rows();
  const crossRe = rows();
  const crossIm = rows();
  // The mix, whitened by its own covariance: (Σ v R)⁻¹ x.
  const white = new Float64Array(bins * 4);

  const whiten = ({ values, left, right }: StereoFrame, powers: SourceRows): void => {
    for (let bin = 0; bin < bins; bin++) {
      let a = 0;
      let d = 0;
      let re = 0;
      let im = 0;
      for (let j = 0; j < sources; j++) {
        const v = powers[j]![bin]!;
        a += v * leftPower[j]![bin]!;
        d += v * rightPower[j]![bin]!;
        re += v * crossRe[j]![bin]!;
        im += v * crossIm[j]![bin]!;
      }
      const determinant = a * d - re * re - im * im;
      const scale = determinant > MINIMUM_DETERMINANT ? 1 / determinant : 0;
      const lRe = values[left + 2 * bin]!;
      const lIm = values[left + 2 * bin + 1]!;
      const rRe = values[right + 2 * bin]!;
      const rIm = values[right + 2 * bin + 1]!;
      white[4 * bin] = scale * (d * lRe - (re * rRe - im * rIm));
      white[4 * bin + 1] = scale * (d * lIm - (re * rIm + im * rRe));
      white[4 * bin + 2] = scale * (a * rRe - (re * lRe + im * lIm));
      white[4 * bin + 3] = scale * (a * rIm - (re * lIm - im * lRe));
    }
  };

  return {
    reset() {
      for (const row of [leftPower, rightPower, crossRe, crossIm].flat()) row.fill(0);
    },
    learn({ values, left, right }, leftShares, rightShares) {
      for (let j = 0; j < sources; j++) {
        const [ofLeft, ofRight] = [leftShares[j]!, rightShares[j]!];
        const [a, d, re, im] = [leftPower[j]!, rightPower[j]!, crossRe[j]!, crossIm[j]!];
        for (let bin = 0; bin < bins; bin++) {
          const lRe = ofLeft[bin]! * values[left + 2 * bin]!;
          const lIm = ofLeft[bin]! * values[left + 2 * bin + 1]!;
          const rRe = ofRight[bin]! * values[right + 2 * bin]!;
          const rIm = ofRight[bin]! * values[right + 2 * bin + 1]!;
          a[bin]! += lRe * lRe + lIm * lIm;
          d[bin]! += rRe * rRe + rIm * rIm;
          re[bin]! += lRe * rRe + lIm * rIm;
          im[bin]! += lIm * rRe - lRe * rIm;
        }
      }
    },
    settle() {
      for (let j = 0; j < sources; j++) {
        for (let bin = 0; bin < bins; bin++) {
          const scale = 1 / ((leftPower[j]![bin]! + rightPower[j]![bin]!) / 2 + MINIMUM_TRACE);
          leftPower[j]![bin] = leftPower[j]![bin]! * scale + loading;
          rightPower[j]![bin] = rightPower[j]![bin]! * scale + loading;
          crossRe[j]![bin]! *= scale;
          crossIm[j]![bin]! *= scale;
        }
      }
    },
    filter(frame, powers, outputs) {
      whiten(frame, powers);
      for (let j = 0; j < sources; j++) {
        const { values, left, right } = outputs[j]!;
        const [v, a, d, re, im] = [powers[j]!, leftPower[j]!, rightPower[j]!, crossRe[j]!, crossIm[j]!];
        for (let bin = 0; bin < bins; bin++) {
          const lRe = white[4 * bin]!;
          const lIm = white[4 * bin + 1]!;
          const rRe = white[4 * bin + 2]!;
          const rIm = white[4 * bin + 3]!;
          values[left + 2 * bin] = v[bin]! * (a[bin]! * lRe + re[bin]! * rRe - im[bin]! * rIm);
          values[left + 2 * bin + 1] = v[bin]! * (a[bin]! * lIm + re[bin]! * rIm + im[bin]! * rRe);
          values[right + 2 * bin] = v[bin]! * (d[bin]! * rRe + re[bin]! * lRe + im[bin]! * lIm);
          values[right + 2 * bin + 1] = v[bin]! * (d[bin]! * rIm + re[bin]! * lIm - im[bin]! * lRe);
        }
      }
      shareEvenly(frame, outputs);
    },
  };

  /** Where the inverse was refused, `whiten` left zeros. */
  function shareEvenly(frame: StereoFrame, outputs: readonly StereoFrame[]): void {
    for (let bin = 0; bin < bins; bin++) {
      if (white[4 * bin] !== 0 || white[4 * bin + 1] !== 0 || white[4 * bin + 2] !== 0 || white[4 * bin + 3] !== 0)
        continue;
      for (const { values, left, right } of outputs) {
        for (let part = 2 * bin; part < 2 * bin + 2; part++) {
          values[left + part] = frame.values[frame.left + part]! / sources;
          values[right + part] = frame.values[frame.right + part]! / sources;
        }
      }
    }
  }
}
