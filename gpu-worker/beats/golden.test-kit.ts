import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Little-endian float32 numbers that `testdata/make_golden.py` wrote. */
export async function readGolden(name: string): Promise<Float32Array> {
  const bytes = await readFile(join(import.meta.dirname, 'testdata', name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), a.length === b.length ? 0 : Infinity);
}
