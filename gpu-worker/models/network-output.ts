import type { InferenceSession } from 'onnxruntime-node';

/**
 * What a network says by one of its outputs: so many finite numbers.
 * @throws RangeError where it says less, more or what no number is: a damaged file, or arithmetic that overflowed.
 */
export function networkOutput(results: InferenceSession.ReturnType, name: string, length: number): Float32Array {
  const values = results[name]?.data as Float32Array | undefined;
  if (values?.length !== length) {
    throw new RangeError(`${name}: ${String(values?.length)} values, wanted ${String(length)}`);
  }
  if (!values.every((value) => Number.isFinite(value))) throw new RangeError(`${name}: values that are not finite`);
  return values;
}
