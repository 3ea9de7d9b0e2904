import { bestResampler, resampleAudio } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';

/** Far above what the longest song needs; a hung ffmpeg must end some day. */
const LIMITS = { timeoutMs: 600_000, cpuSeconds: 300 };

export interface MonoDecoding {
  readonly rateHz: number;
  /** Private; ffmpeg runs in it. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** How many seconds of the song there are so far. */
  readonly onSeconds?: (seconds: number) => void;
}

/**
 * A WAV file of ours as networks want it: the mean of its channels, at their rate.
 *
 * @throws MediaToolError; the reason of an aborted signal.
 */
export async function decodeMono(
  tools: MediaTools,
  wavPath: string,
  { rateHz, folder, signal, onSeconds }: MonoDecoding,
): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  let length = 0;
  await resampleAudio(tools, wavPath, {
    ...LIMITS,
    cwd: folder,
    ...(signal === undefined ? {} : { signal }),
    rateHz,
    channels: 'mean',
    resampler: await bestResampler(tools, folder),
    async take(samples) {
      await Promise.resolve();
      blocks.push(samples.slice());
      length += samples.length;
      onSeconds?.(length / rateHz);
    },
  });
  const whole = new Float32Array(length);
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
