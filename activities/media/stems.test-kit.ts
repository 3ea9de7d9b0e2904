/** Stems as the compute workers leave them, for tests. */
import { createHash } from 'node:crypto';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { wavHeader } from './float-wav.ts';
import type { MediaBench } from './media.test-kit.ts';

/** @param samples interleaved */
export async function putStem(
  { blobs }: Pick<MediaBench, 'blobs'>,
  name: string,
  samples: Float32Array,
  { rateHz, channels, peakDbtp = -1 }: { rateHz: number; channels: number; peakDbtp?: number | null },
): Promise<FinishedStem> {
  const shape = { rateHz, channels, samples: samples.length / channels };
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const wav = Buffer.concat([wavHeader(shape), bytes]);
  const folder = `stems/${createHash('sha256').update(wav).digest('hex')}`;
  const blob = await blobs.put(`${folder}/${name}.wav`, once(wav));
  const waveform = await blobs.put(`${folder}/${name}.png`, once(Buffer.from('a picture')));
  return { name, pcm: { ...blob, ...shape }, loudnessLufs: -14, peakDbtp, gainDb: 0, waveform };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
