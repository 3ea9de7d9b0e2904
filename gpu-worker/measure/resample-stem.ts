import { resampleAudio } from '../../runtime/media/decode.ts';
import type { Resampler } from '../../runtime/media/decode.ts';
import type { MediaTools } from '../../runtime/media/ffmpeg.ts';
import { createConformingWriter } from './conform.ts';
import type { RecordingShape } from './conform.ts';
import type { OnProgress } from './open-wav.ts';

/** Far above what the longest song needs; a hung ffmpeg must end some day. */
const LIMITS = { timeoutMs: 600_000, cpuSeconds: 300 };

export interface Resampling {
  readonly tools: MediaTools;
  readonly resampler: Resampler;
  /** Private folder that ffmpeg runs in. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/**
 * Writes a stem at the recording's rate, channels and length. The resampler's own delay is taken out by ffmpeg, so the stem
 * stays in place; what is then missing at the end, a few samples, is silence.
 *
 * @throws MediaToolError
 */
export async function resampleStem(
  wavPath: string,
  outPath: string,
  shape: RecordingShape,
  run: Resampling,
): Promise<void> {
  const writer = await createConformingWriter(outPath, shape);
  try {
    await resampleAudio(run.tools, wavPath, {
      ...LIMITS,
      cwd: run.folder,
      signal: run.signal,
      rateHz: shape.rateHz,
      resampler: run.resampler,
      take: async (samples) => {
        await writer.writeInterleaved(samples);
        run.onProgress(writer.samples / shape.samples);
      },
    });
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
