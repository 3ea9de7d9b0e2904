/** Readings against ffmpeg's own meter, which is tested against the EBU's files. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { findProgram, runChild } from '../../runtime/child.ts';
import { createWavWriter } from '../wav/write-wav.ts';
import { measureFile } from './measure-files.ts';

const AUDIO = resolve(process.env['WOODSHED_SHARED'] ?? '../shared', 'audio');
const ffmpeg = findProgram('ffmpeg');
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-loudness-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function runFfmpeg(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runChild(ffmpeg ?? '', ['-hide_banner', '-nostdin', ...args], {
    cwd: folder,
    maxOutputBytes: 16_000_000,
  });
  assert.equal(code, 0, stderr);
  return stdout.toString();
}

/** The last values that the filter prints. */
async function ffmpegReadings(path: string): Promise<{ readonly lufs: number; readonly peakDbtp: number }> {
  const filter = 'ebur128=metadata=1:peak=true,ametadata=print:file=-';
  const printed = await runFfmpeg(['-v', 'error', '-i', path, '-af', filter, '-f', 'null', '-']);
  const last = (name: string): number => Number(printed.match(new RegExp(`(?<=lavfi.r128.${name}=).*`, 'gu'))?.at(-1));
  const peaks = ['true_peaks_ch0', 'true_peaks_ch1'].map((name) => last(name)).filter((value) => !Number.isNaN(value));
  return { lufs: last('I'), peakDbtp: 20 * Math.log10(Math.max(...peaks)) };
}

async function compare(path: string): Promise<void> {
  const ours = await measureFile(path, 1200, () => undefined);
  const theirs = await ffmpegReadings(path);
  assert.ok(ours.loudnessLufs !== null && ours.peakDbtp !== null);
  assert.ok(
    Math.abs(ours.loudnessLufs - theirs.lufs) <= 0.05,
    `${String(ours.loudnessLufs)} and ${String(theirs.lufs)} LUFS`,
  );
  // Both interpolate; the filters differ, ours being the steeper.
  assert.ok(
    Math.abs(ours.peakDbtp - theirs.peakDbtp) <= 0.3,
    `${String(ours.peakDbtp)} and ${String(theirs.peakDbtp)} dBTP`,
  );
}

for (const [rateHz, channels] of [
  [44_100, 2],
  [48_000, 1],
  [96_000, 2],
  [22_050, 2],
] as const) {
  test(`agrees with ffmpeg on pulsing noise (${String(rateHz)} Hz, ${String(channels)} channels)`, async (t) => {
    if (ffmpeg === null) return t.skip('no ffmpeg on the PATH');
    const path = join(folder, 'noise.wav');
    let state = 1;
    let low = 0;
    const signal = Array.from({ length: channels }, () =>
      Float32Array.from({ length: 8 * rateHz }, (_, index) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        const beat = 0.02 + 0.3 * Math.exp(-8 * ((index / rateHz) % 0.5));
        // As in music, little lies close to half the rate, where the true peak is a matter of the filter's edge.
        low += 0.3 * (state / 2 ** 31 - 1 - low);
        return beat * low + 0.2 * Math.sin((2 * Math.PI * 110 * index) / rateHz);
      }),
    );
    const writer = await createWavWriter(path, { rateHz, channels });
    await writer.write(signal);
    await writer.close();
    await compare(path);
  });
}

for (const name of ['song_10s.mp3', 'vocadito_10.wav']) {
  test(`agrees with ffmpeg on real music (${name})`, async (t) => {
    if (ffmpeg === null) return t.skip('no ffmpeg on the PATH');
    const source = join(AUDIO, name);
    if (!existsSync(source)) return t.skip(`no ${name} in the shared audio folder`);
    const path = join(folder, 'music.wav');
    await runFfmpeg(['-v', 'error', '-y', '-i', source, '-c:a', 'pcm_f32le', path]);
    await compare(path);
  });
}
