// The one door to ffmpeg and ffprobe. They never see a URL, a name or an option that came from outside, and they run without network,
// without our environment and under limits of the kernel. Decoding goes straight through `runChild` into a pipe, so ffmpeg may not
// write a single byte to disk; fluent-ffmpeg builds the commands of the encoders (encode.ts), and `runChild` runs those too.
import { isAbsolute } from 'node:path';
import type { Readable } from 'node:stream';
import { runChild } from '../child.ts';
import type { KilledBy } from '../child.ts';

/** Absolute paths, found by the embedded services. */
export interface MediaTools {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

/** The demuxers that may run. Playlists, image readers, devices and everything that opens other files are not among them. */
export const DEMUXERS = ['wav', 'w64', 'aiff', 'mp3', 'flac', 'ogg', 'mov', 'matroska', 'aac', 'caf'] as const;
export type Demuxer = (typeof DEMUXERS)[number];

const PCM_LAYOUTS = [
  'u8',
  's8',
  's16le',
  's16be',
  's24le',
  's24be',
  's32le',
  's32be',
  'f32le',
  'f32be',
  'f64le',
  'f64be',
];

const COMPANDED = ['pcm_alaw', 'pcm_mulaw', 'adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt'];
const COMPRESSED = ['mp3float', 'mp3', 'mp2float', 'mp2', 'aac', 'flac', 'alac', 'vorbis', 'opus'];

/** The decoders that may run, by ffmpeg's names. */
export const DECODERS: readonly string[] = [
  ...PCM_LAYOUTS.map((layout) => `pcm_${layout}`),
  ...COMPANDED,
  ...COMPRESSED,
];

/** A file of ours that holds what someone sent. */
export interface MediaInput {
  /** Absolute; a name that we chose. */
  readonly path: string;
  readonly demuxer: Demuxer;
  /** Tag bytes before the audio, which no parser gets to see. */
  readonly skipBytes: number;
}

export interface MediaRun {
  /** The private folder of this piece of work. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly cpuSeconds: number;
  /** Largest file it may write; 0 for none. */
  readonly fileSizeBytes: number;
  readonly maxOutputBytes?: number;
  readonly onStdout?: (stdout: Readable) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** ffmpeg or ffprobe gave up, or was stopped by a limit. */
export class MediaToolError extends Error {
  override readonly name = 'MediaToolError';
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly killedBy: KilledBy | null;
  /** Its own words, without paths, for the log; never for a chat. */
  readonly complaint: string;

  constructor(tool: string, code: number | null, killedBy: KilledBy | null, complaint: string) {
    super(`${tool} ${killedBy === null ? `exited with ${String(code)}` : `was stopped (${killedBy})`}: ${complaint}`);
    this.code = code;
    this.killedBy = killedBy;
    this.complaint = complaint;
  }
}

// ffmpeg's libraries alone map several hundred megabytes.
const ADDRESS_SPACE_BYTES = 2 * 1024 ** 3;
const OPEN_FILES = 64;
const LONGEST_COMPLAINT = 500;

/** What ffmpeg and ffprobe call a file: never anything but a file, whatever its name looks like. */
export function fileUrl(path: string): string {
  if (!isAbsolute(path)) throw new TypeError('a media file is named by its absolute path');
  return `file:${path}`;
}

/** Options that go before an input. */
export function inputOptions({ demuxer, skipBytes }: Omit<MediaInput, 'path'>): string[] {
  const whitelists = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', DEMUXERS.join(',')];
  return [...whitelists, '-skip_initial_bytes', String(skipBytes), '-f', demuxer];
}

/** The same with the input itself. */
export function inputArguments(input: MediaInput): string[] {
  return [...inputOptions(input), '-i', fileUrl(input.path)];
}

/**
 * For ffmpeg, before the input. ffprobe cannot have it: it opens a decoder for every stream and gives up on a cover picture or a
 * chapter list whose decoder is not allowed.
 */
export const ALLOWED_DECODERS: readonly string[] = ['-codec_whitelist', DECODERS.join(',')];
// What ffmpeg says of those pictures and chapters is no complaint about the audio.
const NOT_ALLOWED = /^.*not on whitelist.*$\n?(?:^ *Last message repeated.*$\n?)?/gmu;

/**
 * Runs one of the two under every guard.
 * @returns its standard output (empty with `onStdout`) and what it complained about while it went on.
 * @throws MediaToolError; the reason of an aborted `signal`; whatever `onStdout` threw.
 */
export async function runMediaTool(
  tool: string,
  args: readonly string[],
  run: MediaRun,
): Promise<{ readonly stdout: Buffer; readonly complaint: string }> {
  const { code, killedBy, stdout, stderr } = await runChild(tool, args, {
    cwd: run.cwd,
    timeoutMs: run.timeoutMs,
    killGraceMs: 2000,
    network: 'none',
    limits: {
      addressSpaceBytes: ADDRESS_SPACE_BYTES,
      cpuSeconds: run.cpuSeconds,
      fileSizeBytes: run.fileSizeBytes,
      openFiles: OPEN_FILES,
    },
    ...(run.maxOutputBytes === undefined ? {} : { maxOutputBytes: run.maxOutputBytes }),
    ...(run.onStdout === undefined ? {} : { onStdout: run.onStdout }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  run.signal?.throwIfAborted();
  const complaint = stderr
    .replace(NOT_ALLOWED, '')
    .replace(/(?:file:)?\/[^\s:'"]+/gu, '[file]')
    .trim()
    .slice(0, LONGEST_COMPLAINT);
  if (code !== 0 || killedBy !== undefined) {
    throw new MediaToolError(tool.endsWith('ffprobe') ? 'ffprobe' : 'ffmpeg', code, killedBy ?? null, complaint);
  }
  return { stdout, complaint };
}
