/** Decoded floats back to the 16-bit samples that were packed, to the last bit. */

/** Decoders divide what is above zero by one of these; below it is always the larger. */
const FULL_SCALES = [32_768, 32_767] as const;
const LOOKED_AT = 256;

/** @param length of the result; silent where `floats` is shorter */
export function wholeSamples(floats: Float32Array, length: number): Int16Array<ArrayBuffer> {
  const positive = scaleAboveZero(floats);
  const whole = new Int16Array(length);
  for (let at = 0; at < Math.min(length, floats.length); at++) {
    const value = floats[at] as number;
    whole[at] = Math.round(value * (value > 0 ? positive : FULL_SCALES[0]));
  }
  return whole;
}

/** The one under which samples are whole numbers. */
function scaleAboveZero(floats: Float32Array): number {
  const [usual, other] = FULL_SCALES;
  let [offUsual, offOther] = [0, 0];
  const step = Math.max(1, Math.floor(floats.length / LOOKED_AT));
  for (let at = 0; at < floats.length; at += step) {
    const value = floats[at] as number;
    if (value <= 0) continue;
    offUsual += Math.abs(value * usual - Math.round(value * usual));
    offOther += Math.abs(value * other - Math.round(value * other));
  }
  return offOther < offUsual ? other : usual;
}
