// Plain values with typed arrays in them, as bytes that know whether they are whole: JSON, and after it the arrays' elements as they lie in memory,
// gzipped, with gzip's checksum.
import { constants, gunzipSync, gzipSync } from 'node:zlib';

const KINDS = { Float32Array, Int32Array, Uint16Array } as const;
type Kind = keyof typeof KINDS;
type NumberArray = InstanceType<(typeof KINDS)[Kind]>;

/** Stands for an array in the JSON. */
interface ArrayMark {
  readonly $array: Kind;
  /** Where its elements begin, in bytes from the end of the JSON. */
  readonly at: number;
  readonly length: number;
}

/** Of this many bytes each: the JSON's length before it, and what arrays begin at multiples of. */
const UNIT = 4;

/** @param values JSON with typed arrays of these kinds; numbers outside of them are finite */
export function packValues(values: unknown): Uint8Array {
  const arrays: Buffer[] = [];
  let at = 0;
  const json = JSON.stringify(values, (_, value: unknown) => {
    const kind = kindOf(value);
    if (kind === null) {
      if (ArrayBuffer.isView(value) || typeof value === 'function') throw new TypeError('this cannot be packed');
      return value;
    }
    const { buffer, byteOffset, byteLength, length } = value as NumberArray;
    const padding = -byteLength & (UNIT - 1);
    const mark: ArrayMark = { $array: kind, at, length };
    arrays.push(Buffer.from(buffer, byteOffset, byteLength), Buffer.alloc(padding));
    at += byteLength + padding;
    return mark;
  });
  const text = Buffer.from(json);
  const head = Buffer.alloc(UNIT + text.length + (-text.length & (UNIT - 1)), ' ');
  head.writeUInt32LE(head.length - UNIT);
  head.set(text, UNIT);
  return gzipSync(Buffer.concat([head, ...arrays]), { level: constants.Z_BEST_SPEED });
}

/** Null for bytes that are damaged, cut short or something else. Of whole ones the caller knows what they are. */
export function unpackValues(packed: Uint8Array): unknown {
  const bytes = gunzipWhole(packed);
  if (bytes === null || bytes.length < UNIT) return null;
  const start = UNIT + bytes.readUInt32LE();
  if (start > bytes.length) return null;
  let isWhole = true;
  const json = bytes.toString('utf8', UNIT, start);
  const values = parseJson(json, (value) => {
    if (!isMark(value)) return value;
    const array = arrayAt(bytes.subarray(start), value);
    isWhole &&= array !== null;
    return array;
  });
  return isWhole ? values : null;
}

/** Null for other text. */
function parseJson(text: string, revive: (value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => revive(value));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Null where there is no such array. */
function arrayAt({ buffer, byteOffset, length: bytes }: Buffer, { $array: kind, at, length }: ArrayMark): unknown {
  if (!Object.hasOwn(KINDS, kind) || ![at, length].every((count) => Number.isSafeInteger(count) && count >= 0))
    return null;
  const end = at + length * KINDS[kind].BYTES_PER_ELEMENT;
  return end > bytes ? null : new KINDS[kind](buffer.slice(byteOffset + at, byteOffset + end) as ArrayBuffer);
}

function kindOf(value: unknown): Kind | null {
  const names = Object.keys(KINDS) as Kind[];
  return names.find((name) => value instanceof KINDS[name]) ?? null;
}

function isMark(value: unknown): value is ArrayMark {
  return typeof value === 'object' && value !== null && '$array' in value;
}

function gunzipWhole(packed: Uint8Array): Buffer | null {
  try {
    return gunzipSync(packed);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR') return null;
    throw error;
  }
}
