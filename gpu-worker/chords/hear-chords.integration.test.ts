/** The published network: the chords of a made song as crema itself hears them. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ChordActivations } from '../analysis/heard-by-network.ts';
import { createEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { CREMA_CHORDS } from '../models/manifest/chord-models.ts';
import { publishedModel } from '../models/published-model.test-kit.ts';
import { CHORD_RATE_HZ, FRAME_HOP_SAMPLES } from './chord-grid.ts';
import { BASS_CLASSES, CHORD_CLASSES, NETWORK_CLASSES, shareOutInversions } from './chord-labels.ts';
import { fourChords } from './four-chords.test-kit.ts';
import { hearChords as hearSong } from './hear-chords.ts';
import type { ChordRun } from './hear-chords.ts';

const CLASSES = CHORD_CLASSES.length;
/** The recipe kept every 4th frame. */
const KEPT_EVERY = 4;

let folder = '';
let engine: Engine;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-chords-'));
  engine = createEngine({ threads: 1 });
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Null, and the test skipped, where no source of the network answers. */
async function openRun(t: TestContext): Promise<ChordRun | null> {
  const modelPath = await publishedModel(t, CREMA_CHORDS);
  return modelPath === null ? null : { engine, modelPath, folder };
}

/** What is heard in samples; they lie in a file as long as that takes. */
async function hearChords(samples: Float32Array, run: ChordRun): Promise<ChordActivations> {
  const path = join(folder, 'samples.f32');
  await writeFile(path, samples);
  try {
    return await hearSong({ path, samples: samples.length }, run);
  } finally {
    await rm(path);
  }
}

function likeliest({ labels, probabilities }: ChordActivations, frame: number): string {
  const row = probabilities.subarray(frame * labels.length, (frame + 1) * labels.length);
  return labels[row.indexOf(Math.max(...row))]!;
}

test('says what crema says, chord by chord', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const bytes = await readFile(join(import.meta.dirname, 'testdata/tags.f32'));
  const reference = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const heard = await hearChords(fourChords(), run);
  assert.equal(heard.probabilities.length, 64 * CLASSES);
  const wanted = new Float32Array(CLASSES);
  const width = NETWORK_CLASSES.length + BASS_CLASSES;
  // The spectra of the first and last frames differ a little; see the README.
  let [worst, mean] = [0, 0];
  for (let kept = 0; kept < reference.length / width; kept++) {
    const row = reference.subarray(kept * width, (kept + 1) * width);
    shareOutInversions(row.subarray(0, NETWORK_CLASSES.length), row.subarray(NETWORK_CLASSES.length), wanted);
    const at = kept * KEPT_EVERY * CLASSES;
    wanted.forEach((probability, index) => {
      const error = Math.abs(probability - heard.probabilities[at + index]!);
      worst = Math.max(worst, error);
      mean += error / (wanted.length * 16);
    });
    assert.equal(likeliest(heard, kept * KEPT_EVERY), heard.labels[wanted.indexOf(Math.max(...wanted))]);
  }
  t.diagnostic(`probabilities at most ${worst.toExponential(1)} off, ${mean.toExponential(1)} on average`);
  assert.equal(reference.length, 16 * width);
  assert.ok(worst < 0.02);
  assert.ok(mean < 1e-4);
});

test('hears four chords, each where it sounds, and tells how far it is', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const fractions: number[] = [];
  const heard = await hearChords(fourChords(), { ...run, onProgress: (fraction) => fractions.push(fraction) });
  const middles = [0.75, 2.25, 3.75].map((seconds) => likeliest(heard, Math.round(seconds * heard.framesPerSecond)));
  assert.deepEqual(middles, ['C:maj', 'A:min', 'F:maj']);
  for (let frame = 0; frame < heard.probabilities.length / CLASSES; frame++) {
    const sum = heard.probabilities.subarray(frame * CLASSES, (frame + 1) * CLASSES).reduce((all, p) => all + p, 0);
    assert.ok(Math.abs(sum - 1) < 1e-4);
  }
  assert.equal(fractions.at(-1), 1);
  assert.ok(fractions.every((fraction, index) => index === 0 || fraction >= fractions[index - 1]!));
});

test('does not stumble over what is short, silent or no music', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  for (const length of [0, 1, FRAME_HOP_SAMPLES - 1]) {
    assert.equal((await hearChords(new Float32Array(length).fill(0.1), run)).probabilities.length, 0);
  }
  const noise = Float32Array.from({ length: CHORD_RATE_HZ }, (_, n) => ((n * 7919) % 1009) / 504.5 - 1);
  for (const samples of [noise, noise.map((value) => value * 1e6), new Float32Array(CHORD_RATE_HZ)]) {
    const { probabilities } = await hearChords(samples, run);
    assert.equal(probabilities.length, Math.floor(samples.length / FRAME_HOP_SAMPLES) * CLASSES);
    assert.ok(probabilities.every((probability) => probability >= 0 && probability <= 1));
  }
  for (const bad of [NaN, Infinity]) await assert.rejects(hearChords(noise.with(9, bad), run), /not finite/u);
  assert.deepEqual(await readdir(folder), []);
});

test('stops when it is no longer wanted, or fails, and leaves nothing', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const samples = new Float32Array(120 * CHORD_RATE_HZ);
  for (let n = 0; n < samples.length; n++) samples[n] = 0.1 * Math.sin(n / 30);
  const stop = new AbortController();
  const reason = new Error('no longer wanted');
  const fractions: number[] = [];
  const onProgress = (fraction: number): void => {
    fractions.push(fraction);
    stop.abort(reason);
  };
  await assert.rejects(hearChords(samples, { ...run, signal: stop.signal, onProgress }), reason);
  assert.ok(fractions.length > 0 && fractions.at(-1)! < 0.9);
  await assert.rejects(hearChords(samples, { ...run, signal: stop.signal }), reason);
  await assert.rejects(hearChords(samples, { ...run, modelPath: join(folder, 'none.onnx') }), /none\.onnx/u);
  assert.deepEqual(await readdir(folder), []);
  assert.ok((await hearChords(samples.subarray(0, 3 * CHORD_RATE_HZ), run)).probabilities.length > 0);
});
