// The encoders. fluent-ffmpeg only writes the command lines: left to itself it would start ffmpeg around our limits, and fall back to
// whatever ffmpeg is on the PATH.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import type { FfmpegCommand } from 'fluent-ffmpeg';
import { ALLOWED_DECODERS, fileUrl, inputOptions, runMediaTool } from './ffmpeg.ts';
import type { MediaTools } from './ffmpeg.ts';

export const ENCODED_FORMATS = ['flac', 'opus', 'mp3'] as const;
export type EncodedFormat = (typeof ENCODED_FORMATS)[number];

export interface PcmShape {
  readonly rateHz: number;
  readonly channels: number;
}

/** Bit rate in kbit/s as for two channels; lossless formats have none. */
export type EncodeTarget =
  | { readonly format: 'flac'; readonly kbps: null }
  | { readonly format: 'opus' | 'mp3'; readonly kbps: number };

/** A part of a sound, in seconds. */
export interface Cut {
  readonly startSeconds: number;
  readonly seconds: number;
}

const MP3_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const OPUS_RATE_HZ = 48_000;
const FLAC_HIGHEST_RATE_HZ = 655_350;

/**
 * What comes out of an encoder: FLAC keeps rate, channels and length; Opus knows 48 kHz only; MP3 knows nine rates up to 48 kHz and
 * two channels.
 */
export function encodedShape(format: EncodedFormat, shape: PcmShape): PcmShape {
  if (format === 'opus') return { rateHz: OPUS_RATE_HZ, channels: shape.channels };
  if (format === 'flac') return shape;
  const family = shape.rateHz % 11_025 === 0 ? 44_100 : OPUS_RATE_HZ;
  return { rateHz: MP3_RATES.includes(shape.rateHz) ? shape.rateHz : family, channels: Math.min(shape.channels, 2) };
}

interface EncodeRun {
  readonly wavPath: string;
  readonly outPath: string;
  readonly maxBytes: number;
  readonly cwd: string;
  readonly signal?: AbortSignal;
  /** Called while it gets on, with the seconds encoded so far. */
  readonly onProgress?: (seconds: number) => void;
}

/**
 * Encodes a float WAV file of ours. FLAC: 24 bits, rounded to nearest, samples beyond full scale cut. Opus: variable bit rate. MP3:
 * constant bit rate, with the header by which players find the exact length; rates below 32 kHz end at 160 kbit/s, below 16 kHz at 64.
 * No tags: equal sounds are equal files, and whoever gets one learns nothing of another's title.
 * @throws MediaToolError.
 */
export async function encodeAudio(
  tools: MediaTools,
  options: EncodeRun & { readonly target: EncodeTarget; readonly shape: PcmShape },
): Promise<void> {
  const { target, shape } = options;
  const command = commandFor(options.wavPath);
  addCodec(command, target, shape, encodedShape(target.format, shape));
  await run(tools, command, options);
}

const VOICE_KBPS = 64;
const VOICE_FADE_SECONDS = 0.05;

/**
 * Encodes a cut of a float WAV file of ours as voice messages have it: mono Opus of 48 kHz in Ogg, without a click at its ends.
 * @throws MediaToolError.
 */
export async function encodeVoice(
  tools: MediaTools,
  options: EncodeRun & { readonly cut: Cut; readonly shape: PcmShape },
): Promise<void> {
  const { startSeconds, seconds } = options.cut;
  const { channels } = options.shape;
  // The mean: ffmpeg's own way down to mono raises what both sides have by 3 dB.
  const mean = Array.from({ length: channels }, (_, channel) => `${String(1 / channels)}*c${String(channel)}`);
  const command = commandFor(options.wavPath)
    .seekInput(startSeconds)
    .duration(seconds)
    .audioFrequency(OPUS_RATE_HZ)
    .audioFilters([
      `pan=mono|c0=${mean.join('+')}`,
      `afade=t=in:d=${String(VOICE_FADE_SECONDS)}`,
      `afade=t=out:st=${String(Math.max(0, seconds - VOICE_FADE_SECONDS))}:d=${String(VOICE_FADE_SECONDS)}`,
    ]);
  addOpus(command, VOICE_KBPS);
  await run(tools, command, options);
}

async function run(tools: MediaTools, command: FfmpegCommand, options: EncodeRun): Promise<void> {
  const { cwd, signal } = options;
  // -bitexact leaves the encoder's version out, so that equal stems make equal files.
  command
    .outputOptions(['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'])
    .output(fileUrl(options.outPath));
  const args = ['-hide_banner', '-nostdin', '-v', 'error', '-progress', 'pipe:1', ...command._getArguments()];
  await runMediaTool(tools.ffmpegPath, args, {
    cwd,
    timeoutMs: 1_200_000,
    cpuSeconds: 900,
    fileSizeBytes: options.maxBytes,
    onStdout: (stdout) => followProgress(stdout, options.onProgress),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** ffmpeg's `-progress pipe:1` writes lines of `key=value`, some twice a second. */
export async function followProgress(
  stdout: Readable,
  onProgress: ((seconds: number) => void) | undefined,
): Promise<void> {
  let furthest = 0;
  for await (const line of createInterface({ input: stdout })) {
    const microseconds = Number(/^out_time_(?:us|ms)=(?<time>\d+)$/u.exec(line)?.groups?.['time'] ?? 0);
    if (microseconds <= furthest) continue;
    furthest = microseconds;
    onProgress?.(microseconds / 1_000_000);
  }
}

function commandFor(wavPath: string): FfmpegCommand {
  const options = [...ALLOWED_DECODERS, ...inputOptions({ demuxer: 'wav', skipBytes: 0 })];
  return ffmpeg(fileUrl(wavPath)).inputOptions(options).noVideo();
}

function addCodec(command: FfmpegCommand, { format, kbps }: EncodeTarget, shape: PcmShape, target: PcmShape): void {
  if (target.rateHz !== shape.rateHz) command.audioFrequency(target.rateHz);
  if (target.channels !== shape.channels) command.audioChannels(target.channels);
  if (format === 'flac') {
    if (shape.rateHz > FLAC_HIGHEST_RATE_HZ) throw new RangeError(`FLAC has no ${String(shape.rateHz)} Hz`);
    // Scaled so that one 24-bit step is one integer step, where the conversion rounds; the encoder itself would cut bits off.
    command.audioFilters([
      'volume=0.00390625:precision=float',
      'aformat=sample_fmts=s32',
      'volume=256:precision=fixed',
    ]);
    command.audioCodec('flac').outputOptions(['-sample_fmt', 's32', '-bits_per_raw_sample', '24']).format('flac');
  } else if (format === 'opus') {
    addOpus(command, (kbps * target.channels) / 2);
  } else {
    command
      .audioCodec('libmp3lame')
      .audioBitrate((kbps * target.channels) / 2)
      .outputOptions(['-write_xing', '1'])
      .format('mp3');
  }
}

function addOpus(command: FfmpegCommand, kbps: number): void {
  command.audioCodec('libopus').audioBitrate(kbps).outputOptions(['-vbr', 'on', '-application', 'audio']).format('ogg');
}
