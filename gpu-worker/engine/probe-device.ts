/** Whether onnxruntime can really compute on a device here. Runs inside the engine process only. */
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { Device } from '../models/separator.ts';
import { createOnnxGraph } from '../models/onnx/onnx-graph.ts';

/** Negates two numbers on the device. Null where that works, else the reason in one line. */
export async function probeDevice(device: Device): Promise<string | null> {
  if (!listSupportedBackends().some(({ name }) => name === device)) return 'this onnxruntime was built without it';
  const graph = createOnnxGraph('probe');
  graph.input('x', [2]);
  graph.output(graph.node('Neg', ['x'], ['y']), [2]);
  try {
    const session = await InferenceSession.create(graph.toBytes(), { executionProviders: [device] });
    const { y } = await session.run({ x: new Tensor('float32', [1, -2], [2]) });
    await session.release();
    const [first, second] = (y?.data ?? []) as Float32Array;
    return first === -1 && second === 2 ? null : `it computed ${String(first)}, ${String(second)} for -1, 2`;
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return line;
  }
}
