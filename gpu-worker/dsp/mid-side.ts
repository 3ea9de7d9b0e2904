// What both channels share, and what tells them apart.

/** mid = (L + R) / 2 in both channels; side = (L - R) / 2 left and its negative right. mid + side = the input. */
export function splitMidSide(
  left: Float32Array,
  right: Float32Array,
): { readonly mid: readonly [Float32Array, Float32Array]; readonly side: readonly [Float32Array, Float32Array] } {
  if (left.length !== right.length) {
    throw new RangeError(`channels of ${String(left.length)} and ${String(right.length)} samples`);
  }
  const mid = left.map((l, n) => (l + right[n]!) / 2);
  const side = left.map((l, n) => (l - right[n]!) / 2);
  return { mid: [mid, mid.slice()], side: [side, side.map((s) => -s)] };
}
