/**
 * `demix` of Music-Source-Separation-Training (utils/model_utils.py, generic mode, one segment at a time) as its arrays and loops
 * have it, around a network given by its file: what SCNet and the RoFormers are measured against.
 */
import { fromPlanes, toPlane } from './published-network.test-kit.ts';
import type { Run } from './published-network.test-kit.ts';
import { hann, reflect, torchIstft, torchStft } from './published-stft.test-kit.ts';
import type { Stereo } from './run-windows.test-kit.ts';
import { spectralShape } from './spectral-separator.ts';
import type { SpectralContract, SpectralLayout } from './spectral-separator.ts';

/** Each stem's two channels. */
export async function demix(
  contract: SpectralContract,
  layout: SpectralLayout,
  mix: Stereo,
  overlap: number,
  run: Run,
): Promise<Float64Array[][]> {
  const size = contract.segmentSamples;
  const fade = Math.floor(size / 10);
  const step = Math.floor(size / overlap);
  const border = size - step;
  const length = mix[0].length;
  const { mean, deviation } = contract.level === 'standard' ? monoStatistics(mix) : { mean: 0, deviation: 1 };
  const bordered = length > 2 * border;
  const track = mix.map((channel) => {
    const normal = Array.from(channel, (x) => (x - mean) / deviation);
    if (!bordered) return normal;
    return Array.from({ length: length + 2 * border }, (_, n) => normal[reflect(n - border, length)]!);
  });
  const total = track[0]!.length;
  const sums = contract.stems.map(() => track.map(() => new Float64Array(total)));
  const counter = new Float64Array(total);
  for (let at = 0; at < total; at += step) {
    const part = track.map((channel) => channel.slice(at, at + size));
    const present = part[0]!.length;
    const filled = part.map((values) =>
      Float64Array.from({ length: size }, (_, n) => {
        if (n < present) return values[n]!;
        return present > Math.floor(size / 2) ? values[reflect(n, present)]! : 0;
      }),
    );
    const stems = await hear(contract, layout, filled, run);
    const window = Float64Array.from({ length: size }, (_, n) =>
      Math.min(1, n / (fade - 1), (size - 1 - n) / (fade - 1)),
    );
    if (at === 0) window.fill(1, 0, fade);
    else if (at + step >= total) window.fill(1, size - fade);
    for (let n = 0; n < present; n++) {
      counter[at + n]! += window[n]!;
      for (const [stem, channels] of stems.entries()) {
        for (const [side, wave] of channels.entries()) sums[stem]![side]![at + n]! += wave[n]! * window[n]!;
      }
    }
  }
  const first = bordered ? border : 0;
  return sums.map((channels) =>
    channels.map((sum) =>
      Float64Array.from({ length }, (_, n) => (sum[first + n]! / counter[first + n]!) * deviation + mean),
    ),
  );
}

function monoStatistics(mix: Stereo): { readonly mean: number; readonly deviation: number } {
  const mono = Array.from(mix[0], (x, n) => (x + mix[1][n]!) / 2);
  const mean = mono.reduce((sum, x) => sum + x, 0) / mono.length;
  return { mean, deviation: Math.sqrt(mono.reduce((sum, x) => sum + (x - mean) ** 2, 0) / mono.length) };
}

async function hear(
  contract: SpectralContract,
  layout: SpectralLayout,
  segment: readonly Float64Array[],
  run: Run,
): Promise<Float64Array[][]> {
  const { bins, frames } = spectralShape(contract);
  const { fftSamples: size, hopSamples: hop } = contract;
  const window = contract.window === 'hann' ? hann(size) : new Float64Array(size).fill(1);
  const spectra = segment.map((channel) => {
    const padded = new Float64Array(contract.paddedSamples);
    padded.set(channel);
    return torchStft(padded, hop, window);
  });
  const [real, imaginary] = (['real', 'imaginary'] as const).map((part) =>
    spectra.map((channel) => toPlane(channel[part], bins).map((value) => value * contract.scale)),
  );
  const plane = bins * frames;
  // Where the plane of a stem's channel lies in its tensor.
  const cut = (tensor: Float32Array, index: number): Float32Array =>
    tensor.slice(index * plane, (index + 1) * plane).map((value) => value / contract.scale);
  let pick: (index: number) => readonly [Float32Array, Float32Array];
  if (layout === 'channels') {
    const data = Float32Array.from([real![0]!, imaginary![0]!, real![1]!, imaginary![1]!].flat());
    const { stems_spec: stems } = await run({ mix_spec: { data, shape: [1, 4, bins, frames] } });
    pick = (index) => [cut(stems!, 2 * index), cut(stems!, 2 * index + 1)];
  } else {
    const shape = [1, 2, bins, frames];
    const results = await run({
      spec_real: { data: Float32Array.from(real!.flat()), shape },
      spec_imag: { data: Float32Array.from(imaginary!.flat()), shape },
    });
    pick = (index) => [cut(results['out_spec_real']!, index), cut(results['out_spec_imag']!, index)];
  }
  return contract.stems.map((_, stem) =>
    [0, 1].map((side) => {
      const [re, im] = pick(2 * stem + side);
      return torchIstft(fromPlanes(re, im, { bins, frames, size }), hop, window);
    }),
  );
}
