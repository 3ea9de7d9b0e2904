// yt-dlp as one pinned wheel of Python's package registry: fetched by pip, known by its hash, never installed.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../../runtime/child.ts';

const VERSION = '2026.10.26';
const WHEEL = `yt_dlp-${VERSION}-py3-none-any.whl`;
const SHA256 = 'a05c5b5d8562f7e8a62f5334348b406af4930d56d3a65f8021d14af0e22339ae';
/** What this version needs. */
export const OLDEST_PYTHON = '3.11';

/** Thrown when the wheel cannot be had, with what to do about it. */
export class YtDlpMissingError extends Error {
  override readonly name = 'YtDlpMissingError';
}

export interface WheelOptions {
  readonly cacheDir: string;
  /** Absolute path of a Python with pip. */
  readonly pythonPath: string;
  readonly toolEnvironment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * The path of the checked wheel; fetches it where it is not there or not what it should be.
 * @throws YtDlpMissingError.
 */
export async function ensureYtDlpWheel(options: WheelOptions): Promise<string> {
  const folder = join(options.cacheDir, 'yt-dlp');
  const path = join(folder, WHEEL);
  if (await isTheWheel(path)) return path;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(folder, 'fetch-'));
  try {
    await download(options, work);
    const fetched = join(work, WHEEL);
    if (!(await isTheWheel(fetched)))
      throw new YtDlpMissingError(`yt-dlp ${VERSION} came with another hash than ${SHA256}`);
    await rename(fetched, path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function isTheWheel(path: string): Promise<boolean> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return bytes !== null && createHash('sha256').update(bytes).digest('hex') === SHA256;
}

async function download({ pythonPath, toolEnvironment, signal }: WheelOptions, work: string): Promise<void> {
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `yt-dlp==${VERSION} --hash=sha256:${SHA256}\n`);
  const flags = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--no-input', '--quiet', '--dest', work];
  const { code, killedBy, stderr } = await runChild(
    pythonPath,
    ['-m', 'pip', 'download', ...flags, '-r', requirements],
    {
      cwd: work,
      env: toolEnvironment,
      timeoutMs: 120_000,
      ...(signal === undefined ? {} : { signal }),
    },
  );
  signal?.throwIfAborted();
  if (code === 0) return;
  const lastWords = stderr.trim().split('\n').at(-1) ?? '';
  throw new YtDlpMissingError(
    `pip could not fetch yt-dlp ${VERSION} (${killedBy ?? String(code)}), which needs Python ${OLDEST_PYTHON} or newer: ${lastWords}`,
  );
}
