/**
 * The last layer, a 4x4 convolution of dilation 2 from one channel to two, at full resolution. So few channels leave the CPU's
 * kernels, which work on 16 at a time, mostly empty. Folding eight neighbouring bins into channels fills them: 8 channels in, 16
 * out, 4x3 taps over (frames, blocks of bins). Same products, plus zeros.
 */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import type { UnetSize } from './unet-graph.ts';
import type { Convolution } from './unet-weights.ts';

const BLOCK_BINS = 8;
const KERNEL_SIZE = 4;
const DILATION = 2;
/** TensorFlow's `SAME` for 4 taps at distance 2: three before, three after. */
const PAD = 3;
/** The taps reach from bin - 3 to bin + 3, so into the blocks beside. */
const BLOCK_TAPS = 3;

/** `value` is [batch, 1, frames, bins]. @returns [batch, 2, frames, bins], before the sigmoid. */
export function addBlockedLastLayer(
  graph: OnnxGraph,
  value: string,
  layer: Convolution,
  { name, size }: { readonly name: string; readonly size: UnetSize },
): string {
  const blocks = size.bins / BLOCK_BINS;
  const shape = (suffix: string, dims: readonly number[]): string =>
    graph.constant(`${name}_${suffix}`, [dims.length], BigInt64Array.from(dims, BigInt));

  const folded = graph.node('Reshape', [value, shape('blocks', [0, size.frames * blocks, BLOCK_BINS])], 1);
  const swapped = graph.node('Transpose', [folded], 1, { perm: [0, 2, 1] });
  const channels = graph.node('Reshape', [swapped, shape('channels', [0, BLOCK_BINS, size.frames, blocks])], 1);

  const outputs = layer.to * BLOCK_BINS;
  const kernel = graph.constant(`${name}_kernel`, [outputs, BLOCK_BINS, KERNEL_SIZE, BLOCK_TAPS], blockedKernel(layer));
  const bias = Float32Array.from({ length: outputs }, (_, output) => layer.bias[Math.floor(output / BLOCK_BINS)]!);
  const convolved = graph.node('Conv', [channels, kernel, graph.constant(`${name}_bias`, [outputs], bias)], 1, {
    kernel_shape: [KERNEL_SIZE, BLOCK_TAPS],
    dilations: [DILATION, 1],
    pads: [PAD, 1, PAD, 1],
  });

  const perChannel = shape('per_channel', [0, layer.to, BLOCK_BINS, size.frames * blocks]);
  const apart = graph.node('Reshape', [convolved, perChannel], 1);
  const unfolded = graph.node('Transpose', [apart], 1, { perm: [0, 1, 3, 2] });
  return graph.node('Reshape', [unfolded, shape('whole', [0, layer.to, size.frames, size.bins])], 1);
}

/** [channel, bin of the block][bin of the input block][4][block before, same, after]. */
function blockedKernel({ kernel, to }: Convolution): Float32Array {
  const blocked = new Float32Array(to * BLOCK_BINS * BLOCK_BINS * KERNEL_SIZE * BLOCK_TAPS);
  for (let channel = 0; channel < to; channel += 1) {
    for (let bin = 0; bin < BLOCK_BINS; bin += 1) {
      for (let x = 0; x < KERNEL_SIZE; x += 1) {
        const reached = bin + DILATION * x - PAD;
        const block = Math.floor(reached / BLOCK_BINS);
        const input = reached - block * BLOCK_BINS;
        const plane = ((channel * BLOCK_BINS + bin) * BLOCK_BINS + input) * KERNEL_SIZE;
        for (let y = 0; y < KERNEL_SIZE; y += 1) {
          blocked[(plane + y) * BLOCK_TAPS + block + 1] = kernel[(channel * KERNEL_SIZE + y) * KERNEL_SIZE + x]!;
        }
      }
    }
  }
  return blocked;
}
