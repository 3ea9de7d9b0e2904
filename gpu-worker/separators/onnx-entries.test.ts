import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODELS } from '../models/manifest.ts';
import { checkGraphContract } from '../models/onnx/graph-contract.ts';
import { inspectOnnx } from '../models/onnx/inspect-onnx.ts';
import { CPU, modelFile } from './run-windows.test-kit.ts';
import { ONNX_ENTRIES } from './onnx-entries.ts';
import { SEPARATORS } from './registry.ts';
import { tinyNetwork } from './tiny-models/tiny-network.ts';

for (const entry of ONNX_ENTRIES) {
  void test(`${entry.id}: the model that the manifest promises is the one that the separator opens`, async (t) => {
    assert.equal(SEPARATORS.get(entry.id), entry);
    assert.deepEqual(entry.models, [entry.id]);
    const path = await modelFile(t, tinyNetwork(entry.id, 1));
    const model = MODELS.get(entry.id);
    assert.ok(model !== undefined, `the manifest has no ${entry.id}`);
    checkGraphContract(inspectOnnx(path), model.io);
    const separator = entry.create(new Map([[entry.id, [path]]]), 'best');
    assert.deepEqual(separator.slots, entry.slots);
    assert.equal(new Set(entry.slots).size, entry.slots.length);
    const session = await separator.open(CPU);
    await session.close();
  });
}

void test('a separator without its model says which it misses', () => {
  const [entry] = ONNX_ENTRIES;
  assert.throws(() => entry!.create(new Map(), 'fast'), /no files were given for the model kuielab-a-bass/);
});
