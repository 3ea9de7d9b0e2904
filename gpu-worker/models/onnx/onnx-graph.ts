/** Writes ONNX models (onnx.proto3) of the default operator domain: what the compilers of this room need, and no more. */
import { endianness } from 'node:os';
import { PbfWriter } from 'pbf';

/** IR version 8 is the oldest that allows opset 17, and every onnxruntime of the last years reads it. */
const IR_VERSION = 8;
const ELEMENT_TYPE = { float32: 1, int64: 7 } as const;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;

export type OnnxElementType = keyof typeof ELEMENT_TYPE;

/** A number names one size, a string a symbolic one such as `batch`. */
export type OnnxDimension = number | string;

/**
 * ONNX tells int attributes from float attributes by their type, and `1` may be either. A plain number or array is **int**;
 * floats are said: `{ float: 0.2 }`, `{ floats: [1, 2] }`; so are several strings: `{ strings: ['Sigmoid', 'Tanh'] }`.
 */
export type OnnxAttribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] };

export interface OnnxGraph {
  /** Declares a graph input and returns its name. */
  input(name: string, dims: readonly OnnxDimension[], type?: OnnxElementType): string;
  /** Declares that the value `name`, made by a node, is a graph output. */
  output(name: string, dims: readonly OnnxDimension[], type?: OnnxElementType): void;
  /**
   * An initializer: float32 from a Float32Array, int64 from a BigInt64Array. Returns its name. `data` is read when
   * {@link OnnxGraph.toBytes} is called.
   * @throws RangeError when `dims` and the number of elements disagree, or the name is taken.
   */
  constant(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): string;
  /**
   * Adds a node; nodes must be added in topological order.
   * @param outputs names of the outputs, or how many of them to name after the node.
   * @returns the name of the first output.
   */
  node(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[] | number,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string;
  toBytes(): Uint8Array;
}

interface Value {
  readonly name: string;
  readonly dims: readonly OnnxDimension[];
  readonly type: OnnxElementType;
}
interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}
interface Node {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** @param options.opset version of the default operator set; 17 unless told otherwise. */
export function createOnnxGraph(name: string, options: { readonly opset?: number } = {}): OnnxGraph {
  const opset = options.opset ?? 17;
  const inputs: Value[] = [];
  const outputs: Value[] = [];
  const tensors: Tensor[] = [];
  const nodes: Node[] = [];
  const known = new Set<string>(['']);

  function define(value: string): string {
    if (known.has(value)) throw new RangeError(`the ONNX value "${value}" is defined twice`);
    known.add(value);
    return value;
  }

  return {
    input(value, dims, type = 'float32') {
      inputs.push({ name: define(value), dims, type });
      return value;
    },
    output(value, dims, type = 'float32') {
      if (!known.has(value)) throw new RangeError(`the ONNX output "${value}" is made by no node`);
      outputs.push({ name: value, dims, type });
    },
    constant(value, dims, data) {
      const elements = dims.reduce((product, dim) => product * dim, 1);
      if (elements !== data.length) {
        throw new RangeError(
          `the constant "${value}" of shape [${dims.join()}] needs ${elements} elements, not ${data.length}`,
        );
      }
      tensors.push({ name: define(value), dims, data });
      return value;
    },
    node(opType, nodeInputs, outputsOrCount, attributes = {}) {
      const missing = nodeInputs.find((value) => !known.has(value));
      if (missing !== undefined) throw new RangeError(`${opType} reads "${missing}", which nothing made before it`);
      const nodeName = `${opType}_${nodes.length}`;
      const names =
        typeof outputsOrCount === 'number'
          ? Array.from({ length: outputsOrCount }, (_, index) => `${nodeName}_out${index}`)
          : outputsOrCount;
      const first = names[0];
      if (first === undefined) throw new RangeError(`${opType} has no output`);
      names.forEach(define);
      nodes.push({ name: nodeName, opType, inputs: nodeInputs, outputs: names, attributes });
      return first;
    },
    toBytes() {
      const pbf = new PbfWriter();
      pbf.writeVarintField(1, IR_VERSION);
      pbf.writeStringField(2, 'woodshed');
      pbf.writeMessage(
        7,
        (_, graph) => {
          for (const node of nodes) graph.writeMessage(1, writeNode, node);
          graph.writeStringField(2, name);
          for (const tensor of tensors) graph.writeMessage(5, writeTensor, tensor);
          for (const value of inputs) graph.writeMessage(11, writeValue, value);
          for (const value of outputs) graph.writeMessage(12, writeValue, value);
        },
        null,
      );
      pbf.writeMessage(
        8,
        (version, opsetId) => {
          opsetId.writeStringField(1, '');
          opsetId.writeVarintField(2, version);
        },
        opset,
      );
      return pbf.finish();
    },
  };
}

function writeNode(node: Node, pbf: PbfWriter): void {
  for (const value of node.inputs) pbf.writeStringField(1, value);
  for (const value of node.outputs) pbf.writeStringField(2, value);
  pbf.writeStringField(3, node.name);
  pbf.writeStringField(4, node.opType);
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
}

function writeAttribute([name, value]: [string, OnnxAttribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, integer(name, value));
    pbf.writeVarintField(20, ATTRIBUTE_TYPE.int);
  } else if (typeof value === 'string') {
    pbf.writeBytesField(4, Buffer.from(value, 'utf8'));
    pbf.writeVarintField(20, ATTRIBUTE_TYPE.string);
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, ATTRIBUTE_TYPE.float);
  } else if ('floats' in value) {
    for (const item of value.floats) pbf.writeFloatField(7, item);
    pbf.writeVarintField(20, ATTRIBUTE_TYPE.floats);
  } else if ('strings' in value) {
    for (const item of value.strings) pbf.writeBytesField(9, Buffer.from(item, 'utf8'));
    pbf.writeVarintField(20, ATTRIBUTE_TYPE.strings);
  } else {
    for (const item of value) pbf.writeVarintField(8, integer(name, item));
    pbf.writeVarintField(20, ATTRIBUTE_TYPE.ints);
  }
}

function integer(name: string, value: number): number {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`the int attribute "${name}" is ${value}; say { float: ${value} }`);
  return value;
}

function writeTensor(tensor: Tensor, pbf: PbfWriter): void {
  for (const dim of tensor.dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, tensor.data instanceof Float32Array ? ELEMENT_TYPE.float32 : ELEMENT_TYPE.int64);
  pbf.writeStringField(8, tensor.name);
  pbf.writeBytesField(9, littleEndianBytes(tensor.data));
}

function littleEndianBytes(data: Float32Array | BigInt64Array): Uint8Array {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (endianness() === 'LE') return bytes;
  return data.BYTES_PER_ELEMENT === 4 ? Buffer.from(bytes).swap32() : Buffer.from(bytes).swap64();
}

function writeValue(value: Value, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(
    2,
    (_, type) => {
      type.writeMessage(
        1,
        (__, tensor) => {
          tensor.writeVarintField(1, ELEMENT_TYPE[value.type]);
          tensor.writeMessage(
            2,
            (dims, shape) => {
              for (const dim of dims) {
                shape.writeMessage(
                  1,
                  (size, field) => {
                    if (typeof size === 'number') field.writeVarintField(1, size);
                    else field.writeStringField(2, size);
                  },
                  dim,
                );
              }
            },
            value.dims,
          );
        },
        null,
      );
    },
    null,
  );
}
