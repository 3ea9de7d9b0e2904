import { bestResampler, resampleAudio } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import { NOTE_RATE_HZ } from './note-grid.ts';

/** Far above what the longest song needs; a hung ffmpeg must end some day. */
const LIMITS = { timeoutMs: 600_000, cpuSeconds: 300 };

/**
 * A WAV file of ours as the network wants it: the mean of its channels at 22,050 Hz.
 *
 * @param folder private; ffmpeg runs in it
 * @throws MediaToolError; the reason of an aborted signal.
 */
export async function decodeMono(
  tools: MediaTools,
  wavPath: string,
  { folder, signal }: { readonly folder: string; readonly signal?: AbortSignal },
): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  await resampleAudio(tools, wavPath, {
    ...LIMITS,
    cwd: folder,
    ...(signal === undefined ? {} : { signal }),
    rateHz: NOTE_RATE_HZ,
    channels: 'mean',
    resampler: await bestResampler(tools, folder),
    take: async (samples) => void blocks.push(samples.slice()),
  });
  const whole = new Float32Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
