import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import pino from 'pino';
import { createModelStore } from './model-store.ts';

const cacheDir = process.env['WOODSHED_CACHE'] ?? join(homedir(), '.cache', 'woodshed');

/** Path of the model's first graph, fetched once per machine; null, and the test skipped, where no source of it answers. */
export async function publishedModel(t: TestContext, id: string): Promise<string | null> {
  const store = createModelStore({ cacheDir, log: pino({ level: 'silent' }), allowNonCommercial: false });
  try {
    const { onnxPaths } = await store.ensure(id);
    return onnxPaths[0]!;
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'model-missing') throw error;
    t.skip('no source of the network answers from here');
    return null;
  }
}
