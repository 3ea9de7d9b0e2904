// Networks in the contracts of SCNet and the RoFormers that fit into a test.
import { createOnnxGraph } from '../../models/onnx/onnx-graph.ts';
import type { OnnxGraph } from '../../models/onnx/onnx-graph.ts';
import { spectralShape } from '../spectral-separator.ts';
import type { SpectralContract, SpectralLayout } from '../spectral-separator.ts';
import { seededNumbers } from './seeded-numbers.ts';

/** The first stem is the mix, the others are silent. */
export function identitySpectral(contract: SpectralContract, layout: SpectralLayout): Uint8Array {
  const gains = contract.stems.map((_, stem) => (stem === 0 ? 1 : 0));
  return scalingSpectral(contract, layout, gains);
}

/** Each stem is the mix times its gain. */
export function scalingSpectral(
  contract: SpectralContract,
  layout: SpectralLayout,
  gains: readonly number[],
): Uint8Array {
  return build(contract, layout, 'scaling', (graph, planes) => {
    const stems = graph.node('Unsqueeze', [planes, axis(graph, 1)], 1);
    const factors = graph.constant('gains', [1, gains.length, 1, 1, 1], Float32Array.from(gains));
    return graph.node('Mul', [stems, factors], 1);
  });
}

/**
 * A seeded 3×3 convolution per stem, with biases and a kink.
 * @param bias size of the biases, in units of the spectra
 */
export function randomSpectral(
  contract: SpectralContract,
  layout: SpectralLayout,
  seed: number,
  bias: number,
): Uint8Array {
  const { bins, frames } = spectralShape(contract);
  const stems = contract.stems.length;
  return build(contract, layout, 'random', (graph, planes) => {
    const weights = graph.constant('weights', [4 * stems, 4, 3, 3], seededNumbers(seed, 4 * stems * 36, 0.25));
    const biases = graph.constant('biases', [4 * stems], seededNumbers(seed + 1, 4 * stems, bias));
    const mixed = graph.node('Conv', [planes, weights, biases], 1, { pads: [1, 1, 1, 1] });
    const bent = graph.node('LeakyRelu', [mixed], 1, { alpha: { float: 0.3 } });
    return graph.node('Reshape', [bent, sizes(graph, 'stems', [1, stems, 4, bins, frames])], 1);
  });
}

/** @param body from planes [1, 4, bins, frames] (left re, left im, right re, right im) to stems of them, [1, stems, 4, bins, frames] */
function build(
  contract: SpectralContract,
  layout: SpectralLayout,
  name: string,
  body: (graph: OnnxGraph, planes: string) => string,
): Uint8Array {
  const { bins, frames } = spectralShape(contract);
  const stems = contract.stems.length;
  const graph = createOnnxGraph(`${name}-${layout}`);
  if (layout === 'channels') {
    const result = body(graph, graph.input('mix_spec', [1, 4, bins, frames]));
    graph.node('Reshape', [result, sizes(graph, 'flat', [1, 4 * stems, bins, frames])], ['stems_spec']);
    graph.output('stems_spec', [1, 4 * stems, bins, frames]);
    return graph.toBytes();
  }
  const parts = ['spec_real', 'spec_imag'].map((input) =>
    graph.node('Unsqueeze', [graph.input(input, ['batch', 2, bins, frames]), axis(graph, 2, input)], 1),
  );
  const joined = graph.node('Concat', parts, 1, { axis: 2 });
  const result = body(graph, graph.node('Reshape', [joined, sizes(graph, 'planes', [1, 4, bins, frames])], 1));
  const complex = graph.node('Reshape', [result, sizes(graph, 'complex', [1, stems, 2, 2, bins, frames])], 1);
  for (const [part, output] of ['out_spec_real', 'out_spec_imag'].entries()) {
    graph.node('Gather', [complex, graph.constant(`${output}_part`, [], BigInt64Array.of(BigInt(part)))], [output], {
      axis: 3,
    });
    graph.output(output, ['batch', stems, 2, bins, frames]);
  }
  return graph.toBytes();
}

function axis(graph: OnnxGraph, index: number, suffix = ''): string {
  return graph.constant(`axis${String(index)}${suffix}`, [1], BigInt64Array.of(BigInt(index)));
}

function sizes(graph: OnnxGraph, name: string, dims: readonly number[]): string {
  return graph.constant(`sizes_${name}`, [dims.length], BigInt64Array.from(dims.map(BigInt)));
}
