// Networks in the contracts of Hybrid Transformer Demucs that fit into a test.
import { createOnnxGraph } from '../../models/onnx/onnx-graph.ts';
import type { OnnxGraph } from '../../models/onnx/onnx-graph.ts';
import type { DemucsContract } from '../demucs.ts';
import { declareFloat16, FLOAT16 } from './declare-float16.ts';
import { seededNumbers } from './seeded-numbers.ts';

/** The first stem is the mix by way of the spectra, the second by way of the waveform; the others are silent. */
export function identityDemucs(contract: DemucsContract): Uint8Array {
  const pick = (graph: OnnxGraph, value: string, picked: number, rank: number): string => {
    const { length } = contract.stems;
    const gains = Float32Array.from({ length }, (_, stem) => (stem === picked ? 1 : 0));
    const shape = [1, length, ...Array.from({ length: rank - 1 }, () => 1)];
    const stems = graph.node('Unsqueeze', [value, graph.constant(`axis_${value}`, [1], BigInt64Array.of(1n))], 1);
    return graph.node('Mul', [stems, graph.constant(`gains_${value}`, shape, gains)], 1);
  };
  return build(contract, 'identity', (graph) => [
    pick(graph, 'spec_real', 0, 4),
    pick(graph, 'spec_imag', 0, 4),
    pick(graph, 'audio', 1, 3),
  ]);
}

/** As {@link identityDemucs}'s waveform branch, with half-precision inputs and outputs; the spectra's branch is silent. */
export function float16Demucs(contract: DemucsContract): Uint8Array {
  const model = build(contract, 'float16', (graph) =>
    ['spec_real', 'spec_imag', 'audio'].map((value) => {
      const rank = value === 'audio' ? 2 : 3;
      const gains = Float32Array.from(contract.stems, (_, stem) => (value === 'audio' && stem === 1 ? 1 : 0));
      const single = graph.node('Cast', [value], 1, { to: 1 });
      const axes = graph.constant(`axis_${value}`, [1], BigInt64Array.of(1n));
      const stems = graph.node('Unsqueeze', [single, axes], 1);
      const shape = [1, gains.length, ...Array.from({ length: rank }, () => 1)];
      const picked = graph.node('Mul', [stems, graph.constant(`gains_${value}`, shape, gains)], 1);
      return graph.node('Cast', [picked], 1, { to: FLOAT16 });
    }),
  );
  return declareFloat16(model, ['spec_real', 'spec_imag', 'audio', 'out_spec_real', 'out_spec_imag', 'out_wave']);
}

/** Seeded convolutions with biases and a kink, for each of the three outputs from its input. */
export function randomDemucs(contract: DemucsContract, seed: number, bias: number): Uint8Array {
  const stems = contract.stems.length;
  const layer = (graph: OnnxGraph, value: string, offset: number, kernel: readonly number[]): string => {
    const taps = kernel.reduce((product, size) => product * size, 1);
    const numbers = seededNumbers(seed + offset, 2 * stems * 2 * taps, 0.4);
    const weights = graph.constant(`weights_${value}`, [2 * stems, 2, ...kernel], numbers);
    const biases = graph.constant(`biases_${value}`, [2 * stems], seededNumbers(seed + offset + 1, 2 * stems, bias));
    const pads = kernel.concat(kernel).map((size) => (size - 1) / 2);
    const mixed = graph.node('Conv', [value, weights, biases], 1, { pads });
    const bent = graph.node('LeakyRelu', [mixed], 1, { alpha: { float: 0.3 } });
    const { frames, bins } = planeShape(contract);
    const tail = kernel.length === 1 ? [contract.segmentSamples] : [bins, frames];
    const shape = BigInt64Array.from([1, stems, 2, ...tail].map(BigInt));
    return graph.node('Reshape', [bent, graph.constant(`shape_${value}`, [shape.length], shape)], 1);
  };
  return build(contract, 'random', (graph) => [
    layer(graph, 'spec_real', 0, [3, 3]),
    layer(graph, 'spec_imag', 10, [3, 3]),
    layer(graph, 'audio', 20, [5]),
  ]);
}

/** Waveform to waveform: stem k is the mix times 1 / (k + 1), with left and right swapped in every other stem. */
export function waveformDemucs({ stems, segmentSamples }: DemucsContract): Uint8Array {
  const graph = createOnnxGraph('waveform-demucs');
  graph.input('mix', [1, 2, segmentSamples]);
  const parts = stems.map((_, stem) => {
    const matrix = stem % 2 === 0 ? [1, 0, 0, 1] : [0, 1, 1, 0];
    const gains = Float32Array.from(matrix, (value) => value / (stem + 1));
    const mixed = graph.node('MatMul', [graph.constant(`gains${String(stem)}`, [2, 2], gains), 'mix'], 1);
    return graph.node('Unsqueeze', [mixed, graph.constant(`axis${String(stem)}`, [1], BigInt64Array.of(1n))], 1);
  });
  graph.node('Concat', parts, ['stems'], { axis: 1 });
  graph.output('stems', [1, stems.length, 2, segmentSamples]);
  return graph.toBytes();
}

function planeShape({ fftSamples, hopSamples, segmentSamples }: DemucsContract): {
  readonly bins: number;
  readonly frames: number;
} {
  return { bins: fftSamples / 2, frames: Math.ceil(segmentSamples / hopSamples) };
}

/** @param body makes the values of `out_spec_real`, `out_spec_imag` and `out_wave` from the inputs of those names */
function build(contract: DemucsContract, name: string, body: (graph: OnnxGraph) => readonly string[]): Uint8Array {
  const { bins, frames } = planeShape(contract);
  const stems = contract.stems.length;
  const graph = createOnnxGraph(`${name}-demucs`);
  graph.input('spec_real', ['batch', 2, bins, frames]);
  graph.input('spec_imag', ['batch', 2, bins, frames]);
  graph.input('audio', ['batch', 2, contract.segmentSamples]);
  const results = body(graph);
  for (const [index, output] of ['out_spec_real', 'out_spec_imag', 'out_wave'].entries()) {
    graph.node('Identity', [results[index]!], [output]);
    const shape = output === 'out_wave' ? [contract.segmentSamples] : [bins, frames];
    graph.output(output, ['batch', stems, 2, ...shape]);
  }
  return graph.toBytes();
}
