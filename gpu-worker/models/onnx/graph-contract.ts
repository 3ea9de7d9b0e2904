/** Whether an ONNX graph is the one that a model's entry promises: names and sizes of its inputs and outputs. */
import { rejectModelFile } from '../model-file-error.ts';
import type { OnnxSummary, OnnxValue } from './inspect-onnx.ts';

export interface GraphValue {
  readonly name: string;
  /** Sizes with a batch of one. */
  readonly shape: readonly number[];
}

export interface GraphContract {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/**
 * A graph may leave a size symbolic and may say nothing about a value's shape; what it says must be right, and its values must be
 * just those of one contract.
 * @param contracts exports of one network differ in their names; any of these will do.
 * @throws ModelFileError with what was found and what was wanted.
 */
export function checkGraphContract(graph: OnnxSummary, contracts: readonly GraphContract[]): void {
  const fits = contracts.some(
    ({ inputs, outputs }) => sameValues(graph.inputs, inputs) && sameValues(graph.outputs, outputs),
  );
  if (fits) return;
  const wanted = contracts.map(({ inputs, outputs }) => `${describe(inputs)} -> ${describe(outputs)}`).join(' or ');
  rejectModelFile(`the graph is ${describe(graph.inputs)} -> ${describe(graph.outputs)}; wanted is ${wanted}`);
}

function sameValues(found: readonly OnnxValue[], wanted: readonly GraphValue[]): boolean {
  return (
    found.length === wanted.length &&
    wanted.every(({ name, shape }) => {
      const value = found.find((candidate) => candidate.name === name);
      if (value === undefined) return false;
      if (value.shape.length === 0) return true;
      return (
        value.shape.length === shape.length && value.shape.every((size, axis) => size === null || size === shape[axis])
      );
    })
  );
}

function describe(values: readonly OnnxValue[]): string {
  return values.map(({ name, shape }) => `${name} [${shape.map((size) => size ?? '?').join()}]`).join(', ');
}
