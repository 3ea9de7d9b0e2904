import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTDEMUCS, HTDEMUCS_6S, createDemucsSeparator } from './demucs.ts';
import type { DemucsContract } from './demucs.ts';
import { fromPlanes, openNetwork, toPlane } from './published-network.test-kit.ts';
import type { Run } from './published-network.test-kit.ts';
import { hann, reflect, torchIstft, torchStft } from './published-stft.test-kit.ts';
import { CPU, modelFile, separateSong, snrDb, statisticsOf } from './run-windows.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { testSeparatorProperties } from './separator-properties.test-kit.ts';
import { chord, roughSong } from './test-signals.test-kit.ts';
import { float16Demucs, identityDemucs, randomDemucs, waveformDemucs } from './tiny-models/tiny-demucs.ts';

/** The published proportions, small enough for plain arithmetic. */
const SMALL: DemucsContract = { ...HTDEMUCS, fftSamples: 64, hopSamples: 16, segmentSamples: 1006 };
const FRAME = HTDEMUCS.fftSamples;
const LENGTHS = [1, 15, 17, 503, 754, 755, 1006, 1007, 4321];

for (const quality of ['fast', 'best'] as const) {
  testSeparatorProperties({
    name: `Demucs, ${quality}`,
    network: () => randomDemucs(SMALL, 1, 1),
    create: (path) => createDemucsSeparator(SMALL, path, quality),
    lengths: LENGTHS,
  });
}

for (const contract of [HTDEMUCS, HTDEMUCS_6S]) {
  const count = String(contract.stems.length);
  void test(`${count} stems: at the published size an identity network returns the mix by both branches`, async (t) => {
    // Without the highest bin, which is not the network's.
    const song = chord(450_001, 0.4);
    const separator = createDemucsSeparator(contract, await modelFile(t, identityDemucs(contract)), 'fast');
    const [spectral, waveform, ...others] = await separateSong(separator, song);
    // Demucs drops the two frames at either end of a segment, as does its own inverse: their share is the waveform branch's.
    for (const [from, to] of [
      [FRAME, contract.segmentSamples - FRAME],
      [contract.segmentSamples, 450_001],
    ] as const) {
      const inside = (channel: Float32Array | Float64Array): ArrayLike<number> => channel.subarray(from, to);
      assert.ok(snrDb(spectral!.map(inside), song.map(inside)) >= 100);
    }
    assert.ok(snrDb(waveform!, song) >= 100);
    assert.equal(others.length, contract.stems.length - 2);
    for (const channel of others.flat()) assert.ok(channel.every((value) => Math.abs(value) < 1e-5));
  });
}

for (const [quality, overlap] of [
  ['fast', 0.25],
  ['best', 0.5],
] as const) {
  void test(`${quality} agrees with the published procedure, computed plainly in double precision`, async (t) => {
    const path = await modelFile(t, randomDemucs(SMALL, 7, 0.5));
    const network = await openNetwork(path);
    for (const samples of LENGTHS.slice(1)) {
      const song = roughSong(samples, samples);
      const found = await separateSong(createDemucsSeparator(SMALL, path, quality), song);
      for (const [slot, channels] of (await applyModel(song, overlap, network.run)).entries()) {
        const snr = snrDb(found[slot]!, channels);
        assert.ok(snr >= 80, `${String(samples)} samples, slot ${String(slot)}: ${snr.toFixed(1)} dB`);
      }
    }
    await network.close();
  });
}

void test('the export that takes and gives waveforms is run the same way', async (t) => {
  const song = roughSong(2500, 8);
  const path = await modelFile(t, waveformDemucs(SMALL));
  const slots = await separateSong(createDemucsSeparator(SMALL, path, 'fast'), song);
  const { meanMono } = statisticsOf(song);
  for (const [stem, channels] of slots.entries()) {
    const wanted = [0, 1].map((side) =>
      Float64Array.from(song[stem % 2 === 0 ? side : 1 - side]!, (x) => (x - meanMono) / (stem + 1) + meanMono),
    );
    assert.ok(snrDb(channels, wanted) >= 100, `stem ${String(stem)}`);
  }
});

void test('a graph of half-precision inputs and outputs is fed and read in half precision', async (t) => {
  const song = roughSong(2500, 8);
  const path = await modelFile(t, float16Demucs(SMALL));
  const [, waveform] = await separateSong(createDemucsSeparator(SMALL, path, 'fast'), song);
  const snr = snrDb(waveform!, song);
  assert.ok(snr > 60 && snr < 90, `${snr.toFixed(1)} dB is not what 11 bits give`);
});

void test('the level of the song does not matter, where it does to the network itself', async (t) => {
  const separator = createDemucsSeparator(SMALL, await modelFile(t, randomDemucs(SMALL, 2, 1)), 'best');
  const song = roughSong(3000, 4);
  const quieter = song.map((channel) => channel.map((x) => x / 32)) as unknown as Stereo;
  const [plain, quiet] = [await separateSong(separator, song), await separateSong(separator, quieter)];
  for (const [slot, channels] of plain.entries()) {
    assert.ok(
      snrDb(
        quiet[slot]!.map((channel) => channel.map((x) => x * 32)),
        channels,
      ) > 120,
    );
  }
});

void test('a graph of another segment is refused with both sizes', async (t) => {
  const path = await modelFile(t, identityDemucs(SMALL));
  await assert.rejects(
    createDemucsSeparator(HTDEMUCS, path, 'fast').open(CPU),
    (error) =>
      error instanceof RangeError &&
      /audio \[batch,2,1006\]/.test(error.message) &&
      /audio \[1,2,343980\]/.test(error.message),
  );
});

/** demucs/apply.py with split and no shifts, around HTDemucs `_spec` and `_ispec`. */
async function applyModel(mix: Stereo, overlap: number, run: Run): Promise<Float64Array[][]> {
  const { segmentSamples: size, stems } = SMALL;
  const length = mix[0].length;
  const { meanMono: mean, standardDeviationMono: deviation } = statisticsOf(mix);
  const track = mix.map((channel) => Float64Array.from(channel, (x) => (x - mean) / deviation));
  const half = Math.floor(size / 2);
  const triangle = Float64Array.from({ length: size }, (_, n) => (n < half ? n + 1 : size - n) / (size - half));
  const sums = stems.map(() => mix.map(() => new Float64Array(length)));
  const total = new Float64Array(length);
  for (let offset = 0; offset < length; offset += Math.floor((1 - overlap) * size)) {
    const chunk = Math.min(size, length - offset);
    const lead = Math.floor((size - chunk) / 2);
    const padded = track.map((channel) =>
      Float64Array.from({ length: size }, (_, n) => channel[offset - lead + n] ?? 0),
    );
    const heard = await hear(padded, run);
    for (let n = 0; n < chunk; n++) {
      total[offset + n]! += triangle[n]!;
      for (const [stem, channels] of heard.entries()) {
        for (const [side, wave] of channels.entries())
          sums[stem]![side]![offset + n]! += wave[lead + n]! * triangle[n]!;
      }
    }
  }
  return sums.map((channels) => channels.map((sum) => sum.map((x, n) => (x / total[n]!) * deviation + mean)));
}

async function hear(segment: readonly Float64Array[], run: Run): Promise<Float64Array[][]> {
  const { fftSamples: size, hopSamples: hop, segmentSamples: samples, stems } = SMALL;
  const [bins, frames, window, pad] = [size / 2, Math.ceil(samples / hop), hann(size), (hop / 2) * 3];
  const unit = Math.sqrt(size);
  const spectra = segment.map((channel) => {
    const length = frames * hop + 2 * pad;
    const padded = Float64Array.from({ length }, (_, n) => channel[reflect(n - pad, samples)]!);
    return torchStft(padded, hop, window);
  });
  const shape = [1, 2, bins, frames];
  const pack = (part: 'real' | 'imaginary'): Float32Array =>
    Float32Array.from(
      spectra.flatMap((channel) => toPlane(channel[part], bins, frames, 2)),
      (x) => x / unit,
    );
  const results = await run({
    spec_real: { data: pack('real'), shape },
    spec_imag: { data: pack('imaginary'), shape },
    audio: { data: Float32Array.from(segment.flatMap((channel) => [...channel])), shape: [1, 2, samples] },
  });
  const plane = (output: string, index: number): Float32Array =>
    results[output]!.slice(index * bins * frames, (index + 1) * bins * frames).map((x) => x * unit);
  return stems.map((_, stem) =>
    [0, 1].map((side) => {
      const index = 2 * stem + side;
      const planes = fromPlanes(plane('out_spec_real', index), plane('out_spec_imag', index), {
        bins,
        frames,
        size,
        all: frames + 4,
        first: 2,
      });
      const wave = torchIstft(planes, hop, window).slice(pad, pad + samples);
      return wave.map((x, n) => x + results['out_wave']![index * samples + n]!);
    }),
  );
}
