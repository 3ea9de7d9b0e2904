import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findProgram } from '../../runtime/child.ts';
import { createWavWriter } from './write-wav.ts';
import { decodeMono } from './decode-mono.ts';
import { NOTE_RATE_HZ } from '../notes/note-grid.ts';

const ffmpegPath = findProgram('ffmpeg');
/** More than one block of samples. */
const SECONDS = 7;

for (const [rateHz, levels] of [
  [44_100, [0.8, 0.2]],
  [48_000, [1, 1]],
  [44_100, [0.6, -0.2]],
  [8000, [0.3]],
  [44_100, [0, 0, 0.9]],
  [96_000, [0.8, 0.1, 0.2, 0.9, 0.3, 0.4, 0.5, 0.8]],
] as const) {
  test(`${String(levels.length)} channels at ${String(rateHz)} Hz become their mean at 22,050 Hz, in place`, async (t) => {
    if (ffmpegPath === null) return t.skip('no ffmpeg on the PATH');
    const folder = await mkdtemp(join(tmpdir(), 'woodshed-mono-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'in.wav');
    const writer = await createWavWriter(path, { rateHz, channels: levels.length });
    const tone = (level: number): Float32Array =>
      Float32Array.from({ length: SECONDS * rateHz }, (_, n) => level * Math.sin((2 * Math.PI * 440 * n) / rateHz));
    await writer.write(levels.map(tone));
    await writer.close();

    const seconds: number[] = [];
    const { path: monoPath, samples } = await decodeMono({ ffmpegPath, ffprobePath: ffmpegPath }, path, {
      rateHz: NOTE_RATE_HZ,
      channels: levels.length,
      folder,
      onSeconds: (done) => seconds.push(done),
    });
    const bytes = await readFile(monoPath);
    const mono = new Float32Array(Uint8Array.from(bytes).buffer);
    assert.equal(mono.length, samples);
    assert.ok(seconds.length > 1 && seconds.at(-1) === SECONDS, seconds.join());
    assert.equal(mono.length, SECONDS * NOTE_RATE_HZ);
    const mean = levels.reduce<number>((sum, level) => sum + level, 0) / levels.length;
    // The ends ring where the tone sets in and breaks off.
    for (let n = 1000; n < mono.length - 1000; n++) {
      const wanted = mean * Math.sin((2 * Math.PI * 440 * n) / NOTE_RATE_HZ);
      assert.ok(Math.abs(mono[n]! - wanted) < 1e-3, `${String(mono[n])} at ${String(n)}, wanted ${String(wanted)}`);
    }
  });
}
