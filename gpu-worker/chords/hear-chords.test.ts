/** The way from samples to chords, gone by tiny networks of the published one's inputs and outputs. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ChordActivations } from '../analysis/heard-by-network.ts';
import { createEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { CHORD_RATE_HZ, frameCount } from './chord-grid.ts';
import { hearChords } from './hear-chords.ts';
import { tinyChordGraph } from './tiny-chord-network.test-kit.ts';

const SAMPLES = 3 * CHORD_RATE_HZ;

let folder = '';
let engine: Engine;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-chords-'));
  engine = createEngine({ threads: 1 });
  const tone = Float32Array.from({ length: SAMPLES }, (_, n) => 0.1 * Math.sin(n / 30));
  await writeFile(join(folder, 'samples.f32'), tone);
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function hearWith(graph: Uint8Array): Promise<ChordActivations> {
  const modelPath = join(folder, 'tiny.onnx');
  await writeFile(modelPath, graph);
  return await hearChords({ path: join(folder, 'samples.f32'), samples: SAMPLES }, { engine, modelPath, folder });
}

test('says of each frame what the network says', async () => {
  const { labels, probabilities } = await hearWith(tinyChordGraph('F#:maj'));
  assert.equal(probabilities.length, frameCount(SAMPLES) * labels.length);
  const chord = labels.indexOf('F#:maj');
  for (let at = 0; at < probabilities.length; at += labels.length) assert.ok(probabilities[at + chord]! > 0.8);
});

test('a network that says what no number is fails, and leaves nothing', async () => {
  for (const probability of [NaN, Infinity]) {
    await assert.rejects(hearWith(tinyChordGraph('F#:maj', probability)), /chord_tag: values that are not finite/u);
  }
  assert.deepEqual((await readdir(folder)).toSorted(), ['samples.f32', 'tiny.onnx']);
});
