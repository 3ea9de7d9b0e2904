/**
 * Reads CTranslate2's `model.bin`, versions 4 to 6 (python/ctranslate2/specs/model_spec.py, `_serialize`): after a header
 * one variable after the other, each with its name, sizes and numbers, then second names for some of them. All little-endian.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { readAvailable } from '../../engine/read-fully.ts';
import { rejectModelFile } from '../model-file-error.ts';
import { decodeNumbers, ITEM_BYTES } from './number-types.ts';
import type { NumberType } from './number-types.ts';

const OLDEST_VERSION = 4;
const NEWEST_VERSION = 6;
const MOST_VARIABLES = 100_000;
const MOST_DIMENSIONS = 8;
/** In the order of CTranslate2's `DataType`. */
const TYPES: readonly NumberType[] = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'];

export interface Ctranslate2Variable {
  readonly name: string;
  /** Sizes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  readonly type: NumberType;
}

/** Holds the file open until {@link Ctranslate2File.close}. */
export interface Ctranslate2File {
  /** Such as `WhisperSpec`. */
  readonly spec: string;
  /** By their own and their second names. */
  readonly variables: ReadonlyMap<string, Ctranslate2Variable>;
  /**
   * The values as float32, row-major. Arrays of int8 and int16 are divided by their `<name>_scale`, one per row or one for all;
   * single integers are settings and come as they are. The caller owns the array.
   * @throws ModelFileError when there is no such variable, or none of its scale.
   */
  readFloat32(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

interface Entry extends Ctranslate2Variable {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** @throws ModelFileError when the file is damaged or of another kind. No allocation is larger than the file is. */
export async function openCtranslate2File(path: string): Promise<Ctranslate2File> {
  const file = await open(path, 'r');
  try {
    const { spec, entries } = await readIndex(file);
    const readNumbers = async (entry: Entry): Promise<Float32Array> =>
      decodeNumbers(entry.type, await readExactly(file, entry.offsetBytes, entry.sizeBytes));
    return {
      spec,
      variables: entries,
      async readFloat32(name) {
        const entry = entries.get(name) ?? rejectModelFile(`the model has no variable "${name}"`);
        const values = await readNumbers(entry);
        const isQuantised = (entry.type === 'int8' || entry.type === 'int16') && entry.shape.length > 0;
        if (!isQuantised) return values;
        const scale = entries.get(`${entry.name}_scale`) ?? rejectModelFile(`"${name}" has no scale`);
        return divideRows(values, await readNumbers(scale), name);
      },
      close: async () => await file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readIndex(file: FileHandle): Promise<{ spec: string; entries: Map<string, Entry> }> {
  const { size } = await file.stat();
  let at = 0;
  const take = async (bytes: number): Promise<Buffer> => {
    if (bytes > size - at) rejectModelFile(`the model ends at byte ${size}, within what should follow byte ${at}`);
    const piece = await readExactly(file, at, bytes);
    at += bytes;
    return piece;
  };
  const takeText = async (): Promise<string> => {
    const length = (await take(2)).readUInt16LE();
    // A zero byte ends it, and is counted.
    return (await take(length)).toString('utf8', 0, Math.max(0, length - 1));
  };

  const version = (await take(4)).readUInt32LE();
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
    rejectModelFile(`this is no CTranslate2 model of version ${OLDEST_VERSION} to ${NEWEST_VERSION} but of ${version}`);
  }
  const spec = await takeText();
  const count = (await take(8)).readUInt32LE(4);
  if (count > MOST_VARIABLES) rejectModelFile(`the model claims ${count} variables`);
  const entries = new Map<string, Entry>();
  for (let index = 0; index < count; index++) {
    const name = await takeText();
    const rank = (await take(1)).readUInt8();
    if (rank > MOST_DIMENSIONS) rejectModelFile(`"${name}" has ${rank} dimensions; at most ${MOST_DIMENSIONS} work`);
    const sizes = await take(4 * rank);
    const shape = Array.from({ length: rank }, (_, axis) => sizes.readUInt32LE(4 * axis));
    const facts = await take(5);
    const typeNumber = facts.readUInt8();
    const type = TYPES[typeNumber] ?? rejectModelFile(`"${name}" is of the unknown type ${typeNumber}`);
    const sizeBytes = facts.readUInt32LE(1);
    const wanted = shape.reduce((product, length) => product * length, ITEM_BYTES[type]);
    if (sizeBytes !== wanted) rejectModelFile(`"${name}" has ${sizeBytes} bytes; its shape needs ${wanted}`);
    if (sizeBytes > size - at) rejectModelFile(`the model ends within "${name}"`);
    entries.set(name, { name, shape, type, offsetBytes: at, sizeBytes });
    at += sizeBytes;
  }
  const aliases = (await take(4)).readUInt32LE();
  if (aliases > MOST_VARIABLES) rejectModelFile(`the model claims ${aliases} second names`);
  for (let index = 0; index < aliases; index++) {
    const alias = await takeText();
    const name = await takeText();
    entries.set(alias, entries.get(name) ?? rejectModelFile(`"${alias}" stands for "${name}", which is not there`));
  }
  return { spec, entries };
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const bytes = await readAvailable(file, buffer, position);
  if (bytes < length) rejectModelFile(`the model ends within what should follow byte ${position}`);
  return buffer;
}

function divideRows(values: Float32Array, scales: Float32Array, name: string): Float32Array {
  if (scales.length === 0 || values.length % scales.length !== 0) {
    rejectModelFile(`"${name}" has ${values.length} numbers and ${scales.length} scales`);
  }
  const columns = values.length / scales.length;
  return values.map((value, index) => value / scales[Math.floor(index / columns)]!);
}
