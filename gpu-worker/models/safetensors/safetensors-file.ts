/** Reads safetensors: the length of a JSON header, the header, which says what lies where, and numbers, all little-endian. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { readAvailable } from '../../engine/read-fully.ts';
import { decodeNumbers, ITEM_BYTES } from '../ctranslate2/number-types.ts';
import type { NumberType } from '../ctranslate2/number-types.ts';
import { rejectModelFile } from '../model-file-error.ts';

const LENGTH_BYTES = 8;
const MOST_HEADER_BYTES = 16 * 1024 * 1024;
const TYPES: Readonly<Record<string, NumberType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

const size = z.int().nonnegative();
const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(size).max(8), data_offsets: z.tuple([size, size]) }),
);

export interface SafetensorsFile {
  /** Sizes of each tensor by its name, outermost first. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Row-major; the caller owns the array. @throws ModelFileError when there is no such tensor, or not of floating point. */
  readFloat32(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** @throws ModelFileError when the file is damaged or of another kind. No allocation is larger than the file is. */
export async function openSafetensorsFile(path: string): Promise<SafetensorsFile> {
  const file = await open(path, 'r');
  try {
    const { size: fileBytes } = await file.stat();
    const length = fileBytes < LENGTH_BYTES ? 0n : (await readExactly(file, 0, LENGTH_BYTES)).readBigUInt64LE();
    if (length === 0n || length > BigInt(Math.min(MOST_HEADER_BYTES, fileBytes - LENGTH_BYTES))) {
      rejectModelFile('this is no safetensors file: its header does not fit');
    }
    const start = LENGTH_BYTES + Number(length);
    const header = parseHeader((await readExactly(file, LENGTH_BYTES, Number(length))).toString('utf8'));
    for (const [
      name,
      {
        data_offsets: [from, to],
      },
    ] of header) {
      if (from > to || start + to > fileBytes) rejectModelFile(`"${name}" lies outside of the file`);
    }
    return {
      shapes: new Map([...header].map(([name, { shape }]) => [name, shape])),
      async readFloat32(name) {
        const {
          dtype,
          shape,
          data_offsets: [from, to],
        } = header.get(name) ?? rejectModelFile(`the model has no tensor "${name}"`);
        const type = TYPES[dtype] ?? rejectModelFile(`"${name}" is of ${dtype}`);
        const bytes = shape.reduce((product, count) => product * count, ITEM_BYTES[type]);
        if (to - from !== bytes) rejectModelFile(`"${name}" has ${to - from} bytes, not ${bytes}`);
        return decodeNumbers(type, await readExactly(file, start + from, bytes));
      },
      close: async () => await file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function parseHeader(text: string): Map<string, z.output<typeof headerSchema>[string]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return rejectModelFile(`the header is no JSON: ${String(error)}`);
  }
  const { __metadata__: _, ...tensors } = (parsed ?? {}) as Record<string, unknown>;
  const checked = headerSchema.safeParse(tensors);
  if (!checked.success) return rejectModelFile(`the header is not that of safetensors: ${checked.error.message}`);
  return new Map(Object.entries(checked.data));
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  if ((await readAvailable(file, buffer, position)) < length) rejectModelFile('the file ends too early');
  return buffer;
}
