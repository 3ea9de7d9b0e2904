// SCNet and the RoFormers: one engine, three contracts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFadeGrid } from './fade-grid.ts';
import { demix } from './published-demix.test-kit.ts';
import { openNetwork } from './published-network.test-kit.ts';
import { BS_ROFORMER_SW, MEL_BAND_ROFORMER_KIM, createRoformerSeparator } from './roformer.ts';
import { CPU, modelFile, separateSong, snrDb } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { SCNET_CONTRACT, createScnetSeparator } from './scnet.ts';
import { testSeparatorProperties } from './separator-properties.test-kit.ts';
import type { SpectralContract, SpectralLayout } from './spectral-separator.ts';
import { roughSong } from './test-signals.test-kit.ts';
import { identitySpectral, randomSpectral } from './tiny-models/tiny-spectral.ts';

interface Case {
  readonly name: string;
  readonly published: SpectralContract;
  /** The published proportions, small enough for plain arithmetic. */
  readonly small: SpectralContract;
  readonly layout: SpectralLayout;
  readonly create: typeof createScnetSeparator;
}

const CASES: readonly Case[] = [
  {
    name: 'SCNet',
    published: SCNET_CONTRACT,
    small: { ...SCNET_CONTRACT, fftSamples: 64, hopSamples: 16, scale: 1 / 8, segmentSamples: 500, paddedSamples: 528 },
    layout: 'channels',
    create: createScnetSeparator,
  },
  {
    name: 'Mel-Band RoFormer (planes)',
    published: MEL_BAND_ROFORMER_KIM,
    small: { ...MEL_BAND_ROFORMER_KIM, fftSamples: 64, hopSamples: 14, segmentSamples: 560, paddedSamples: 560 },
    layout: 'planes',
    create: createRoformerSeparator,
  },
  {
    name: 'Mel-Band RoFormer (channels)',
    published: MEL_BAND_ROFORMER_KIM,
    small: { ...MEL_BAND_ROFORMER_KIM, fftSamples: 64, hopSamples: 14, segmentSamples: 560, paddedSamples: 560 },
    layout: 'channels',
    create: createRoformerSeparator,
  },
  {
    name: 'BS-RoFormer',
    published: BS_ROFORMER_SW,
    small: { ...BS_ROFORMER_SW, fftSamples: 64, hopSamples: 16, segmentSamples: 640, paddedSamples: 640 },
    layout: 'planes',
    create: createRoformerSeparator,
  },
];
/** Around half, one, one and a half and two segments of any of them: where the published procedure changes its ways. */
const LENGTHS = [1, 13, 17, 281, 499, 560, 561, 751, 841, 961, 1777];
/** Either side of the lengths from which the ends are mirrored out, and far from them. */
const FAST_LENGTHS = [17, 281, 500, 501, 560, 561, 1777];
const BEST_LENGTHS = [499, 750, 751, 840, 841, 1776];

for (const { name, small, layout, create } of CASES) {
  for (const quality of ['fast', 'best'] as const) {
    testSeparatorProperties({
      name: `${name}, ${quality}`,
      network: () => randomSpectral(small, layout, 1, 1),
      create: (path) => create(small, path, quality),
      lengths: LENGTHS,
    });
  }

  void test(`${name}: agrees with the published procedure, computed plainly in double precision`, async (t) => {
    const path = await modelFile(t, randomSpectral(small, layout, 7, 0.5));
    const network = await openNetwork(path);
    const runs = [
      ...FAST_LENGTHS.map((samples) => ({ samples, quality: 'fast', overlap: 2 }) as const),
      ...BEST_LENGTHS.map((samples) => ({ samples, quality: 'best', overlap: 4 }) as const),
    ];
    for (const { samples, quality, overlap } of small.stems.length > 4 ? runs.slice(-2) : runs) {
      const song = roughSong(samples, samples);
      const found = await separateSong(create(small, path, quality), song);
      const wanted = await demix(small, layout, song, overlap, network.run);
      if (small.complement !== null)
        wanted.push(song.map((channel, side) => Float64Array.from(channel, (x, n) => x - wanted[0]![side]![n]!)));
      assert.equal(found.length, wanted.length);
      for (const [slot, channels] of wanted.entries()) {
        const snr = snrDb(found[slot]!, channels);
        assert.ok(snr >= 80, `${quality}, ${String(samples)} samples, slot ${String(slot)}: ${snr.toFixed(1)} dB`);
      }
    }
    await network.close();
  });
}

for (const { name, published, layout, create } of CASES) {
  void test(`${name}: at the published size an identity network returns the mix in its first stem alone`, async (t) => {
    const song = roughSong(Math.round(published.segmentSamples * 1.1) + 1, 3);
    const separator = create(published, await modelFile(t, identitySpectral(published, layout)), 'fast');
    const [first, ...others] = await separateSong(separator, song);
    assert.ok(snrDb(first!, song) >= 100);
    const mean = published.level === 'standard' ? 0.01 : 0;
    for (const channel of others.flat()) {
      const loudest = channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      assert.ok(loudest < mean + 1e-3, String(loudest));
    }
  });

  void test(`${name}: the other layout's file, or another size, is refused with both descriptions`, async (t) => {
    const other = { ...published, fftSamples: published.fftSamples / 2 };
    const path = await modelFile(t, identitySpectral(other, layout));
    await assert.rejects(create(published, path, 'fast').open(CPU), (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, new RegExp(`,${String(other.fftSamples / 2 + 1)},`));
      assert.match(error.message, new RegExp(`wants .*,${String(published.fftSamples / 2 + 1)},`));
      return true;
    });
  });
}

void test('SCNet follows the level of the song exactly, where the network itself does not', async (t) => {
  const { small, layout } = CASES[0]!;
  const separator = createScnetSeparator(small, await modelFile(t, randomSpectral(small, layout, 2, 1)), 'fast');
  const song = roughSong(1500, 4);
  const louder = song.map((channel) => channel.map((x) => x * 16)) as unknown as Stereo;
  const [plain, loud] = [await separateSong(separator, song), await separateSong(separator, louder)];
  for (const [slot, channels] of plain.entries()) {
    assert.ok(
      snrDb(
        loud[slot]!.map((channel) => channel.map((x) => x / 16)),
        channels,
      ) > 120,
    );
  }
  const raw = createScnetSeparator(
    { ...small, level: 'unchanged' },
    await modelFile(t, randomSpectral(small, layout, 2, 1)),
    'fast',
  );
  const rawLoud = await separateSong(raw, louder);
  assert.ok(
    snrDb(
      rawLoud[0]!.map((channel) => channel.map((x) => x / 16)),
      (await separateSong(raw, song))[0]!,
    ) < 40,
  );
});

void test('SCNet stays finite where left and right cancel in mono', async (t) => {
  const { small, layout } = CASES[0]!;
  const [left] = roughSong(1500, 5);
  const song: Stereo = [left, left.map((x) => -x)];
  const slots = await separateSong(
    createScnetSeparator(small, await modelFile(t, identitySpectral(small, layout)), 'fast'),
    song,
  );
  assert.ok(snrDb(slots[0]!, song) >= 100);
});

void test('a step beyond half a segment is refused', () => {
  assert.throws(() => createFadeGrid(100, 51), RangeError);
});
