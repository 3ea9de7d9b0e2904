/** From the power of 10 ms slices to the readings of a loudness meter: windows, gates, percentiles. */

/** Windows are built from slices, so momentary and short-term loudness are known 100 times a second. */
export const SLICES_PER_SECOND = 100;
/** Gating blocks of 400 ms overlap by 75 % (BS.1770-4); short-term blocks follow each other as fast (EBU Tech 3342). */
const STEP_SLICES = 10;
export const MOMENTARY_SLICES = 40;
export const SHORT_TERM_SLICES = 300;
const ABSOLUTE_GATE = powerOfLufs(-70);

/** Mean square, K-weighted and summed over channels, in LUFS. */
export function lufsOfPower(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function powerOfLufs(lufs: number): number {
  return 10 ** ((lufs + 0.691) / 10);
}

/** Mean power of every window of `length` slices that starts at a multiple of `step`. */
function windowPowers(slices: readonly number[], length: number, step: number): number[] {
  const powers: number[] = [];
  for (let start = 0; start + length <= slices.length; start += step) {
    let sum = 0;
    for (let slice = start; slice < start + length; slice++) sum += slices[slice] as number;
    powers.push(sum / length);
  }
  return powers;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Integrated loudness in LUFS (BS.1770-4, equations 5 to 7); null where nothing passes the absolute gate. */
export function gatedLoudness(slices: readonly number[]): number | null {
  const loud = windowPowers(slices, MOMENTARY_SLICES, STEP_SLICES).filter((power) => power > ABSOLUTE_GATE);
  if (loud.length === 0) return null;
  const relativeGate = mean(loud) / 10;
  return lufsOfPower(mean(loud.filter((power) => power > relativeGate)));
}

/** The loudest 400 ms in LUFS. */
export function maxMomentary(slices: readonly number[]): number | null {
  return loudest(windowPowers(slices, MOMENTARY_SLICES, 1));
}

/** The loudest 3 s in LUFS. */
export function maxShortTerm(slices: readonly number[]): number | null {
  return loudest(windowPowers(slices, SHORT_TERM_SLICES, 1));
}

function loudest(powers: readonly number[]): number | null {
  const most = powers.reduce((one, other) => Math.max(one, other), 0);
  return most === 0 ? null : lufsOfPower(most);
}

/** Loudness range in LU (EBU Tech 3342): from the 10th to the 95th percentile of what passes -70 LUFS and -20 LU. */
export function loudnessRange(slices: readonly number[]): number | null {
  const loud = windowPowers(slices, SHORT_TERM_SLICES, STEP_SLICES).filter((power) => power > ABSOLUTE_GATE);
  if (loud.length === 0) return null;
  const relativeGate = mean(loud) / 100;
  const ranked = loud.filter((power) => power > relativeGate).sort((one, other) => one - other);
  return lufsOfPower(percentile(ranked, 0.95)) - lufsOfPower(percentile(ranked, 0.1));
}

function percentile(ranked: readonly number[], share: number): number {
  return ranked[Math.round((ranked.length - 1) * share)] as number;
}
