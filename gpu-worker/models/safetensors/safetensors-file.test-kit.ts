/** Writes small safetensors files. */

export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export function safetensorsBytes(tensors: readonly WrittenTensor[]): Buffer {
  let at = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const from = at;
    at += 4 * values.length;
    return [name, { dtype: 'F32', shape, data_offsets: [from, at] }] as const;
  });
  const header = Object.fromEntries(entries);
  const data = new Uint8Array(Float32Array.from(tensors.flatMap(({ values }) => values)).buffer);
  return withHeader(JSON.stringify({ __metadata__: { format: 'pt' }, ...header }), data);
}

export function withHeader(header: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header), data]);
}
