/** A TensorProto of an ONNX file, checked without loading its numbers. */
import { PbfReader } from 'pbf';
import { rejectModelFile } from '../model-file-error.ts';
import type { ProtobufFile, ProtobufSpan } from './protobuf-file.ts';

/** TensorProto. */
const FIELD = { dims: 1, dataType: 2, segment: 3, name: 8, rawData: 9, externalData: 13, dataLocation: 14 } as const;
/** float_data, int32_data, string_data, int64_data, double_data, uint64_data. */
const TYPED_DATA: ReadonlySet<number> = new Set([4, 5, 6, 7, 10, 11]);
/** Bits by TensorProto.DataType. Strings (8) have no fixed size and are in no model that this room runs. */
const BITS: Readonly<Record<number, number>> = {
  1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128, 16: 16,
  17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4,
}; // prettier-ignore
const INT64 = 7;
const MOST_DIMENSIONS = 16;
/** Tensors up to this length are read as the numbers they may be: shapes. */
const MOST_SHAPE_ENTRIES = 16;

export interface OnnxTensor {
  readonly name: string;
  readonly elements: number;
  /** The numbers of a short int64 tensor; null for any other. */
  readonly integers: readonly number[] | null;
}

/** @throws ModelFileError when its numbers are not all in this very file, or are fewer or more than its shape says. */
export function inspectTensor(file: ProtobufFile, span: ProtobufSpan): OnnxTensor {
  const dims: number[] = [];
  let name = '';
  let dataType = 0;
  let raw: ProtobufSpan | null = null;
  let typedBytes = 0;
  let typedIntegers: readonly number[] | null = null;
  for (const field of file.fields(span)) {
    if (field.number === FIELD.dims) dims.push(...(field.isBytes ? packed(file, field) : [field.value]));
    else if (field.number === FIELD.dataType) dataType = field.value;
    else if (field.number === FIELD.name) name = file.text(field);
    else if (field.number === FIELD.rawData) raw = field;
    else if (field.number === FIELD.segment) rejectModelFile('a tensor is stored in segments');
    else if (field.number === FIELD.externalData) rejectModelFile('a tensor keeps its numbers in another file');
    else if (field.number === FIELD.dataLocation && field.value !== 0) {
      rejectModelFile('a tensor keeps its numbers in another file');
    } else if (TYPED_DATA.has(field.number)) {
      typedBytes += field.end - field.start;
      const isShort = field.isBytes && field.number === INT64 && field.end - field.start <= 10 * MOST_SHAPE_ENTRIES;
      if (isShort) typedIntegers = packed(file, field);
    }
    if (dims.length > MOST_DIMENSIONS) rejectModelFile(`a tensor has more than ${MOST_DIMENSIONS} dimensions`);
  }

  if (dims.some((dim) => dim < 0)) rejectModelFile(`the tensor "${name}" has a negative size`);
  const bits = BITS[dataType] ?? rejectModelFile(`the tensor "${name}" is of the unknown type ${dataType}`);
  const elements = dims.reduce((product, dim) => product * dim, 1);
  if (raw !== null) {
    const rawBytes = raw.end - raw.start;
    const wanted = Math.ceil((elements * bits) / 8);
    if (rawBytes !== wanted) rejectModelFile(`the tensor "${name}" has ${rawBytes} bytes; its shape needs ${wanted}`);
  } else if (elements > typedBytes * 2) {
    // Every number takes half a byte at the least: what is claimed must be there.
    rejectModelFile(`the tensor "${name}" claims ${elements} numbers in ${typedBytes} bytes`);
  }
  const isShape = dataType === INT64 && elements <= MOST_SHAPE_ENTRIES;
  return { name, elements, integers: isShape ? (raw === null ? typedIntegers : rawIntegers(file, raw)) : null };
}

function packed(file: ProtobufFile, span: ProtobufSpan): number[] {
  const pbf = new PbfReader(file.bytes(span, 10 * MOST_SHAPE_ENTRIES));
  const numbers: number[] = [];
  while (pbf.pos < pbf.length) numbers.push(pbf.readVarint(true));
  return numbers;
}

function rawIntegers(file: ProtobufFile, span: ProtobufSpan): number[] {
  const bytes = file.bytes(span, 8 * MOST_SHAPE_ENTRIES);
  return Array.from({ length: bytes.length / 8 }, (_, index) => Number(bytes.readBigInt64LE(8 * index)));
}
