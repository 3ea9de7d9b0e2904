// Networks in MDX-Net's contract that fit into a test.
import { createOnnxGraph } from '../../models/onnx/onnx-graph.ts';
import type { MdxContract } from '../mdx.ts';
import { seededNumbers } from './seeded-numbers.ts';

/** Returns its input. */
export function identityMdx(contract: MdxContract): Uint8Array {
  return scalingMdx(contract, 1);
}

/** Returns its input times `gain`. */
export function scalingMdx({ bins, frames }: MdxContract, gain: number): Uint8Array {
  const graph = createOnnxGraph('scaling-mdx');
  const shape = ['batch_size', 4, bins, frames];
  graph.node('Mul', [graph.input('input', shape), graph.constant('gain', [], Float32Array.of(gain))], ['output']);
  graph.output('output', shape);
  return graph.toBytes();
}

/**
 * A seeded 3×3 convolution with a bias and a kink: neighbouring bins and frames, level and sign all matter to it.
 * @param bias size of the biases, in units of the spectra
 */
export function randomMdx({ bins, frames }: MdxContract, seed: number, bias: number): Uint8Array {
  const graph = createOnnxGraph('random-mdx');
  const shape = ['batch_size', 4, bins, frames];
  graph.input('input', shape);
  const weights = graph.constant('weights', [4, 4, 3, 3], seededNumbers(seed, 4 * 4 * 9, 0.25));
  const biases = graph.constant('biases', [4], seededNumbers(seed + 1, 4, bias));
  const mixed = graph.node('Conv', ['input', weights, biases], 1, { pads: [1, 1, 1, 1] });
  graph.node('LeakyRelu', [mixed], ['output'], { alpha: { float: 0.3 } });
  graph.output('output', shape);
  return graph.toBytes();
}
