// Finds the Temporal server's program, or gets it: the PATH, the cache, the SDK's own download, a Go build.
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, runChild, startChild } from '../child.ts';
import { lock } from '../file-lock.ts';
import type { Logger } from '../log.ts';
import { toolEnvironment } from '../tool-environment.ts';

export interface TemporalBinary {
  readonly path: string;
  readonly version: string;
  readonly source: 'path' | 'cache' | 'download' | 'go';
}

export interface FindTemporalOptions {
  readonly cacheDir: string;
  /** The folder with the `go.mod` that pins the server. */
  readonly toolsDir: string;
  readonly log: Logger;
  /** Takes one line at a time for the person who waits. */
  readonly progress: (line: string) => void;
  /** Another than this process's PATH; for tests. */
  readonly searchPath?: string;
  /** Both by default, the download first; tests leave the network out. */
  readonly sources?: readonly ('download' | 'go')[];
}

/** Thrown where no source gave the server; the message lists what each said. */
export class TemporalUnavailableError extends Error {
  override readonly name = 'TemporalUnavailableError';
}

const ANSWER_LIMIT_MS = 10_000;
const DOWNLOAD_LIMIT_MS = 600_000;
const BUILD_LIMIT_MS = 1_200_000;
const PROGRESS_EVERY_MS = 15_000;
const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** The program's version; null where it is not a working Temporal server. */
async function versionOf(path: string): Promise<string | null> {
  const { code, stdout } = await runChild(path, ['--version'], { cwd: '/', timeoutMs: 20_000 });
  const version = /temporal version (\S+)/u.exec(stdout.toString('utf8'))?.[1];
  return code === 0 && version !== undefined ? version : null;
}

/** What is there already, without any network: the PATH's, else the cached one. */
export async function installedTemporal(cacheDir: string, searchPath?: string): Promise<TemporalBinary | null> {
  const candidates = [
    { source: 'path', path: findProgram('temporal', searchPath) },
    { source: 'cache', path: findProgram(join(cacheDir, 'bin', 'temporal')) },
  ] as const;
  for (const { source, path } of candidates) {
    const version = path === null ? null : await versionOf(path);
    if (path !== null && version !== null) return { path, version, source };
  }
  return null;
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The SDK nests its causes in one line, each with the address again. */
function lastCause(line: string): string {
  return (line.split('): ').at(-1) ?? line).replaceAll(/\s*\(?https?:\S+|\]$/gu, '').slice(0, 300);
}

/** Waits for the end of the download; kills it where nothing has arrived in the folder within the time to answer. */
async function download(options: FindTemporalOptions, folder: string): Promise<string> {
  options.progress('Downloading the Temporal server (once, about 60 MB)…');
  let said = '';
  const child = await startChild(process.execPath, [join(import.meta.dirname, 'sdk-download.ts'), folder], {
    cwd: folder,
    env: toolEnvironment(),
    onStderrLine: (line) => (said = /error/iu.test(line) ? line : said),
    killGraceMs: 1000,
  });
  const startedAt = Date.now();
  let silent = false;
  const watch = setInterval(() => {
    void folderBytes(folder).then(async (bytes) => {
      const waitedMs = Date.now() - startedAt;
      silent = bytes === 0 && waitedMs > ANSWER_LIMIT_MS;
      return silent || waitedMs > DOWNLOAD_LIMIT_MS ? await child.stop() : undefined;
    });
  }, 500);
  const { code } = await child.exited;
  clearInterval(watch);
  if (silent) throw new Error('no answer within 10 seconds');
  if (code !== 0) throw new Error(said.length > 0 ? lastCause(said) : `ended with ${code ?? 'a signal'}`);
  const [binary] = (await readdir(folder)).filter((name) => name.startsWith('temporal'));
  if (binary === undefined) throw new Error('left no binary');
  return join(folder, binary);
}

async function goBuild(options: FindTemporalOptions, folder: string): Promise<string> {
  const go = findProgram('go', options.searchPath);
  if (go === null) throw new Error('Go is not installed');
  const env = toolEnvironment();
  const version = await runChild(go, ['list', '-m', '-f', '{{.Version}}', 'github.com/temporalio/cli'], {
    cwd: options.toolsDir,
    env: { ...env, GOFLAGS: '-mod=mod' },
    timeoutMs: 60_000,
  });
  const pinned = version.stdout.toString('utf8').trim();
  if (version.code !== 0 || pinned === '') throw new Error(`go list: ${version.stderr.trim().slice(0, 300)}`);
  // Outside the module: asks the proxy, or the module cache, and nothing else.
  const answer = await runChild(go, ['list', '-m', `github.com/temporalio/cli@${pinned}`], {
    cwd: folder,
    env,
    timeoutMs: ANSWER_LIMIT_MS,
    killGraceMs: 500,
  });
  if (answer.code !== 0) {
    const said = answer.stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(
      answer.killedBy === 'timeout' ? 'the module proxy gave no answer within 10 seconds' : said.slice(0, 300),
    );
  }
  const startedAt = Date.now();
  options.progress('Building the Temporal server with Go (once, about 3 minutes)…');
  let packages = 0;
  const timer = setInterval(() => {
    options.progress(
      `Building the Temporal server: ${packages} packages, ${Math.round((Date.now() - startedAt) / 1000)} s…`,
    );
  }, PROGRESS_EVERY_MS);
  try {
    const target = join(folder, 'temporal');
    let lastLine = '';
    const child = await startChild(
      go,
      [
        'build',
        '-v',
        '-trimpath',
        `-ldflags=-s -w -X github.com/temporalio/cli/temporalcli.Version=${pinned.replace(/^v/u, '')}`,
        '-o',
        target,
        GO_PACKAGE,
      ],
      {
        cwd: options.toolsDir,
        env,
        onStderrLine: (line) => {
          packages += 1;
          lastLine = line;
        },
      },
    );
    const tooLong = setTimeout(() => void child.stop(), BUILD_LIMIT_MS);
    const { code } = await child.exited;
    clearTimeout(tooLong);
    if (code !== 0) throw new Error(`go build ended with ${code ?? 'a signal'}: ${lastLine.slice(0, 300)}`);
    return target;
  } finally {
    clearInterval(timer);
  }
}

const GETTERS = { download, go: goBuild } as const;

/**
 * The server's program, from the first source that has it. A second process that asks meanwhile waits for the first one's.
 *
 * @throws TemporalUnavailableError
 */
export async function findTemporal(options: FindTemporalOptions): Promise<TemporalBinary> {
  const ready = await installedTemporal(options.cacheDir, options.searchPath);
  if (ready !== null) return ready;
  const bin = join(options.cacheDir, 'bin');
  await mkdir(bin, { recursive: true });
  const held = await lock(join(bin, '.temporal.lock'), () => {
    options.progress('Another Woodshed is getting the Temporal server; waiting for it…');
  });
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-temporal-'));
  try {
    const meanwhile = await installedTemporal(options.cacheDir, options.searchPath);
    if (meanwhile !== null) return meanwhile;
    const failures: string[] = [];
    for (const source of options.sources ?? (['download', 'go'] as const)) {
      const own = join(folder, source);
      await mkdir(own);
      try {
        return await install(await GETTERS[source](options, own), bin, source);
      } catch (error) {
        const sentence = `${source === 'go' ? 'a Go build' : "the SDK's download"}: ${(error as Error).message}`;
        options.log.warn({ err: error, source }, 'a source of the Temporal server failed');
        failures.push(sentence);
      }
    }
    throw new TemporalUnavailableError(
      [
        'The Temporal server could not be had from any source:',
        ...failures.map((failure) => `  - ${failure}`),
        'Install Go 1.21 or newer or the `temporal` command, or set TEMPORAL_ADDRESS to a server of yours.',
      ].join('\n'),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
    held.release();
  }
}

/** Only a program that runs is put into the cache, and only whole. */
async function install(built: string, bin: string, source: TemporalBinary['source']): Promise<TemporalBinary> {
  await chmod(built, 0o755);
  const version = await versionOf(built);
  if (version === null) throw new Error('what came is not a working Temporal server');
  const path = join(bin, 'temporal');
  const aside = `${path}.${process.pid}`;
  try {
    await copyFile(built, aside); // the temporary folder may be on another disk, where a rename does not reach
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
  return { path, version, source };
}
