// One run of yt-dlp for one song. It has no route but the filtering proxy that it is given, and no extractor but those named; a network
// namespace of its own would cut it off from that proxy too, so its other sockets are held back by nothing but its own code.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runChild } from '../../runtime/child.ts';

export interface YtDlpRun {
  readonly pythonPath: string;
  readonly wheelPath: string;
  /** A private, empty folder. */
  readonly folder: string;
  readonly proxyUrl: string;
  readonly extractors: readonly string[];
  /** An http(s) address that we have built. */
  readonly songUrl: string;
  readonly maxBytes: number;
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
}

const SongInfo = z.object({
  title: z.string().nullish(),
  duration: z.number().nullish(),
  is_live: z.boolean().nullish(),
  live_status: z.string().nullish(),
});

export interface YtDlpSong {
  readonly title: string | null;
  readonly durationSeconds: number | null;
  readonly isLive: boolean;
  /** The downloaded file; null where the filters or the size stopped it, or it failed. */
  readonly path: string | null;
  /** Its own words, for the log and for telling kinds of failure apart; never for a chat. */
  readonly complaint: string;
}

const LIMITS = { addressSpaceBytes: 2 * 1024 ** 3, cpuSeconds: 180, openFiles: 64 };
const TIMEOUT_MS = 8 * 60_000;
const OUTPUT_NAME = 'song';
const LONGEST_COMPLAINT = 4000;

function argumentsOf(run: YtDlpRun): string[] {
  // A line of JSON before the filters decide, so that a song they refuse can be told apart.
  const report = ['--no-simulate', '--print', 'pre_process:%(.{title,duration,is_live,live_status})j'];
  const sources = [
    '--ignore-config',
    '--no-plugin-dirs',
    '--no-js-runtimes',
    '--no-remote-components',
    '--no-cache-dir',
  ];
  const onlyThis = [
    '--use-extractors',
    run.extractors.join(','),
    '--no-playlist',
    '--playlist-items',
    '1',
    '--max-downloads',
    '1',
  ];
  const filters = ['--match-filters', `!is_live & live_status!=?is_upcoming & duration<=?${String(run.maxSeconds)}`];
  const file = [
    '--format',
    'bestaudio/best',
    '--max-filesize',
    String(run.maxBytes),
    '--restrict-filenames',
    '--no-part',
  ];
  const nothingElse = [
    '--no-mtime',
    '--no-exec',
    '--fixup',
    'never',
    '--downloader',
    'native',
    '--ffmpeg-location',
    run.folder,
  ];
  const network = ['--proxy', run.proxyUrl, '--socket-timeout', '15', '--retries', '2', '--extractor-retries', '1'];
  // --print alone would silence the words by which a song that is too large is known.
  const words = ['--no-quiet', '--no-progress', '--no-warnings', '--color', 'never'];
  return [
    ...sources,
    ...onlyThis,
    ...filters,
    ...file,
    ...nothingElse,
    ...network,
    ...words,
    ...report,
    '--output',
    OUTPUT_NAME,
    '--',
    run.songUrl,
  ];
}

// -I and -S: neither the environment nor installed packages can add code to it.
const PYTHON_FLAGS = [
  '-I',
  '-S',
  '-B',
  '-c',
  'import sys; sys.path.insert(0, sys.argv.pop(1)); import yt_dlp; yt_dlp.main()',
];

/** @throws the reason of an aborted `signal`; RangeError for a song's address that is none. */
export async function runYtDlp(run: YtDlpRun): Promise<YtDlpSong> {
  if (!/^https?:\/\/[^\s]+$/u.test(run.songUrl)) throw new RangeError('yt-dlp is given http and https addresses only');
  const { code, killedBy, stdout, stderr } = await runChild(
    run.pythonPath,
    [...PYTHON_FLAGS, run.wheelPath, ...argumentsOf(run)],
    {
      cwd: run.folder,
      env: { HOME: run.folder, TMPDIR: run.folder },
      limits: { ...LIMITS, fileSizeBytes: run.maxBytes },
      timeoutMs: TIMEOUT_MS,
      signal: run.signal,
    },
  );
  run.signal.throwIfAborted();
  const output = stdout.toString('utf8');
  const info = parseInfo(output);
  const ended = killedBy === undefined ? '' : `stopped (${killedBy})\n`;
  // 101 is how it ends after --max-downloads.
  const finished = killedBy === undefined && (code === 0 || code === 101);
  return {
    title: info?.title ?? null,
    durationSeconds: info?.duration ?? null,
    isLive: info?.is_live === true || info?.live_status === 'is_live' || info?.live_status === 'is_upcoming',
    path: finished ? await downloadedFile(run.folder) : null,
    // Without the line that holds the title, which is anybody's text.
    complaint: `${ended}${stderr}${output.replace(/^\{.*$/gmu, '')}`.slice(0, LONGEST_COMPLAINT),
  };
}

function parseInfo(output: string): z.infer<typeof SongInfo> | null {
  const line = output.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line === undefined) return null;
  try {
    return SongInfo.parse(JSON.parse(line));
  } catch {
    return null; // cut off, or not what it should be: the file itself decides
  }
}

async function downloadedFile(folder: string): Promise<string | null> {
  const path = join(folder, OUTPUT_NAME);
  if (!(await readdir(folder)).includes(OUTPUT_NAME)) return null;
  const file = await stat(path);
  return file.isFile() && file.size > 0 ? path : null;
}
