/** The real Spleeter weights, fetched as any installation fetches them; once per machine, as the cache is shared. */
import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { Tensor } from 'onnxruntime-node';
import pino from 'pino';
import { createModelStore } from './model-store.ts';
import type { ModelStoreOptions } from './model-store.ts';
import { createModelSession } from './session.ts';

const SHAPE = [1, 2, 512, 1024];
const VALUES = 2 * 512 * 1024;
const cacheDir = process.env['WOODSHED_CACHE'] ?? join(homedir(), '.cache', 'woodshed');
const options: ModelStoreOptions = { cacheDir, log: pino({ level: 'silent' }), allowNonCommercial: false };

void test('Spleeter arrives from whichever source answers, and its two masks part a mix', async (t) => {
  const store = createModelStore(options);
  let model: Awaited<ReturnType<typeof store.ensure>>;
  try {
    model = await store.ensure('spleeter-2stems');
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'model-missing') throw error;
    t.skip(`no source answers from here: ${(await store.status('spleeter-2stems')).help ?? ''}`);
    return;
  }
  assert.equal(model.onnxPaths.length, 2);

  // A steady chord of even partials, louder at the bottom: an accompaniment, no voice.
  const magnitude = Float32Array.from({ length: VALUES }, (_, index) =>
    (index % 1024) % 12 === 5 ? 40 / (1 + (index % 1024) / 64) : 0.01,
  );
  const energies: number[] = [];
  for (const path of model.onnxPaths) {
    const session = await createModelSession(path, { device: 'cpu', threads: 1 });
    const { estimate } = await session.run({ magnitude: new Tensor('float32', magnitude, SHAPE) });
    await session.release();
    assert.ok(estimate?.data instanceof Float32Array);
    assert.ok(estimate.data.every((value, index) => value >= 0 && value <= magnitude[index]!));
    energies.push(estimate.data.reduce((sum, value) => sum + value * value, 0));
  }
  const [vocals = 0, accompaniment = 0] = energies;
  assert.ok(accompaniment > 10 * vocals, `${accompaniment} of accompaniment, ${vocals} of voice`);
});
