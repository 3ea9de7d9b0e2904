import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { interleave } from '../wav/interleave.ts';
import { readFrames, readWavHeader } from '../wav/read-wav.ts';
import { createWavWriter } from '../wav/write-wav.ts';
import { conformFile, createConformingWriter, workingChannels } from './conform.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-conform-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Multiples of 2^-10, so that means are exact. */
function signal(channels: number, samples: number): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples }, (__, index) => (((index * 37 + channel * 101) % 1024) - 512) / 1024),
  );
}

async function readAll(path: string): Promise<Float32Array[]> {
  await using handle = await open(path, 'r');
  const header = await readWavHeader(handle);
  const channels = Array.from({ length: header.channels }, () => new Float32Array(header.samples));
  await readFrames(handle, header, 0, header.samples, channels);
  return channels;
}

/** What a recording of `channels` channels and `samples` samples should get of these. */
function expected(source: readonly Float32Array[], channels: number, samples: number): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples }, (__, index) => {
      const value = source[channel]?.[index] ?? 0;
      const isDoubled = channels % 2 === 1 && channel === channels - 1;
      return isDoubled ? (value + (source[channel + 1]?.[index] ?? 0)) / 2 : value;
    }),
  );
}

for (const channels of [1, 2, 3, 6]) {
  for (const samples of [999, 1000, 1003]) {
    test(`1000 samples become ${String(samples)} of ${String(channels)} channels`, async () => {
      const source = signal(workingChannels(channels), 1000);
      const shape = { rateHz: 44_100, channels, samples };
      const wanted = expected(source, channels, samples);

      const interleaved = new Float32Array(source.length * 1000);
      interleave(source, 1000, interleaved);
      const streamed = join(folder, 'streamed.wav');
      const writer = await createConformingWriter(streamed, shape);
      // 7 shares no factor with the channels, so frames are cut anywhere.
      for (let start = 0; start < interleaved.length; start += 7) {
        await writer.writeInterleaved(interleaved.subarray(start, start + 7));
      }
      await writer.close();
      assert.deepEqual(await readAll(streamed), wanted);

      const [input, output] = [join(folder, 'in.wav'), join(folder, 'out.wav')];
      const inputWriter = await createWavWriter(input, { rateHz: 44_100, channels: source.length });
      await inputWriter.write(source);
      await inputWriter.close();
      await conformFile(input, output, shape);
      assert.deepEqual(await readAll(output), wanted);
    });
  }
}
