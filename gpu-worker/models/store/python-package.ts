/** Fetches a wheel with pip, the registry's ordinary client, which knows the operator's proxies and mirrors. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MissingProgramError, runChild } from '../../../runtime/child.ts';
import { SourceError } from './source-error.ts';

/** pip is silent while it resolves; it has this many times the patience that a server gets for its answer. */
const SILENCES = 3;
const LOOK_EVERY_MS = 1000;

export interface PythonPackageOptions {
  readonly name: string;
  readonly version: string;
  /** An empty folder of the caller's. */
  readonly folder: string;
  /** pip's settings, such as `PIP_INDEX_URL` or `HTTPS_PROXY`. Its configuration files are read anyway. */
  readonly environment: Readonly<Record<string, string>>;
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Bytes that have come so far. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * @returns the wheel's path. Only wheels are taken: nothing of a package is built or run.
 * @throws SourceError where there is no Python with pip, no such package, or no progress.
 */
export async function downloadPythonPackage(options: PythonPackageOptions): Promise<string> {
  const { name, version, folder, answerTimeoutMs, signal } = options;
  const target = join(folder, 'wheel');
  const scratch = join(folder, 'pip');
  await mkdir(target, { recursive: true });
  await mkdir(scratch, { recursive: true });

  const silence = new AbortController();
  let seenBytes = 0;
  let silentSince = performance.now();
  const look = async (): Promise<void> => {
    const bytes = await folderBytes(folder);
    if (bytes > seenBytes) {
      seenBytes = bytes;
      silentSince = performance.now();
      options.onBytes(bytes);
    } else if (performance.now() - silentSince > SILENCES * answerTimeoutMs) silence.abort();
  };
  const looking = setInterval(() => void look(), LOOK_EVERY_MS);
  try {
    const timeout = String(Math.max(1, Math.round(answerTimeoutMs / 1000)));
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-cache-dir'];
    const patience = ['--timeout', timeout, '--retries', '1'];
    const what = ['--no-deps', '--only-binary', ':all:', '--dest', target, `${name}==${version}`];
    const result = await runChild('python3', ['-m', 'pip', 'download', ...quiet, ...patience, ...what], {
      cwd: folder,
      env: { HOME: homedir(), ...options.environment, TMPDIR: scratch },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    signal.throwIfAborted();
    if (silence.signal.aborted)
      throw new SourceError('unreachable', `pip got no further for ${SILENCES * answerTimeoutMs} ms`);
    if (result.code !== 0) throw new SourceError('unreachable', `pip failed: ${lastLine(result.stderr)}`);
  } catch (error) {
    if (error instanceof MissingProgramError)
      throw new SourceError('unreachable', 'there is no python3 here', { cause: error });
    throw error;
  } finally {
    clearInterval(looking);
  }
  const wheel = (await readdir(target)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new SourceError('unreachable', `pip brought no wheel of ${name} ${version}`);
  return join(target, wheel);
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  // pip moves files while we look; one that is gone counts nothing.
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
