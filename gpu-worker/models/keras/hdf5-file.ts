/** Reads tensors out of HDF5, the container of Keras' weights. Small files only: all of it is in memory. */
import { readFile } from 'node:fs/promises';
import { Dataset, File } from 'jsfive';
import { ModelFileError, rejectModelFile } from '../model-file-error.ts';

export interface Hdf5Tensor {
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
  /** Row-major; the caller owns it. */
  readonly values: Float32Array;
}

export interface Hdf5File {
  /**
   * @param path of a dataset, its groups before it, joined by slashes
   * @throws ModelFileError when there is none, it is damaged, or not of 32-bit floating point.
   */
  readFloat32(path: string): Hdf5Tensor;
}

/** @throws ModelFileError when the file is of another kind or damaged. */
export async function openHdf5File(path: string): Promise<Hdf5File> {
  const bytes = await readFile(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const file = reading('this is no HDF5 file', () => new File(buffer));
  return {
    // jsfive reads shape, type and values when they are asked for, so all of that may throw.
    readFloat32: (name) => reading(`the tensor "${name}" cannot be read`, () => readTensor(file, name)),
  };
}

function readTensor(file: File, name: string): Hdf5Tensor {
  const found = file.get(name);
  if (!(found instanceof Dataset)) return rejectModelFile(`"${name}" is no tensor`);
  const { shape, dtype } = found;
  if (dtype !== '<f4') rejectModelFile(`"${name}" is of ${String(dtype)}`);
  const values = Float32Array.from(found.value);
  const count = shape.reduce((product, size) => product * size, 1);
  if (values.length !== count) rejectModelFile(`"${name}" has ${values.length} numbers, not ${count}`);
  return { shape, values };
}

function reading<Result>(otherwise: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    return rejectModelFile(`${otherwise}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
