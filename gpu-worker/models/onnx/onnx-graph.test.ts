import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createOnnxGraph } from './onnx-graph.ts';

function numbers(tensor: Tensor | undefined): number[] {
  assert.ok(tensor?.data instanceof Float32Array);
  return [...tensor.data];
}

void test('onnxruntime runs a graph of constants, int and float attributes and a symbolic size', async () => {
  const graph = createOnnxGraph('sum-of-leaks');
  const x = graph.input('x', ['batch', 3]);
  const leaked = graph.node('LeakyRelu', [x], 1, { alpha: { float: 0.25 } });
  const scale = graph.constant('scale', [3], Float32Array.of(1, 10, 100));
  const scaled = graph.node('Mul', [leaked, scale], 1);
  const axes = graph.constant('axes', [1], BigInt64Array.of(-1n));
  graph.node('ReduceSum', [scaled, axes], ['y'], { keepdims: 0 });
  graph.output('y', ['batch']);

  const session = await InferenceSession.create(graph.toBytes());
  const input = new Tensor('float32', Float32Array.of(1, 2, 3, -4, -8, -12), [2, 3]);
  const { y } = await session.run({ x: input });
  assert.deepEqual(y?.dims, [2]);
  assert.deepEqual(numbers(y), [321, -321]);
  await session.release();
});

void test('a node of several outputs and a string attribute survive the trip', async () => {
  const graph = createOnnxGraph('split');
  graph.input('x', [1, 4]);
  graph.node('Split', ['x'], ['left', 'right'], { axis: 1 });
  graph.node('Pad', ['left', graph.constant('pads', [4], BigInt64Array.of(0n, 1n, 0n, 1n))], ['padded'], {
    mode: 'edge',
  });
  graph.output('padded', [1, 4]);
  graph.output('right', [1, 2]);
  const session = await InferenceSession.create(graph.toBytes());
  const { padded, right } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [1, 4]) });
  assert.deepEqual(numbers(padded), [1, 1, 2, 2]);
  assert.deepEqual(numbers(right), [3, 4]);
  await session.release();
});

void test('mistakes of the caller are caught while the graph is built', () => {
  const graph = createOnnxGraph('wrong');
  graph.input('x', [1]);
  assert.throws(() => graph.input('x', [1]), /defined twice/);
  assert.throws(() => graph.constant('c', [2, 2], new Float32Array(3)), /needs 4 elements, not 3/);
  assert.throws(() => graph.node('Relu', ['y'], 1), /nothing made before/);
  assert.throws(() => graph.output('z', [1]), /made by no node/);
  graph.node('LeakyRelu', ['x'], ['leaked'], { alpha: 0.2 });
  assert.throws(() => graph.toBytes(), /say \{ float: 0.2 \}/);
});
