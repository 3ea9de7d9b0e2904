import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Quality } from '../../workflows/contract/request.ts';
import { createMdxSeparator } from './mdx.ts';
import type { MdxContract } from './mdx.ts';
import { MDX_ROWS } from './onnx-entries.ts';
import { fromPlanes, openNetwork, toPlane } from './published-network.test-kit.ts';
import type { Run } from './published-network.test-kit.ts';
import { hann, torchIstft, torchStft } from './published-stft.test-kit.ts';
import { CPU, modelFile, separateSong, snrDb } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { testSeparatorProperties } from './separator-properties.test-kit.ts';
import { chord, roughSong } from './test-signals.test-kit.ts';
import { identityMdx, randomMdx } from './tiny-models/tiny-mdx.ts';

/** Of the published proportions (a transform of 7.5 hops, as Voc_FT's; a third of the band cut), small enough for plain arithmetic. */
const SMALL: MdxContract = {
  fftSamples: 480,
  hopSamples: 64,
  bins: 160,
  frames: 33,
  compensation: 1.035,
  lowBinsFast: 0,
};
const CHUNK = SMALL.hopSamples * (SMALL.frames - 1);
const BLOCK = CHUNK - SMALL.fftSamples;
const QUALITIES: readonly Quality[] = ['fast', 'best'];
const LENGTHS = [1, 2, 63, 65, BLOCK - 1, BLOCK, BLOCK + 1, CHUNK + 1, 7321];
const create =
  (quality: Quality, contract = SMALL) =>
  (path: string): ReturnType<typeof createMdxSeparator> =>
    createMdxSeparator(contract, ['drums', 'rest'], path, quality);

for (const quality of QUALITIES) {
  testSeparatorProperties({
    name: `MDX-Net, ${quality}`,
    network: () => randomMdx(SMALL, 1, 3),
    create: create(quality),
    lengths: LENGTHS,
  });
}

for (const { id, slots, contract } of MDX_ROWS) {
  void test(`${id}: an identity network returns what lies in its bins, and the complement the rest`, async (t) => {
    const path = await modelFile(t, identityMdx(contract));
    const samples = Math.round(1.3 * contract.hopSamples * (contract.frames - 1)) + 1;
    const song = chord(samples, (0.65 * contract.bins) / contract.fftSamples);
    for (const quality of contract.frames > 256 ? (['fast'] as const) : QUALITIES) {
      const [stem, rest] = await separateSong(createMdxSeparator(contract, slots, path, quality), song);
      const snr = snrDb(stem!, song);
      assert.ok(snr >= 100, `${quality}: ${snr.toFixed(1)} dB`);
      const complement = song.map((channel, side) =>
        channel.map((x, n) => x - contract.compensation * stem![side]![n]!),
      );
      assert.ok(snrDb(rest!, complement) >= 90);
    }
  });
}

for (const [name, plainly] of [
  ['fast', kuielab],
  ['best', overlapped],
] as const) {
  void test(`${name} agrees with the published procedure, computed plainly in double precision`, async (t) => {
    const path = await modelFile(t, randomMdx(SMALL, 7, 3));
    const network = await openNetwork(path);
    for (const samples of [1, 65, BLOCK, CHUNK + 1, 5001]) {
      const song = roughSong(samples, 100 + samples);
      const found = await separateSong(create(name)(path), song);
      const wanted = await plainly(song, network.run);
      const rest = song.map((channel, side) => channel.map((x, n) => x - SMALL.compensation * wanted[side]![n]!));
      const snr = Math.min(snrDb(found[0]!, wanted), snrDb(found[1]!, rest));
      assert.ok(snr >= 80, `${String(samples)} samples: ${snr.toFixed(1)} dB`);
    }
    await network.close();
  });
}

void test('best follows the level of the song exactly, where the network itself does not', async (t) => {
  const path = await modelFile(t, randomMdx(SMALL, 3, 3));
  const song = roughSong(5000, 9);
  const quieter = song.map((channel) => channel.map((x) => x / 64)) as unknown as Stereo;
  const [loud, quiet] = [
    await separateSong(create('best')(path), song),
    await separateSong(create('best')(path), quieter),
  ];
  assert.deepEqual(
    quiet[0]!.map((channel) => channel.map((x) => x * 64)),
    loud[0],
  );
  const [fast, fastQuiet] = [
    await separateSong(create('fast')(path), song),
    await separateSong(create('fast')(path), quieter),
  ];
  assert.ok(
    snrDb(
      fastQuiet[0]!.map((channel) => channel.map((x) => x * 64)),
      fast[0]!,
    ) < 40,
  );
});

void test('best turns over with the polarity of the song exactly, where the network itself does not', async (t) => {
  const path = await modelFile(t, randomMdx(SMALL, 4, 3));
  const song = roughSong(5000, 10);
  const turned = song.map((channel) => channel.map((x) => -x)) as unknown as Stereo;
  const results = [];
  for (const quality of QUALITIES) {
    const [upright, inverted] = [
      await separateSong(create(quality)(path), song),
      await separateSong(create(quality)(path), turned),
    ];
    results.push({ upright, back: inverted.map((slot) => slot.map((channel) => channel.map((x) => 0 - x))) });
  }
  assert.ok(snrDb(results[0]!.back[0]!, results[0]!.upright[0]!) < 40);
  assert.deepEqual(results[1]!.back, results[1]!.upright);
});

void test('the lowest bins reach the network only where the original lets them', async (t) => {
  const contract = { ...SMALL, lowBinsFast: 3 };
  const path = await modelFile(t, identityMdx(SMALL));
  const offset: Stereo = [new Float32Array(6000).fill(0.5), new Float32Array(6000).fill(-0.25)];
  const middle = (slots: Awaited<ReturnType<typeof separateSong>>): number => slots[0]![0]![3000]!;
  assert.ok(Math.abs(middle(await separateSong(create('fast')(path), offset)) - 0.5) < 1e-6);
  assert.ok(Math.abs(middle(await separateSong(create('fast', contract)(path), offset))) < 1e-6);
  assert.ok(Math.abs(middle(await separateSong(create('best')(path), offset))) < 1e-6);
});

void test('a graph of another size is refused with both sizes', async (t) => {
  const path = await modelFile(t, identityMdx({ ...SMALL, bins: 128 }));
  await assert.rejects(create('fast')(path).open(CPU), (error: Error) => {
    assert.ok(error instanceof RangeError);
    assert.match(error.message, /input \[batch_size,4,128,33\]/);
    assert.match(error.message, /wants input \[1,4,160,33\] -> output \[1,4,160,33\]/);
    return true;
  });
});

async function hear(
  chunk: readonly Float64Array[],
  run: Run,
  signs: readonly number[],
  low: number,
): Promise<Float64Array[]> {
  const { fftSamples, hopSamples, bins, frames } = SMALL;
  const window = hann(fftSamples);
  const sums = chunk.map(() => new Float64Array(chunk[0]!.length));
  const data = chunk.flatMap((channel) => {
    const { real, imaginary } = torchStft(channel, hopSamples, window);
    for (const spectrum of [...real, ...imaginary]) spectrum.fill(0, 0, low);
    return [...toPlane(real, bins), ...toPlane(imaginary, bins)];
  });
  for (const sign of signs) {
    const input = Float32Array.from(data, (value) => sign * value);
    const { output } = await run({ input: { data: input, shape: [1, 4, bins, frames] } });
    for (const [side, sum] of sums.entries()) {
      const plane = (index: number): Float32Array =>
        output!.subarray(index * bins * frames, (index + 1) * bins * frames);
      const back = fromPlanes(plane(2 * side), plane(2 * side + 1), { bins, frames, size: fftSamples });
      for (const [n, value] of torchIstft(back, hopSamples, window).entries()) sum[n]! += (sign * value) / signs.length;
    }
  }
  return sums;
}

/** The mix between half a frame of zeros and the padding; blocks of what is left of a chunk without its ends, joined. */
async function kuielab(mix: Stereo, run: Run): Promise<Float64Array[]> {
  const trim = SMALL.fftSamples / 2;
  const length = mix[0].length;
  const pad = BLOCK - (length % BLOCK);
  const joined: number[][] = [[], []];
  const padded = mix.map((channel) => [...zeros(trim), ...channel, ...zeros(pad), ...zeros(trim)]);
  for (let at = 0; at < length + pad; at += BLOCK) {
    const heard = await hear(
      padded.map((channel) => Float64Array.from(channel.slice(at, at + CHUNK))),
      run,
      [1],
      0,
    );
    for (const [side, wave] of heard.entries()) joined[side]!.push(...wave.slice(trim, CHUNK - trim));
  }
  return joined.map((values) => Float64Array.from(values.slice(0, length)));
}

/** Half overlapped under a raised cosine that is nowhere zero, at a peak of 0.9, denoised, without the three lowest bins. */
async function overlapped(mix: Stereo, run: Run): Promise<Float64Array[]> {
  const length = mix[0].length;
  const peak = Math.max(...mix.map((channel) => Math.max(...channel.map(Math.abs))));
  const padded = mix.map((channel) => [
    ...zeros(CHUNK / 2),
    ...channel.map((x) => (x / peak) * 0.9),
    ...zeros(2 * CHUNK),
  ]);
  const sums = mix.map(() => new Float64Array(padded[0]!.length));
  for (let at = 0; at < length + CHUNK / 2; at += CHUNK / 2) {
    const heard = await hear(
      padded.map((channel) => Float64Array.from(channel.slice(at, at + CHUNK))),
      run,
      [1, -1],
      3,
    );
    for (const [side, wave] of heard.entries()) {
      for (let n = 0; n < CHUNK; n++) sums[side]![at + n]! += wave[n]! * Math.sin((Math.PI * (n + 0.5)) / CHUNK) ** 2;
    }
  }
  return sums.map((sum) => sum.slice(CHUNK / 2, CHUNK / 2 + length).map((x) => (x / 0.9) * peak));
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
