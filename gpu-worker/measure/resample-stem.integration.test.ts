import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findProgram } from '../../runtime/child.ts';
import { bestResampler } from '../../runtime/media/decode.ts';
import { readFrames, readWavHeader } from '../wav/read-wav.ts';
import { createWavWriter } from '../wav/write-wav.ts';
import { resampleStem } from './resample-stem.ts';

const ffmpegPath = findProgram('ffmpeg');
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-resample-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** One click that holds nothing above 8 kHz, centred on `seconds`. */
function click(rateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rateHz }, (_, index) => {
    const t = index / rateHz - seconds;
    const x = 2 * Math.PI * 4000 * t;
    return 0.8 * Math.exp(-((t * 2500) ** 2)) * Math.cos(x);
  });
}

for (const resampler of ['soxr', 'swr'] as const) {
  for (const seconds of [0.002, 0.5, 0.998]) {
    test(`${resampler} leaves a click at ${String(seconds)} s where it is`, async (t) => {
      if (ffmpegPath === null) return t.skip('no ffmpeg on the PATH');
      const tools = { ffmpegPath, ffprobePath: ffmpegPath };
      if (resampler === 'soxr' && (await bestResampler(tools, folder)) !== 'soxr')
        return t.skip('this ffmpeg has no soxr');
      const [input, output] = [join(folder, 'in.wav'), join(folder, 'out.wav')];
      const source = click(44_100, seconds);
      const writer = await createWavWriter(input, { rateHz: 44_100, channels: 2 });
      await writer.write([source, source]);
      await writer.close();
      const fractions: number[] = [];
      const run = { tools, resampler, folder, signal: new AbortController().signal };
      await resampleStem(
        input,
        output,
        { rateHz: 48_000, channels: 2, samples: 48_000 },
        { ...run, onProgress: (fraction) => fractions.push(fraction) },
      );
      await using handle = await open(output, 'r');
      const header = await readWavHeader(handle);
      assert.equal(header.samples, 48_000);
      const found = [new Float32Array(48_000), new Float32Array(48_000)];
      await readFrames(handle, header, 0, 48_000, found);
      const wanted = click(48_000, seconds);
      const energy = wanted.reduce((sum, sample) => sum + sample * sample, 0);
      const error = wanted.reduce((sum, sample, index) => sum + (sample - (found[1]?.[index] ?? NaN)) ** 2, 0);
      // A shift by a thousandth of a sample would leave 66 dB.
      const snrDb = 10 * Math.log10(energy / error);
      assert.ok(snrDb > 90, `${String(snrDb)} dB`);
      assert.ok(fractions.length > 0 && fractions.every((fraction) => fraction > 0 && fraction <= 1));
    });
  }
}
