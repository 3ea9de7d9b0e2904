// Magnitudes in 16 bits each, as their logarithms: 0.025 % apart over 140 dB, so that rounding changes nothing that is heard in them.

export interface LevelCodes {
  /** The greatest of the magnitudes, which has the greatest code. */
  readonly top: number;
  /** 0 is 0. */
  readonly codes: Uint16Array;
}

const GREATEST_CODE = 65_535;
const CODES_PER_OCTAVE = 2800;

/** Of magnitudes from 0; what lies more than 23.4 octaves below the greatest is 0. */
export function toLevelCodes(levels: Float32Array): LevelCodes {
  const top = levels.reduce((most, level) => Math.max(most, level), 0);
  const codes = new Uint16Array(levels.length);
  if (top === 0) return { top, codes };
  const loudest = Math.log2(top);
  for (let n = 0; n < codes.length; n++) {
    codes[n] = Math.max(0, Math.round(GREATEST_CODE + CODES_PER_OCTAVE * (Math.log2(levels[n]!) - loudest)));
  }
  return { top, codes };
}

/** Coded again, these have the same codes. */
export function levelsOfCodes({ top, codes }: LevelCodes): Float32Array {
  const meanings = new Float32Array(GREATEST_CODE + 1);
  for (let code = 1; code <= GREATEST_CODE; code++) {
    meanings[code] = top * 2 ** ((code - GREATEST_CODE) / CODES_PER_OCTAVE);
  }
  const levels = new Float32Array(codes.length);
  for (let n = 0; n < levels.length; n++) levels[n] = meanings[codes[n]!]!;
  return levels;
}
