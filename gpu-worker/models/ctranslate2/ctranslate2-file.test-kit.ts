/** Writes small CTranslate2 files, as python/ctranslate2/specs/model_spec.py does. */

/** The numbers of CTranslate2's `DataType`. */
export const TYPE_NUMBER = { float32: 0, int8: 1, int16: 2, int32: 3, float16: 4, bfloat16: 5 } as const;

export interface WrittenVariable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: keyof typeof TYPE_NUMBER;
  readonly bytes: Uint8Array;
}

export function float32Variable(name: string, shape: readonly number[], values: readonly number[]): WrittenVariable {
  return { name, shape, type: 'float32', bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

export function ctranslate2Bytes(
  spec: string,
  variables: readonly WrittenVariable[],
  aliases: Readonly<Record<string, string>> = {},
  version = 6,
): Buffer {
  const pieces: Buffer[] = [integer(version, 4), text(spec), integer(3, 4), integer(variables.length, 4)];
  for (const { name, shape, type, bytes } of variables) {
    pieces.push(text(name), integer(shape.length, 1), ...shape.map((size) => integer(size, 4)));
    pieces.push(integer(TYPE_NUMBER[type], 1), integer(bytes.length, 4), Buffer.from(bytes));
  }
  pieces.push(integer(Object.keys(aliases).length, 4));
  for (const [alias, name] of Object.entries(aliases)) pieces.push(text(alias), text(name));
  return Buffer.concat(pieces);
}

function integer(value: number, bytes: 1 | 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  return Buffer.concat([integer(bytes.length, 2), bytes]);
}
