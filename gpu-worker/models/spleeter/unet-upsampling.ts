/**
 * A transposed 5x5 convolution of stride 2 as four ordinary ones. An output row 2m + p, p = 0 or 1, reads kernel rows of one parity
 * only: p = 0 rows 3 and 1 from inputs m - 1 and m, p = 1 rows 4, 2 and 0 from inputs m - 1, m and m + 1; columns likewise.
 * So each of the four phases is a convolution of 2x2, 2x3, 3x2 or 3x3 taps (25 together: not one product more), and the outputs
 * are interleaved. onnxruntime runs convolutions in a blocked layout near the CPU's peak; its transposed convolution does not.
 */
import type { OnnxGraph } from '../onnx/onnx-graph.ts';
import type { UnetSize } from './unet-graph.ts';
import type { Convolution } from './unet-weights.ts';

const KERNEL_SIZE = 5;

/** @param options.from the input's size; the output's is twice that. `activate` is applied before the interleaving. */
export function addPhasedUpsampling(
  graph: OnnxGraph,
  value: string,
  layer: Convolution,
  options: { readonly name: string; readonly from: UnetSize; readonly activate: (value: string) => string },
): string {
  const { name, from, activate } = options;
  const bias = graph.constant(`${name}_bias`, [layer.to], layer.bias);
  const phase = (row: number, column: number): string => {
    const [height, width] = [taps(row), taps(column)];
    const kernel = graph.constant(
      `${name}_kernel_${row}${column}`,
      [layer.to, layer.from, height, width],
      phaseKernel(layer, row, column),
    );
    // Input m - 1 is always read, m + 1 by odd phases only.
    const attributes = { kernel_shape: [height, width], pads: [1, 1, row, column] };
    return activate(graph.node('Conv', [value, kernel, bias], 1, attributes));
  };

  // Joining along a new innermost axis interleaves the columns, and joining rows whole interleaves those;
  // DepthToSpace would say the same in one node and takes three times as long.
  const shape = (suffix: string, dims: readonly number[]): string =>
    graph.constant(`${name}_${suffix}`, [dims.length], BigInt64Array.from(dims, BigInt));
  const apart = shape('apart', [0, layer.to, from.frames, from.bins, 1]);
  const joined = shape('joined', [0, layer.to, from.frames, 1, 2 * from.bins]);
  const interleaveColumns = (row: number): string => {
    const columns = [0, 1].map((column) => graph.node('Reshape', [phase(row, column), apart], 1));
    return graph.node('Reshape', [graph.node('Concat', columns, 1, { axis: 4 }), joined], 1);
  };
  const rows = graph.node('Concat', [interleaveColumns(0), interleaveColumns(1)], 1, { axis: 3 });
  return graph.node('Reshape', [rows, shape('whole', [0, layer.to, 2 * from.frames, 2 * from.bins])], 1);
}

function taps(phase: number): number {
  return 2 + phase;
}

/** From [from][to][5][5] to this phase's [to][from][height][width]. */
function phaseKernel({ kernel, from, to }: Convolution, row: number, column: number): Float32Array {
  const phase = new Float32Array(to * from * taps(row) * taps(column));
  let written = 0;
  for (let output = 0; output < to; output += 1) {
    for (let input = 0; input < from; input += 1) {
      const plane = (input * to + output) * KERNEL_SIZE * KERNEL_SIZE;
      for (let y = 3 + row; y >= 0; y -= 2) {
        for (let x = 3 + column; x >= 0; x -= 2) phase[written++] = kernel[plane + y * KERNEL_SIZE + x]!;
      }
    }
  }
  return phase;
}
