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

const MP3_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const OPUS_RATE_HZ = 48_000;
const OPUS_KBPS_PER_CHANNEL = 80;
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

/**
 * Encodes a float WAV file of ours. FLAC: 24 bits, rounded to nearest, samples beyond full scale cut. Opus: 160 kbit/s VBR for two
 * channels. MP3: LAME's V0, with the header by which players find the exact length.
 * @throws MediaToolError.
 */
export async function encodeAudio(
  tools: MediaTools,
  options: {
    readonly wavPath: string;
    readonly outPath: string;
    readonly format: EncodedFormat;
    readonly shape: PcmShape;
    readonly maxBytes: number;
    readonly cwd: string;
    readonly signal?: AbortSignal;
    /** Called while it gets on, with the seconds encoded so far. */
    readonly onProgress?: (seconds: number) => void;
  },
): Promise<void> {
  const { cwd, signal } = options;
  await runMediaTool(
    tools.ffmpegPath,
    encodeArguments(options.wavPath, options.outPath, options.format, options.shape),
    {
      cwd,
      timeoutMs: 1_200_000,
      cpuSeconds: 900,
      fileSizeBytes: options.maxBytes,
      onStdout: (stdout) => followProgress(stdout, options.onProgress),
      ...(signal === undefined ? {} : { signal }),
    },
  );
}

/** ffmpeg's `-progress` writes lines of `key=value`, some twice a second. */
async function followProgress(stdout: Readable, onProgress: ((seconds: number) => void) | undefined): Promise<void> {
  let furthest = 0;
  for await (const line of createInterface({ input: stdout })) {
    const microseconds = Number(/^out_time_(?:us|ms)=(?<time>\d+)$/u.exec(line)?.groups?.['time'] ?? 0);
    if (microseconds <= furthest) continue;
    furthest = microseconds;
    onProgress?.(microseconds / 1_000_000);
  }
}

function encodeArguments(wavPath: string, outPath: string, format: EncodedFormat, shape: PcmShape): string[] {
  const options = [...ALLOWED_DECODERS, ...inputOptions({ demuxer: 'wav', skipBytes: 0 })];
  const command = ffmpeg(fileUrl(wavPath)).inputOptions(options).noVideo();
  const target = encodedShape(format, shape);
  addCodec(command, format, shape, target);
  // -bitexact leaves the encoder's version out, so that equal stems make equal files.
  command
    .outputOptions(['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'])
    .output(fileUrl(outPath));
  return ['-hide_banner', '-nostdin', '-v', 'error', '-progress', 'pipe:1', ...command._getArguments()];
}

function addCodec(command: FfmpegCommand, format: EncodedFormat, shape: PcmShape, target: PcmShape): void {
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
    const kbps = Math.max(1, shape.channels) * OPUS_KBPS_PER_CHANNEL;
    command
      .audioCodec('libopus')
      .audioBitrate(kbps)
      .outputOptions(['-vbr', 'on', '-application', 'audio'])
      .format('ogg');
  } else {
    command.audioCodec('libmp3lame').audioQuality(0).outputOptions(['-write_xing', '1']).format('mp3');
  }
}
