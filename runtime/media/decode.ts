import type { Readable } from 'node:stream';
import { ALLOWED_DECODERS, inputArguments, runMediaTool } from './ffmpeg.ts';
import type { MediaInput, MediaTools } from './ffmpeg.ts';

/** Takes interleaved samples as they come; the array is only lent. */
export type TakeSamples = (samples: Float32Array) => Promise<void>;

interface DecodeRun {
  readonly cwd: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
  readonly cpuSeconds: number;
}

const OUTPUT = ['-map_metadata', '-1', '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1'];
const QUIET = ['-hide_banner', '-nostdin', '-v', 'error', ...ALLOWED_DECODERS];

/**
 * Decodes one audio stream to interleaved 32-bit float at its own rate and channels. A damaged place is left out and complained
 * about, as in a player.
 * @returns ffmpeg's complaint, empty for a sound file.
 * @throws MediaToolError, after `take` may have had some samples; whatever `take` threw, which ends ffmpeg at once.
 */
export async function decodeAudio(
  tools: MediaTools,
  input: MediaInput,
  options: DecodeRun & { readonly streamIndex: number; readonly maxSeconds: number; readonly take: TakeSamples },
): Promise<string> {
  const pick = ['-map', `0:${String(options.streamIndex)}`, '-vn', '-sn', '-dn', '-t', String(options.maxSeconds)];
  return runIntoSamples(tools, [...QUIET, ...inputArguments(input), ...pick, ...OUTPUT], options);
}

/** Highest precision that each resampler has; soxr's 28 bits are its "very high quality". */
const RESAMPLERS = {
  soxr: 'resampler=soxr:precision=28',
  swr: 'resampler=swr:filter_size=128:phase_shift=10:cutoff=0.97:exact_rational=1',
} as const;
export type Resampler = keyof typeof RESAMPLERS;

export interface Resampling extends DecodeRun {
  readonly rateHz: number;
  readonly resampler: Resampler;
  /** One channel, the mean of the file's so many, whatever speakers they are meant for; all of them by default. */
  readonly meanOfChannels?: number;
  readonly take: TakeSamples;
}

/** `<` scales the factors so that their sum is 1. */
function meanOf(channels: number): string {
  return `pan=mono|c0<${Array.from({ length: channels }, (_, channel) => `c${String(channel)}`).join('+')},`;
}

/**
 * Brings a WAV file of ours to another rate.
 * @throws MediaToolError; whatever `take` threw.
 */
export async function resampleAudio(tools: MediaTools, wavPath: string, options: Resampling): Promise<void> {
  const input = inputArguments({ path: wavPath, demuxer: 'wav', skipBytes: 0 });
  const resample = `aresample=${String(options.rateHz)}:${RESAMPLERS[options.resampler]}`;
  const filter = (options.meanOfChannels === undefined ? '' : meanOf(options.meanOfChannels)) + resample;
  await runIntoSamples(tools, [...QUIET, ...input, '-af', filter, ...OUTPUT], options);
}

const knownResamplers = new Map<string, Resampler>();

/** soxr where this ffmpeg was built with it, else ffmpeg's own. */
export async function bestResampler(tools: MediaTools, cwd: string): Promise<Resampler> {
  const known = knownResamplers.get(tools.ffmpegPath);
  if (known !== undefined) return known;
  const { stdout } = await runMediaTool(tools.ffmpegPath, ['-hide_banner', '-v', 'quiet', '-buildconf'], {
    cwd,
    timeoutMs: 10_000,
    cpuSeconds: 10,
    fileSizeBytes: 0,
  });
  const resampler = stdout.includes('--enable-libsoxr') ? 'soxr' : 'swr';
  knownResamplers.set(tools.ffmpegPath, resampler);
  return resampler;
}

async function runIntoSamples(
  tools: MediaTools,
  args: readonly string[],
  options: DecodeRun & { readonly take: TakeSamples },
): Promise<string> {
  const { cwd, timeoutMs, cpuSeconds, signal } = options;
  const { complaint } = await runMediaTool(tools.ffmpegPath, args, {
    cwd,
    timeoutMs,
    cpuSeconds,
    fileSizeBytes: 0,
    onStdout: (stdout) => takeFloats(stdout, options.take),
    ...(signal === undefined ? {} : { signal }),
  });
  return complaint;
}

// Larger than a pipe's 64 KiB, so that a write to disk follows several reads; small enough to keep the event loop turning.
const BATCH_BYTES = 512 * 1024;

async function takeFloats(stdout: Readable, take: TakeSamples): Promise<void> {
  const batch = new Uint8Array(BATCH_BYTES);
  let filled = 0;
  for await (const piece of stdout as AsyncIterable<Buffer>) {
    let taken = 0;
    while (taken < piece.length) {
      const part = piece.subarray(taken, taken + BATCH_BYTES - filled);
      batch.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled === BATCH_BYTES) {
        await take(new Float32Array(batch.buffer, 0, BATCH_BYTES / 4));
        filled = 0;
      }
    }
  }
  // A killed decoder may stop within a sample.
  if (filled >= 4) await take(new Float32Array(batch.buffer, 0, Math.floor(filled / 4)));
}
