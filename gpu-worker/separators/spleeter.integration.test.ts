// The real weights against what Spleeter itself (TensorFlow) made of the same song.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import pino from 'pino';
import { runChild } from '../../runtime/child.ts';
import { createModelStore } from '../models/model-store.ts';
import { SEPARATORS } from './registry.ts';
import { separateSong, snrDb } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import type { Quality } from '../../workflows/contract/request.ts';
import type { Separator } from '../models/separator.ts';

const shared = process.env['WOODSHED_SHARED'] ?? join(import.meta.dirname, '../../../shared');
const cacheDir = process.env['WOODSHED_CACHE'] ?? join(homedir(), '.cache', 'woodshed');
const song = join(shared, 'audio/song_10s.mp3');
const reference = (stem: string): string => join(shared, `reference/spleeter_song_10s_${stem}.wav`);

/** Null, and the test skipped, where the weights or the song are out of reach. */
async function openSpleeter(t: TestContext, quality: Quality): Promise<Separator | null> {
  if (!existsSync(song)) {
    t.skip(`no ${song}: the song and Spleeter's own stems of it are not part of this repository`);
    return null;
  }
  const store = createModelStore({ cacheDir, log: pino({ level: 'silent' }), allowNonCommercial: false });
  try {
    const { id, onnxPaths } = await store.ensure('spleeter-2stems');
    return SEPARATORS.get(id)!.create(new Map([[id, onnxPaths]]), quality);
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'model-missing') throw error;
    t.skip('no source of the Spleeter weights answers from here');
    return null;
  }
}

async function decode(path: string): Promise<Stereo> {
  const args = ['-v', 'error', '-i', path, '-f', 'f32le', '-ac', '2', '-ar', '44100', '-'];
  const { code, stdout, stderr } = await runChild('ffmpeg', args, { cwd: tmpdir(), maxOutputBytes: 1e8 });
  assert.equal(code, 0, stderr);
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  const channel = (side: number): Float32Array =>
    Float32Array.from({ length: samples.length / 2 }, (_, n) => samples[2 * n + side]!);
  return [channel(0), channel(1)];
}

void test('fast agrees with Spleeter to 95 dB', async (t) => {
  const separator = await openSpleeter(t, 'fast');
  if (separator === null) return;
  const stems = await separateSong(separator, await decode(song));
  for (const [slot, name] of separator.slots.entries()) {
    const level = snrDb(stems[slot]!, await decode(reference(name)));
    t.diagnostic(`${name}: ${level.toFixed(1)} dB`);
    assert.ok(level > 95, `${name}: ${level.toFixed(1)} dB`);
  }
});

void test('best stays near what fast says of the song, and its stems sum to the mix', async (t) => {
  const separator = await openSpleeter(t, 'best');
  if (separator === null) return;
  const mix = await decode(song);
  const [vocals, accompaniment] = await separateSong(separator, mix);
  const sum = vocals!.map((channel, c) => channel.map((x, n) => x + accompaniment![c]![n]!));
  assert.ok(snrDb(sum, mix) > 110, `${snrDb(sum, mix).toFixed(1)} dB`);
  for (const [stem, name] of [[vocals!, 'vocals'] as const, [accompaniment!, 'accompaniment'] as const]) {
    const level = snrDb(stem, await decode(reference(name)));
    assert.ok(level > 8 && level < 60, `${name}: ${level.toFixed(1)} dB`);
  }
});
