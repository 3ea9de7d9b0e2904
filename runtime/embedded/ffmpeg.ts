// Finds ffmpeg and ffprobe: the PATH first, else packages that carry them.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, runChild } from '../child.ts';
import { lock } from '../file-lock.ts';
import type { Logger } from '../log.ts';
import { installMediaPackage, mediaPackages } from './media-packages.ts';
import type { MediaPackage } from './media-packages.ts';

type Program = 'ffmpeg' | 'ffprobe';

/** One of the two programs, run once to see that it works. */
export interface MediaProgram {
  readonly path: string;
  readonly version: string;
  /** `the PATH`, or the package's name. */
  readonly source: string;
  /** From before 2022: its parsers lack years of fixes. */
  readonly isOld: boolean;
}

export interface FoundFfmpeg {
  /** Absolute, checked paths. */
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  readonly ffmpeg: MediaProgram;
  readonly ffprobe: MediaProgram;
  /** The resampler that the PATH's builds have and some packages lack. */
  readonly hasSoxr: boolean;
}

export interface FindFfmpegOptions {
  readonly cacheDir: string;
  readonly log: Logger;
  readonly progress: (line: string) => void;
  /** Another than this process's PATH; for tests. */
  readonly searchPath?: string;
}

/** Thrown where no source gave the program; the message lists what each said. */
export class FfmpegUnavailableError extends Error {
  override readonly name = 'FfmpegUnavailableError';
}

const FIRST_RECENT_RELEASE = 5;
/** Builds of the development tree count its commits: `N-105000-…` is from December 2021. */
const FIRST_RECENT_COMMIT = 105_000;
const RUN_LIMIT_MS = 20_000;

function isOld(version: string): boolean {
  const release = /^n?(\d+)\./u.exec(version)?.[1];
  const commit = /^N-(\d+)-/u.exec(version)?.[1];
  if (release !== undefined) return Number(release) < FIRST_RECENT_RELEASE;
  return commit !== undefined && Number(commit) < FIRST_RECENT_COMMIT;
}

async function tryProgram(program: Program, path: string, source: string): Promise<MediaProgram | null> {
  const { code, stdout } = await runChild(path, ['-version'], { cwd: '/', timeoutMs: RUN_LIMIT_MS });
  const version = new RegExp(`^${program} version (\\S+)`, 'u').exec(stdout.toString('utf8'))?.[1];
  return code === 0 && version !== undefined ? { path, version, source, isOld: isOld(version) } : null;
}

function cachedPath(program: Program, wanted: MediaPackage, cacheDir: string): string {
  return join(
    cacheDir,
    'ffmpeg',
    `${wanted.name.replaceAll(/[^\w.-]+/gu, '-').replace(/^-/u, '')}-${wanted.version}`,
    program,
  );
}

/** Without any network: the PATH's, else a cached one. */
async function installedProgram(program: Program, cacheDir: string, searchPath?: string): Promise<MediaProgram | null> {
  const onPath = findProgram(program, searchPath);
  const works = onPath === null ? null : await tryProgram(program, onPath, 'the PATH');
  if (works !== null) return works;
  for (const wanted of mediaPackages(program)) {
    const path = cachedPath(program, wanted, cacheDir);
    const cached = findProgram(path) === null ? null : await tryProgram(program, path, wanted.name);
    if (cached !== null) return cached;
  }
  return null;
}

async function findOne(program: Program, options: FindFfmpegOptions): Promise<MediaProgram> {
  const { cacheDir, searchPath } = options;
  const ready = await installedProgram(program, cacheDir, searchPath);
  if (ready !== null) return ready;
  await mkdir(join(cacheDir, 'ffmpeg'), { recursive: true });
  const held = await lock(join(cacheDir, 'ffmpeg', `.${program}.lock`), () => {
    options.progress(`Another Woodshed is getting ${program}; waiting for it…`);
  });
  try {
    const meanwhile = await installedProgram(program, cacheDir, searchPath);
    if (meanwhile !== null) return meanwhile;
    const failures: string[] = [];
    for (const wanted of mediaPackages(program)) {
      options.progress(`Getting ${program} from the package ${wanted.name} (once, ${wanted.megabytes} MB)…`);
      try {
        const path = cachedPath(program, wanted, cacheDir);
        await installMediaPackage(wanted, path);
        const found = await tryProgram(program, path, wanted.name);
        if (found !== null) return found;
        failures.push(`${wanted.name}: its program does not run here`);
      } catch (error) {
        options.log.warn({ err: error, source: wanted.name }, 'a source of ffmpeg failed');
        failures.push(`${wanted.name}: ${(error as Error).message}`);
      }
    }
    throw new FfmpegUnavailableError(
      [`${program} is not on the PATH and could not be had:`, ...failures.map((failure) => `  - ${failure}`)]
        .concat('Install ffmpeg with the package manager of this machine.')
        .join('\n'),
    );
  } finally {
    held.release();
  }
}

async function describe(ffmpeg: MediaProgram, ffprobe: MediaProgram): Promise<FoundFfmpeg> {
  const built = await runChild(ffmpeg.path, ['-hide_banner', '-buildconf'], { cwd: '/', timeoutMs: RUN_LIMIT_MS });
  return {
    ffmpegPath: ffmpeg.path,
    ffprobePath: ffprobe.path,
    ffmpeg,
    ffprobe,
    hasSoxr: built.stdout.includes('--enable-libsoxr'),
  };
}

/** What is there already; null where one of the two is missing. */
export async function installedFfmpeg(cacheDir: string, searchPath?: string): Promise<FoundFfmpeg | null> {
  const ffmpeg = await installedProgram('ffmpeg', cacheDir, searchPath);
  const ffprobe = await installedProgram('ffprobe', cacheDir, searchPath);
  return ffmpeg === null || ffprobe === null ? null : await describe(ffmpeg, ffprobe);
}

/**
 * Both programs, fetched into the cache where the PATH lacks them.
 *
 * @throws FfmpegUnavailableError
 */
export async function findFfmpeg(options: FindFfmpegOptions): Promise<FoundFfmpeg> {
  return await describe(await findOne('ffmpeg', options), await findOne('ffprobe', options));
}
