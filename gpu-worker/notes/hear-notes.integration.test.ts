/** The published network: the notes of a recorded singer as Basic Pitch itself hears them, and of tones that need no recording. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { findProgram } from '../../runtime/child.ts';
import { bestResampler } from '../../runtime/media/decode.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import { createEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { BASIC_PITCH } from '../models/manifest/note-models.ts';
import { publishedModel } from '../models/published-model.test-kit.ts';
import { decodeMono } from '../wav/decode-mono.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { hearNotes as hearSong } from './hear-notes.ts';
import type { NoteRun } from './hear-notes.ts';
import type { NoteOptions } from './note-options.ts';
import { frameCount, NOTE_RATE_HZ, windowCount } from './note-grid.ts';
import { readPosteriors } from './posteriors.ts';
import { seededRandom } from './posteriors.test-kit.ts';

const shared = resolve(process.env['WOODSHED_SHARED'] ?? '../shared');
const singer = join(shared, 'audio', 'vocadito_10.wav');
const reference = (name: string): string => join(shared, 'reference', `basic_pitch_vocadito_10_${name}`);

let folder = '';
let engine: Engine;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-notes-'));
  engine = createEngine({ threads: 2 });
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Null, and the test skipped, where no source of the network answers. */
async function openRun(t: TestContext): Promise<NoteRun | null> {
  const modelPath = await publishedModel(t, BASIC_PITCH);
  return modelPath === null ? null : { engine, modelPath, folder };
}

/** What is heard in samples; they lie in a file as long as that takes. */
async function hearNotes(
  samples: Float32Array,
  options: Partial<NoteOptions>,
  run: NoteRun,
): Promise<readonly HeardNote[]> {
  const path = join(folder, 'samples.f32');
  await writeFile(path, samples);
  try {
    return await hearSong({ path, samples: samples.length }, options, run);
  } finally {
    await rm(path);
  }
}

/** Null, and the test skipped, without the recording or a resampler as good as Basic Pitch's. */
async function decodeSinger(t: TestContext): Promise<MonoFile | null> {
  const ffmpegPath = findProgram('ffmpeg');
  const tools = ffmpegPath === null ? null : { ffmpegPath, ffprobePath: ffmpegPath };
  if (!existsSync(singer)) t.skip(`no ${singer}: the recording and its notes are not part of this repository`);
  else if (tools === null) t.skip('no ffmpeg on the PATH');
  else if ((await bestResampler(tools, folder)) !== 'soxr') t.skip('this ffmpeg has no soxr');
  else return await decodeMono(tools, singer, { rateHz: NOTE_RATE_HZ, channels: 1, folder });
  return null;
}

/** Tones of eight harmonics that die away. */
function tones(seconds: number, notes: readonly (readonly [startSeconds: number, pitchMidi: number])[]): Float32Array {
  const samples = new Float32Array(seconds * NOTE_RATE_HZ);
  for (const [startSeconds, pitchMidi] of notes) {
    const cyclesPerSample = (440 * 2 ** ((pitchMidi - 69) / 12)) / NOTE_RATE_HZ;
    const start = Math.round(startSeconds * NOTE_RATE_HZ);
    for (let n = 0; n < 0.6 * NOTE_RATE_HZ && start + n < samples.length; n++) {
      const level = 0.2 * Math.exp(-n / (0.3 * NOTE_RATE_HZ)) * Math.min(1, n / 60);
      for (let k = 1; k <= 8; k++) samples[start + n]! += (level / k) * Math.sin(2 * Math.PI * k * cyclesPerSample * n);
    }
  }
  return samples;
}

const MELODY = [60, 64, 67, 72, 69, 55, 62, 65].map((pitch, n) => [0.4 + 0.7 * n, pitch] as const);

test('what the network says of a singer is what Basic Pitch publishes', async (t) => {
  const [run, singing] = [await openRun(t), await decodeSinger(t)];
  if (run === null || singing === null) return;
  const { path: samplesPath, samples } = singing;
  assert.equal(samples, 200_607);
  const posteriorsPath = join(folder, 'singer-posteriors.f32');
  await writeFile(posteriorsPath, '');
  const song = { modelPath: run.modelPath, samplesPath, samples, posteriorsPath };
  await engine.run('computePosteriors', { ...song, windows: { start: 0, end: windowCount(samples) } });
  const found = await readPosteriors(posteriorsPath, frameCount(samples));
  await Promise.all([samplesPath, posteriorsPath].map((path) => rm(path)));

  for (const name of ['note', 'onset', 'contour'] as const) {
    const bytes = await readFile(reference(`${name}.f32`));
    const wanted = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    assert.equal(found[name].length, wanted.length);
    const worst = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - found[name][at]!)), 0);
    t.diagnostic(`${name}: at most ${worst.toExponential(1)} off`);
    assert.ok(worst < 5e-4, `${name}: ${String(worst)}`);
  }
});

test('hears the notes of a singer that Basic Pitch hears', async (t) => {
  const [run, singing] = [await openRun(t), await decodeSinger(t)];
  if (run === null || singing === null) return;
  const notes = await hearSong(singing, {}, run);
  const wanted = JSON.parse(await readFile(reference('notes.json'), 'utf8')) as (Omit<HeardNote, 'bendCents'> & {
    readonly pitchBends: readonly number[];
  })[];
  assert.equal(wanted.length, 28);
  assert.deepEqual(
    notes.map(({ pitchMidi }) => pitchMidi),
    wanted.map(({ pitchMidi }) => pitchMidi),
  );
  for (const [index, note] of notes.entries()) {
    const { startSeconds, endSeconds, amplitude, pitchBends } = wanted[index]!;
    assert.ok(Math.abs(note.startSeconds - startSeconds) < 1e-4);
    assert.ok(Math.abs(note.endSeconds - endSeconds) < 1e-4);
    assert.ok(Math.abs(note.amplitude - amplitude) < 5e-4);
    const overlaps = wanted.some(
      (other, at) => at !== index && other.startSeconds < endSeconds && other.endSeconds > startSeconds,
    );
    const thirds = note.bendCents?.map((cents) => Math.round((cents * 3) / 100));
    assert.deepEqual(thirds, overlaps ? undefined : pitchBends);
  }
  assert.equal((await hearSong(singing, { melodia: false }, run)).length, 26);
  assert.equal((await hearSong(singing, { shortestSeconds: (5 * 256) / NOTE_RATE_HZ }, run)).length, 52);
  await rm(singing.path);
});

test('hears a melody of tones, and no pitch outside of the range', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const samples = tones(6.5, MELODY);
  // Above it, overtones are heard as well.
  const notes = await hearNotes(samples, { pitchRange: { lowest: 21, highest: 72 } }, run);
  assert.deepEqual(
    notes.map(({ pitchMidi }) => pitchMidi),
    MELODY.map(([, pitchMidi]) => pitchMidi),
  );
  for (const [index, { startSeconds, endSeconds, bendCents }] of notes.entries()) {
    assert.ok(Math.abs(startSeconds - MELODY[index]![0]) < 0.03, `from ${String(startSeconds)} s`);
    assert.ok(Math.abs(endSeconds - startSeconds - 0.6) < 0.1, `to ${String(endSeconds)} s`);
    assert.ok(bendCents!.every((cents) => Math.abs(cents) < 40));
  }
  const narrow = await hearNotes(samples, { pitchRange: { lowest: 64, highest: 69 } }, run);
  assert.deepEqual(
    [...new Set(narrow.map(({ pitchMidi }) => pitchMidi))].toSorted((a, b) => a - b),
    [64, 65, 67, 69],
  );
});

test('hears the same on one thread as on two, and tells of every window', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const samples = tones(
    20,
    MELODY.flatMap(
      ([start, pitch]) =>
        [
          [start, pitch],
          [start + 9, pitch + 2],
        ] as const,
    ),
  );
  const fractions: number[] = [];
  const onTwo = await hearNotes(samples, {}, { ...run, onProgress: (fraction) => fractions.push(fraction) });
  const single = createEngine({ threads: 1 });
  try {
    assert.deepEqual(await hearNotes(samples, {}, { ...run, engine: single }), onTwo);
  } finally {
    await single.close();
  }
  const windows = windowCount(samples.length);
  assert.deepEqual(
    fractions,
    Array.from({ length: windows }, (_, n) => (n + 1) / windows),
  );
});

test('hears nothing in nothing, and does not stumble over what is no music', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  for (const length of [0, 1, 254, 255, 3 * NOTE_RATE_HZ]) {
    assert.deepEqual(await hearNotes(new Float32Array(length), {}, run), [], `${String(length)} samples of silence`);
  }
  assert.deepEqual(await hearNotes(Float32Array.of(1), {}, run), []);
  const random = seededRandom(7);
  const noise = Float32Array.from({ length: 3 * NOTE_RATE_HZ }, () => random() - 0.5);
  const strange = {
    noise,
    loud: noise.map((value) => value * 1e6),
    steady: new Float32Array(3 * NOTE_RATE_HZ).fill(0.5),
  };
  for (const [name, samples] of Object.entries(strange)) {
    for (const note of await hearNotes(samples, {}, run)) {
      assert.ok(note.endSeconds > note.startSeconds && note.endSeconds < 3.01, name);
      assert.ok(note.amplitude > 0 && note.amplitude <= 1, name);
    }
  }
  for (const bad of [NaN, Infinity]) {
    await assert.rejects(hearNotes(new Float32Array(NOTE_RATE_HZ).fill(bad, 9, 10), {}, run), /not finite/u);
  }
  await assert.rejects(hearNotes(noise, { onsetThreshold: 1.1 }, run), RangeError);
  await assert.rejects(hearNotes(noise, { shortestSeconds: NaN }, run), RangeError);
  await assert.rejects(hearNotes(noise, { pitchRange: { lowest: 70, highest: 60 } }, run), RangeError);
  assert.deepEqual(await readdir(folder), []);
});

test('stops when it is no longer wanted, or fails, and leaves nothing', async (t) => {
  const run = await openRun(t);
  if (run === null) return;
  const samples = tones(60, MELODY);
  const stop = new AbortController();
  const reason = new Error('no longer wanted');
  let reports = 0;
  const onProgress = (): void => {
    reports++;
    stop.abort(reason);
  };
  await assert.rejects(hearNotes(samples, {}, { ...run, signal: stop.signal, onProgress }), reason);
  assert.ok(reports < windowCount(samples.length) / 2, `${String(reports)} windows`);
  await assert.rejects(hearNotes(samples, {}, { ...run, signal: stop.signal }), reason);
  await assert.rejects(hearNotes(samples, {}, { ...run, modelPath: join(folder, 'none.onnx') }), /none\.onnx/u);
  assert.deepEqual(await readdir(folder), []);
  assert.ok((await hearNotes(tones(2, MELODY), {}, run)).length > 0);
});
