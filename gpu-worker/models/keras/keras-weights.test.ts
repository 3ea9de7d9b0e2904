import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelFileError } from '../model-file-error.ts';
import { kerasWeights } from './keras-weights.ts';
import type { KerasWeights } from './keras-weights.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

const SCALING: Shapes = { gamma: [6], beta: [6], moving_mean: [6], moving_variance: [6] };
const GRU: Shapes = Object.fromEntries(
  ['forward_cell', 'backward_cell'].flatMap((cell) => [
    [`${cell}/kernel`, [5, 12]],
    [`${cell}/recurrent_kernel`, [4, 12]],
    [`${cell}/bias`, [12]],
  ]),
);

/** A file of one layer, whose numbers are all 1. */
function weightsOf(shapes: Shapes): KerasWeights {
  return kerasWeights({
    readFloat32(path) {
      const shape = shapes[path.replace('model_weights/layer/layer/', '').replace(':0', '')];
      assert.ok(shape !== undefined, path);
      return { shape, values: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1) };
    },
  });
}

test('normalisation is as many scales and shifts as there are channels', () => {
  const { scale, shift } = weightsOf(SCALING).batchNormalisation('layer');
  assert.deepEqual([scale.length, shift.length], [6, 6]);
  assert.ok(Math.abs(scale[5]! - 1 / Math.sqrt(1.001)) < 1e-6);
});

test('a normalisation whose parts are of several lengths is refused', () => {
  for (const name of Object.keys(SCALING)) {
    const weights = weightsOf({ ...SCALING, [name]: [5] });
    assert.throws(() => weights.batchNormalisation('layer'), ModelFileError, name);
  }
});

test('a recurrent layer that is another one backwards is refused', () => {
  assert.deepEqual(weightsOf(GRU).bidirectionalGru('layer', 'cell').backward.kernel.shape, [5, 12]);
  const others: readonly Shapes[] = [
    { 'backward_cell/kernel': [6, 12] },
    { 'backward_cell/kernel': [5, 9], 'backward_cell/recurrent_kernel': [3, 9], 'backward_cell/bias': [9] },
  ];
  for (const other of others) {
    const weights = weightsOf({ ...GRU, ...other });
    assert.throws(() => weights.bidirectionalGru('layer', 'cell'), ModelFileError, JSON.stringify(other));
  }
});
