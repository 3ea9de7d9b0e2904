/** The published network: the tags of a made-up song as musicnn itself hears them, and what is guessed of sounds that need no recording. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { MUSICNN_MSD } from '../models/manifest/style-models.ts';
import { publishedModel } from '../models/published-model.test-kit.ts';
import { guessStyle } from './guess-style.ts';
import { hearStyle as hearSong } from './hear-style.ts';
import type { StyleActivations, StyleRun } from './hear-style.ts';
import { madeUpSong } from './made-up-song.test-kit.ts';
import { STYLE_RATE_HZ } from './style-grid.ts';

let folder = '';
let engine: Engine;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-style-'));
  engine = createEngine({ threads: 1 });
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Null, and the test skipped, where no source of the network answers. */
async function openRun(t: TestContext): Promise<StyleRun | null> {
  const modelPath = await publishedModel(t, MUSICNN_MSD);
  return modelPath === null ? null : { engine, modelPath };
}

/** What is heard in samples; they lie in a file as long as that takes. */
async function hearStyle(samples: Float32Array, run: StyleRun): Promise<StyleActivations> {
  const path = join(folder, 'samples.f32');
  await writeFile(path, samples);
  try {
    return await hearSong({ path, samples: samples.length }, run);
  } finally {
    await rm(path);
  }
}

test('says what musicnn says, tag by tag', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const bytes = await readFile(join(import.meta.dirname, 'testdata/tags.f32'));
  const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const { probabilities } = await hearStyle(madeUpSong(10 * STYLE_RATE_HZ), run);
  assert.equal(probabilities.length, wanted.length);
  const worst = probabilities.reduce((most, value, tag) => Math.max(most, Math.abs(value - wanted[tag]!)), 0);
  t.diagnostic(`probabilities at most ${worst.toExponential(1)} off`);
  assert.ok(worst < 1e-4, String(worst));
});

test('is not sure of silence and of noise', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  let seed = 1;
  const noise = Float32Array.from({ length: 12 * STYLE_RATE_HZ }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647 - 0.5) * 0.3;
  });
  for (const samples of [new Float32Array(12 * STYLE_RATE_HZ), noise]) {
    assert.deepEqual(guessStyle(await hearStyle(samples, run)), { genre: null, mood: null });
  }
});
