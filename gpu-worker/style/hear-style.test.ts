import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createEngine } from '../engine/engine.ts';
import { peakResidentBytes } from '../engine/peak-memory.test-kit.ts';
import type { Engine } from '../engine/engine.ts';
import { hearStyle as hearSong } from './hear-style.ts';
import type { StyleActivations, StyleRun } from './hear-style.ts';
import { madeUpSong } from './made-up-song.test-kit.ts';
import { STYLE_RATE_HZ, windowStart } from './style-grid.ts';
import { STYLE_TAGS } from './style-tags.ts';
import { tinyStyleGraph } from './tiny-style-network.test-kit.ts';

let folder = '';
let engine: Engine;
let modelPath = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-style-'));
  modelPath = join(folder, 'tiny.onnx');
  await writeFile(modelPath, tinyStyleGraph());
  engine = createEngine({ threads: 1 });
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** What is heard in samples; they lie in a file as long as that takes. */
async function hearStyle(samples: Float32Array, options: Partial<StyleRun> = {}): Promise<StyleActivations> {
  const path = join(folder, 'samples.f32');
  await writeFile(path, samples);
  try {
    return await hearSong({ path, samples: samples.length }, { engine, modelPath, ...options });
  } finally {
    await rm(path);
  }
}

test('tells a probability of each tag, and how far it has got', async () => {
  const fractions: number[] = [];
  const onProgress = (fraction: number): void => void fractions.push(fraction);
  const { labels, probabilities } = await hearStyle(madeUpSong(10 * STYLE_RATE_HZ), { onProgress });
  assert.deepEqual(labels, STYLE_TAGS);
  assert.equal(labels.length, 50);
  assert.ok(probabilities.every((value, tag) => tag === 0 || value > probabilities[tag - 1]!));
  assert.deepEqual(fractions, [1 / 3, 2 / 3, 1]);
});

test('pauses do not count', async () => {
  // As long as that the third window has nothing of it.
  const song = madeUpSong(windowStart(2));
  const paused = new Float32Array(15 * STYLE_RATE_HZ);
  paused.set(song);
  assert.deepEqual(await hearStyle(paused), await hearStyle(song));
  const quiet = await hearStyle(madeUpSong(STYLE_RATE_HZ * 15).map((sample) => sample * 1e-5));
  assert.ok(quiet.probabilities.every((value) => value === 0));
});

test('says nothing of silence and of what is too short, and does not stumble over what is no music', async () => {
  for (const seconds of [0, 1 / STYLE_RATE_HZ, 2, 20]) {
    const { probabilities } = await hearStyle(new Float32Array(seconds * STYLE_RATE_HZ));
    assert.equal(probabilities.length, STYLE_TAGS.length);
    assert.ok(probabilities.every((value) => value === 0));
  }
  for (const bad of [NaN, Infinity]) {
    await assert.rejects(hearStyle(madeUpSong(4 * STYLE_RATE_HZ).fill(bad, 9, 10)), /not finite/u);
  }
  const loud = await hearStyle(madeUpSong(4 * STYLE_RATE_HZ).map((sample) => sample * 1e6));
  assert.ok(loud.probabilities.every((value) => value > 0 && value <= 1));
});

test('a network that says what no number is fails', async () => {
  const broken = join(folder, 'broken.onnx');
  await writeFile(broken, tinyStyleGraph(NaN));
  const hearing = hearStyle(madeUpSong(4 * STYLE_RATE_HZ), { modelPath: broken });
  await assert.rejects(hearing, /tags: values that are not finite/u);
});

test('stops when it is no longer wanted, and fails without a network', async () => {
  const samples = madeUpSong(60 * STYLE_RATE_HZ);
  const stop = new AbortController();
  const reason = new Error('no longer wanted');
  const onProgress = (): void => stop.abort(reason);
  await assert.rejects(hearStyle(samples, { signal: stop.signal, onProgress }), reason);
  await assert.rejects(hearStyle(samples, { signal: stop.signal }), reason);
  await assert.rejects(hearStyle(samples, { modelPath: join(folder, 'none.onnx') }), /none\.onnx/u);
});

/** Of an engine that hears a song of this length, which sounds only at its end. */
async function peakBytes(seconds: number): Promise<number> {
  const fresh = createEngine({ threads: 1 });
  const path = join(folder, 'long.f32');
  const samples = seconds * STYLE_RATE_HZ;
  await using file = await open(path, 'w');
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  const end = madeUpSong(STYLE_RATE_HZ * 40);
  await file.write(new Uint8Array(end.buffer), 0, end.byteLength, samples * bytes - end.byteLength);
  try {
    const { probabilities } = await hearSong({ path, samples }, { engine: fresh, modelPath });
    assert.ok(probabilities.at(-1)! > 0);
    return await peakResidentBytes(fresh.pid);
  } finally {
    await fresh.close();
    await rm(path);
  }
}

test(
  '30 minutes need hardly more memory than one',
  { skip: process.platform !== 'linux' && 'reads /proc' },
  async (t) => {
    const [short, long] = [await peakBytes(60), await peakBytes(1800)];
    t.diagnostic(`${String(short)} and ${String(long)} bytes`);
    assert.ok(short > 50e6);
    // The samples alone are 115 MB.
    assert.ok(long < short + 50e6, `${String(long)} bytes, and ${String(short)} for one minute`);
  },
);
