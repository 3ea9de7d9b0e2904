// Opens a published ONNX graph, checks it against the contract its separator was written for, and runs it on float32 numbers.
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type { GraphContract, GraphValue } from '../models/onnx/graph-contract.ts';
import type { SeparatorRuntime } from '../models/separator.ts';
import { createModelSession } from '../models/session.ts';

/** What a model's entry in the manifest promises too, with a batch of one. A graph may leave sizes symbolic. */
export type ModelContract = GraphContract;

export interface OnnxModel<Contract extends ModelContract = ModelContract> {
  /** The one of the accepted contracts that the graph has. */
  readonly contract: Contract;
  /** One array per input, in the contract's order; what comes back is one per output, the caller's to keep. */
  run(inputs: readonly Float32Array[]): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

type Metadata = InferenceSession.ValueMetadata;

/**
 * Loads the graph at `path` on the runtime's device. float16 inputs and outputs are converted on the way.
 * @param contracts what the separator can drive, most usual first; exports of one network differ in their names.
 * Thrown `RangeError` when the graph's inputs and outputs are none of them, saying what was found and what was wanted.
 */
export async function openOnnxModel<Contract extends ModelContract>(
  path: string,
  runtime: SeparatorRuntime,
  contracts: readonly Contract[],
): Promise<OnnxModel<Contract>> {
  const session = await createModelSession(path, runtime);
  const contract = contracts.find((candidate) => fits(session, candidate));
  if (contract === undefined) {
    const found = describe(session.inputMetadata, session.outputMetadata);
    await session.release();
    const wanted = contracts.map((candidate) => describe(candidate.inputs, candidate.outputs)).join(' or ');
    throw new RangeError(`the model takes ${found}; its separator wants ${wanted}`);
  }
  return {
    contract,
    async run(inputs) {
      const feeds: Record<string, Tensor> = {};
      for (const [index, { name, shape }] of contract.inputs.entries()) {
        const metadata = session.inputMetadata.find((value) => value.name === name);
        feeds[name] = toTensor(inputs[index]!, shape, elementType(metadata));
      }
      const results = await session.run(
        feeds,
        contract.outputs.map((output) => output.name),
      );
      return contract.outputs.map(({ name, shape }) => toNumbers(name, shape, results[name]));
    },
    close: () => session.release(),
  };
}

function fits(session: InferenceSession, contract: ModelContract): boolean {
  const known = new Set(contract.inputs.map((input) => input.name));
  return (
    session.inputNames.every((name) => known.has(name)) &&
    contract.inputs.every((input) => hasTensor(session.inputMetadata, input)) &&
    contract.outputs.every((output) => hasTensor(session.outputMetadata, output))
  );
}

/** An empty shape, or a symbolic size in it, makes no claim; what the graph really returns is checked on every run. */
function hasTensor(metadata: readonly Metadata[], { name, shape }: GraphValue): boolean {
  const value = metadata.find((candidate) => candidate.name === name);
  if (value === undefined || !value.isTensor) return false;
  if (value.type !== 'float32' && value.type !== 'float16') return false;
  if (value.shape.length === 0) return true;
  return (
    value.shape.length === shape.length &&
    value.shape.every((size, axis) => typeof size === 'string' || size < 0 || size === shape[axis])
  );
}

function elementType(metadata: Metadata | undefined): 'float32' | 'float16' {
  return metadata?.isTensor === true && metadata.type === 'float16' ? 'float16' : 'float32';
}

function toTensor(numbers: Float32Array, shape: readonly number[], type: 'float32' | 'float16'): Tensor {
  if (type === 'float32') return new Tensor('float32', numbers, shape);
  // onnxruntime-node knows half precision as Uint16Array alone, and Tensor's constructor would make a Float16Array of it.
  const halves = new Uint16Array(Float16Array.from(numbers).buffer);
  return Object.assign(new Tensor('uint16', halves, shape), { type: 'float16' });
}

function toNumbers(name: string, shape: readonly number[], tensor: Tensor | undefined): Float32Array {
  const found = tensor === undefined ? 'nothing' : `[${tensor.dims.join()}]`;
  if (found !== `[${shape.join()}]`) {
    throw new RangeError(`the model's output "${name}" is ${found}, not [${shape.join()}]`);
  }
  const data = tensor?.data;
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) {
    return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
  }
  if (data instanceof Float16Array) return Float32Array.from(data);
  throw new RangeError(`the model's output "${name}" holds ${String(tensor?.type)}, not float32 or float16`);
}

function describe(inputs: readonly (Metadata | GraphValue)[], outputs: readonly (Metadata | GraphValue)[]): string {
  const list = (values: readonly (Metadata | GraphValue)[]): string =>
    values.map((value) => `${value.name}${'shape' in value ? ` [${value.shape.join()}]` : ''}`).join(', ');
  return `${list(inputs)} -> ${list(outputs)}`;
}
