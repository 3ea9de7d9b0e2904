import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { networkOutput } from './network-output.ts';

test('gives the values of an output, as many as are wanted and all of them finite', () => {
  const results = (...values: readonly number[]): { readonly said: Tensor } => ({
    said: new Tensor('float32', Float32Array.from(values), [values.length]),
  });
  assert.deepEqual(networkOutput(results(1, -2, 3.5), 'said', 3), Float32Array.of(1, -2, 3.5));
  assert.throws(() => networkOutput(results(1, 2), 'said', 3), /said: 2 values, wanted 3/u);
  assert.throws(() => networkOutput(results(1, 2, 3, 4), 'said', 3), /said: 4 values, wanted 3/u);
  assert.throws(() => networkOutput(results(1), 'unsaid', 1), /unsaid: undefined values/u);
  for (const bad of [NaN, Infinity, -Infinity]) {
    assert.throws(() => networkOutput(results(1, bad), 'said', 2), /said: values that are not finite/u);
  }
});
