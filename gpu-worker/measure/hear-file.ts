import { hearSong } from '../analysis/hear-song.ts';
import type { SongSamples } from '../analysis/hear-song.ts';
import { packEvidence } from '../analysis/pack-evidence.ts';
import { loadFft } from '../dsp/fft.ts';
import { blocksOf, openWav } from './open-wav.ts';
import type { OnProgress } from './open-wav.ts';

/** Reads a whole song, and hears in it what can be told of it later. Blocks its thread for as long as that takes. */
export async function hearFile(wavPath: string, onProgress: OnProgress): Promise<Uint8Array> {
  await loadFft();
  return packEvidence(hearSong(await readSides(wavPath), { onProgress }));
}

/** The first two channels: in every usual order these are left and right, and what is sung and played loudest is in both. */
async function readSides(wavPath: string): Promise<SongSamples> {
  await using wav = await openWav(wavPath);
  const { samples, channels, rateHz } = wav.header;
  const left = new Float32Array(samples);
  const right = channels === 1 ? null : new Float32Array(samples);
  const [first = left, second] = wav.block;
  for await (const { start, count } of blocksOf(samples, () => {})) {
    await wav.read(start, count);
    left.set(first.subarray(0, count), start);
    if (right !== null && second !== undefined) right.set(second.subarray(0, count), start);
  }
  return { left, right, sampleRateHz: rateHz };
}
