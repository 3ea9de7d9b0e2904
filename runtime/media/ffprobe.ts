import { z } from 'zod';
import { inputArguments, MediaToolError, runMediaTool } from './ffmpeg.ts';
import type { MediaInput, MediaTools } from './ffmpeg.ts';

const number = z.coerce.number();

const ProbeOutput = z.object({
  streams: z
    .array(
      z.object({
        index: z.int().nonnegative(),
        codec_name: z.string().max(64).default('unknown'),
        codec_tag_string: z.string().max(64).default(''),
        sample_rate: number.default(0),
        channels: z.int().nonnegative().default(0),
        duration: number.optional(),
        disposition: z.object({ default: z.int().default(0) }).default({ default: 0 }),
      }),
    )
    .default([]),
  format: z.object({ duration: number.optional() }).default({}),
});

export interface ProbedStream {
  readonly index: number;
  readonly codec: string;
  /** The container's own name of the codec; `drms` and `enca` mean protected. */
  readonly codecTag: string;
  /** 0 where the file does not say. */
  readonly rateHz: number;
  readonly channels: number;
  readonly isDefault: boolean;
  /** As claimed by the stream, else by the container; null where neither claims anything. */
  readonly claimedSeconds: number | null;
}

const ENTRIES =
  'stream=index,codec_name,codec_tag_string,sample_rate,channels,duration:stream_disposition=default:format=duration';
const READ_BYTES = 5_000_000;
const ANALYSED_MICROSECONDS = 5_000_000;
// 1,000 streams, the most that a demuxer may open, in JSON.
const LARGEST_REPORT_BYTES = 1024 * 1024;

/**
 * The audio streams of a file, in its order. Tags, titles and pictures are not asked for.
 * @throws MediaToolError where ffprobe cannot make sense of the file or is stopped.
 */
export async function probeAudioStreams(
  tools: MediaTools,
  input: MediaInput,
  run: { readonly cwd: string; readonly signal?: AbortSignal },
): Promise<readonly ProbedStream[]> {
  const args = [
    '-hide_banner',
    '-v',
    'error',
    '-select_streams',
    'a',
    '-show_entries',
    ENTRIES,
    '-of',
    'json=compact=1',
  ];
  const bounds = ['-probesize', String(READ_BYTES), '-analyzeduration', String(ANALYSED_MICROSECONDS)];
  const { stdout } = await runMediaTool(tools.ffprobePath, [...args, ...bounds, ...inputArguments(input)], {
    ...run,
    timeoutMs: 30_000,
    cpuSeconds: 15,
    fileSizeBytes: 0,
    maxOutputBytes: LARGEST_REPORT_BYTES,
  });
  const parsed = ProbeOutput.safeParse(parseJson(stdout.toString('utf8')));
  if (!parsed.success) throw new MediaToolError('ffprobe', 0, null, 'its report made no sense');
  return parsed.data.streams.map((stream) => ({
    index: stream.index,
    codec: stream.codec_name,
    codecTag: stream.codec_tag_string,
    rateHz: stream.sample_rate,
    channels: stream.channels,
    isDefault: stream.disposition.default === 1,
    claimedSeconds: claim(stream.duration) ?? claim(parsed.data.format.duration),
  }));
}

function claim(seconds: number | undefined): number | null {
  return seconds !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off at the largest report, or nothing at all
  }
}
