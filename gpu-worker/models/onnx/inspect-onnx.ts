/**
 * Looks through an ONNX file before onnxruntime opens it. Accepted is one self-contained file of operators that the runtime brings
 * along; everything that would make it read other files, load code, or allocate what the file does not hold is refused.
 */
import { rejectModelFile } from '../model-file-error.ts';
import { inspectTensor } from './inspect-tensor.ts';
import { openProtobufFile } from './protobuf-file.ts';
import type { ProtobufFile, ProtobufSpan } from './protobuf-file.ts';

/** protobuf can hold no more. */
const MOST_BYTES = 2 ** 31 - 1;
const MOST_NODES = 100_000;
const MOST_TENSORS = 100_000;
const DEEPEST_SUBGRAPH = 8;
/** Of a tensor that a node makes out of nothing but a shape: 1 GiB of float32. */
const MOST_MADE_ELEMENTS = 2 ** 28;

/** Operator sets that are part of onnxruntime itself. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);
/** Nodes that name files or code outside the model, in known domains. */
const FORBIDDEN_NODES: ReadonlySet<string> = new Set(['EPContext', 'PyOp', 'TorchScript', 'ATen']);
/** Nodes that make a tensor as large as one of their inputs says, by the position of that input. */
const SHAPE_INPUT: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Tile: 1 };

const MODEL = { irVersion: 1, graph: 7, opset: 8, training: 20, functions: 25 } as const;
const GRAPH = { node: 1, tensor: 5, input: 11, output: 12, sparseTensor: 15 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const ATTRIBUTE = {
  name: 1,
  integers: 8,
  tensor: 5,
  graph: 6,
  tensors: 10,
  graphs: 11,
  sparse: 22,
  sparses: 23,
} as const;
const FUNCTION = { name: 1, node: 7, domain: 10 } as const;

export interface OnnxValue {
  readonly name: string;
  /** Null for a size that is symbolic or not said. */
  readonly shape: readonly (number | null)[];
}

export interface OnnxSummary {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: number;
}

/**
 * Reads the structure, not the weights: milliseconds, and little memory, for any size.
 * @throws ModelFileError when the file is no ONNX model, damaged, or asks for anything outside itself.
 */
export function inspectOnnx(path: string): OnnxSummary {
  const file = openProtobufFile(path);
  try {
    if (file.whole.end > MOST_BYTES)
      rejectModelFile(`the model has ${file.whole.end} bytes; at most ${MOST_BYTES} work`);
    return createInspection(file).model();
  } finally {
    file.close();
  }
}

function createInspection(file: ProtobufFile): { model(): OnnxSummary } {
  const ownFunctions = new Set<string>();
  /** Short int64 tensors by name: shapes that nodes may be given. */
  const shapes = new Map<string, readonly number[]>();
  let nodes = 0;
  let tensors = 0;

  function model(): OnnxSummary {
    const graphs: ProtobufSpan[] = [];
    const functions: ProtobufSpan[] = [];
    let irVersion = 0;
    let opsets = 0;
    for (const field of file.fields(file.whole)) {
      if (field.number === MODEL.irVersion) irVersion = field.value;
      else if (field.number === MODEL.graph) graphs.push(field);
      else if (field.number === MODEL.opset) opsets += 1;
      else if (field.number === MODEL.training) rejectModelFile('the model carries training information');
      else if (field.number === MODEL.functions) functions.push(field);
    }
    const [graph] = graphs;
    if (graph === undefined || graphs.length > 1 || irVersion < 1 || opsets < 1) {
      return rejectModelFile('this is no ONNX model');
    }
    for (const span of functions) ownFunctions.add(functionName(span));
    for (const span of functions)
      for (const field of file.fields(span)) if (field.number === FUNCTION.node) node(field, 1);
    inspectGraph(graph, 0);
    const inputs: OnnxValue[] = [];
    const outputs: OnnxValue[] = [];
    for (const field of file.fields(graph)) {
      if (field.number === GRAPH.input) inputs.push(readValue(file, field));
      else if (field.number === GRAPH.output) outputs.push(readValue(file, field));
    }
    // Up to IR version 3 the weights are listed among the inputs.
    return { inputs: inputs.filter(({ name }) => !tensorNames.has(name)), outputs, nodes };
  }

  const tensorNames = new Set<string>();

  function inspectGraph(span: ProtobufSpan, depth: number): void {
    if (depth > DEEPEST_SUBGRAPH) rejectModelFile(`the model's graphs are nested more than ${DEEPEST_SUBGRAPH} deep`);
    // Tensors first: a node may name one that stands after it in the file.
    for (const field of file.fields(span)) {
      if (field.number === GRAPH.tensor) tensor(field);
      else if (field.number === GRAPH.sparseTensor) rejectModelFile('the model has sparse tensors');
    }
    for (const field of file.fields(span)) if (field.number === GRAPH.node) node(field, depth);
  }

  function tensor(span: ProtobufSpan): readonly number[] | null {
    tensors += 1;
    if (tensors > MOST_TENSORS) rejectModelFile(`the model has more than ${MOST_TENSORS} tensors`);
    const { name, integers } = inspectTensor(file, span);
    tensorNames.add(name);
    if (integers !== null) shapes.set(name, integers);
    return integers;
  }

  function node(span: ProtobufSpan, depth: number): void {
    nodes += 1;
    if (nodes > MOST_NODES) rejectModelFile(`the model has more than ${MOST_NODES} nodes`);
    const inputs: string[] = [];
    const outputs: string[] = [];
    let operator = '';
    let domain = '';
    let constant: readonly number[] | null = null;
    for (const field of file.fields(span)) {
      if (field.number === NODE.input) inputs.push(file.text(field));
      else if (field.number === NODE.output) outputs.push(file.text(field));
      else if (field.number === NODE.operator) operator = file.text(field);
      else if (field.number === NODE.domain) domain = file.text(field);
      else if (field.number === NODE.attribute) constant = attribute(field, depth) ?? constant;
    }
    if (FORBIDDEN_NODES.has(operator)) rejectModelFile(`the model has a node "${operator}", which reaches outside it`);
    if (!KNOWN_DOMAINS.has(domain) && !ownFunctions.has(`${domain}\n${operator}`)) {
      rejectModelFile(`the model needs "${operator}" of the unknown operator domain "${domain}"`);
    }
    if (operator === 'Constant' && constant !== null && outputs[0] !== undefined) shapes.set(outputs[0], constant);
    const shapeInput = inputs[SHAPE_INPUT[operator] ?? -1];
    const shape = (shapeInput === undefined ? undefined : shapes.get(shapeInput)) ?? [];
    const made = shape.reduce((product, size) => product * size, 1);
    if (made > MOST_MADE_ELEMENTS) rejectModelFile(`a node "${operator}" of the model makes ${made} numbers`);
  }

  function attribute(span: ProtobufSpan, depth: number): readonly number[] | null {
    let constant: readonly number[] | null = null;
    for (const field of file.fields(span)) {
      if (field.number === ATTRIBUTE.tensor || field.number === ATTRIBUTE.tensors) constant = tensor(field);
      else if (field.number === ATTRIBUTE.graph || field.number === ATTRIBUTE.graphs) inspectGraph(field, depth + 1);
      else if (field.number === ATTRIBUTE.sparse || field.number === ATTRIBUTE.sparses) {
        rejectModelFile('the model has sparse tensors');
      }
    }
    return constant;
  }

  function functionName(span: ProtobufSpan): string {
    let name = '';
    let domain = '';
    for (const field of file.fields(span)) {
      if (field.number === FUNCTION.name) name = file.text(field);
      else if (field.number === FUNCTION.domain) domain = file.text(field);
    }
    return `${domain}\n${name}`;
  }

  return { model };
}

/** ValueInfoProto: 1 name, 2 TypeProto { 1 tensor { 2 shape { 1 dimension { 1 size } } } }. */
function readValue(file: ProtobufFile, span: ProtobufSpan): OnnxValue {
  const inside = (parent: ProtobufSpan, number: number): ProtobufSpan[] =>
    [...file.fields(parent)].filter((field) => field.number === number && field.isBytes);
  const [name] = inside(span, 1);
  const dimensions = inside(span, 2)
    .flatMap((type) => inside(type, 1))
    .flatMap((tensor) => inside(tensor, 2))
    .flatMap((shape) => inside(shape, 1));
  return {
    name: name === undefined ? '' : file.text(name),
    shape: dimensions.map((dimension) => {
      const size = [...file.fields(dimension)].find((field) => field.number === 1)?.value;
      return size === undefined || size < 0 ? null : size;
    }),
  };
}
