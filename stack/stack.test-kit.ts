/** Woodshed as a person starts it: real processes on a data folder of their own, watched from outside. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptedStems } from '../bots/console/scripted.ts';
import type { TranscriptEntry } from '../bots/console/transcript.ts';
import { runChild, startChild } from '../runtime/child.ts';
import type { RunningChild } from '../runtime/child.ts';
import { loadConfig } from '../runtime/config.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { createLogger } from '../runtime/log.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import { watchFamily } from './family.test-kit.ts';
import type { Family } from './family.test-kit.ts';

const ROOT = join(import.meta.dirname, '..');
const EXAMPLE = join(ROOT, 'examples', 'back-porch-take.flac');
/** Everything that a person waits for is over long before; a test that waits longer has found a hang. */
const WAIT_LIMIT_MS = 120_000;

/** One window per checkpoint, short waits, and the two strategies that share their first node. */
const CONFIG = `
strategies:
  vocals: { _: spleeter-2stems, vocals: vocals, accompaniment: accompaniment }
  band:
    _: spleeter-2stems
    vocals: vocals
    accompaniment: { _: low-band, low: bass, rest: other }
compute: { device: cpu, threads: 2, chunkSeconds: 1 }
timing: { computeHeartbeatSeconds: 2, mediaHeartbeatSeconds: 5, retrySeconds: 0.2 }
`;

/** A folder with everything that one Woodshed has. */
export interface Place {
  readonly folder: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** @param config of short waits, unless told otherwise */
export async function createPlace(parent: string = tmpdir(), config = CONFIG): Promise<Place> {
  const folder = mkdtempSync(join(parent, 'woodshed-stack-'));
  const data = join(folder, 'data');
  const configFile = join(folder, 'woodshed.yaml');
  writeFileSync(configFile, config);
  return {
    folder,
    data,
    env: {
      ...toolEnvironment(),
      WOODSHED_DATA: data,
      WOODSHED_CACHE: loadConfig().cacheDir,
      WOODSHED_CONFIG: configFile,
    },
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** The example song again and again, made a song of its own by its level. */
export async function makeSong(path: string, song: { seconds: number; gainDb?: number }): Promise<string> {
  const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
  const { ffmpeg } = await findFfmpeg({ cacheDir: loadConfig().cacheDir, log, progress: () => undefined });
  const filter = `volume=${String(song.gainDb ?? 0)}dB,aresample=44100`;
  const args = ['-v', 'error', '-stream_loop', '-1', '-i', EXAMPLE, '-t', String(song.seconds), '-af', filter, path];
  const { code, stderr } = await runChild(ffmpeg.path, args, { cwd: ROOT });
  assert.equal(code, 0, stderr);
  return path;
}

export interface Woodshed {
  readonly child: RunningChild;
  /** Every process that it started, at any depth, that was seen alive. */
  readonly family: Family;
  readonly stdout: string[];
  readonly stderr: string[];
  /** The JSON on standard output, which must be all that stands there; and the exit code. */
  result(): Promise<{ readonly code: number | null; readonly json: ScriptedStems }>;
}

/** `woodshed WORDS…` in a process of its own. */
export async function woodshed(place: Place, ...words: readonly string[]): Promise<Woodshed> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const child = await startChild(process.execPath, [join(ROOT, 'woodshed.ts'), ...words], {
    cwd: place.folder,
    env: { ...place.env },
    killGraceMs: 60_000,
    onStdoutLine: (line) => stdout.push(line),
    onStderrLine: (line) => stderr.push(line),
  });
  return {
    child,
    family: watchFamily(child.pid),
    stdout,
    stderr,
    async result() {
      const closed = new Promise((resolve) => child.child.once('close', resolve));
      const { code } = await child.exited;
      await closed;
      assert.equal(stdout.length, 1, [...stdout, ...stderr, ...logOf(place, 'woodshed')].join('\n'));
      return { code, json: JSON.parse(stdout[0] ?? '') as ScriptedStems };
    },
  };
}

/** `woodshed split SONG … --json` to its end. */
export async function split(
  place: Place,
  song: string,
  out: string,
  ...options: readonly string[]
): Promise<{ readonly code: number | null; readonly json: ScriptedStems; readonly run: Woodshed }> {
  const run = await woodshed(place, 'split', song, '--out', out, '--json', ...options);
  return { ...(await run.result()), run };
}

/** Waits for what will come; fails when the process ends before, or after far too long. */
export async function until<T>(
  run: Woodshed | null,
  what: string,
  look: () => T | null | Promise<T | null>,
): Promise<T> {
  const { child } = run?.child ?? { child: null };
  for (const deadline = Date.now() + WAIT_LIMIT_MS; ; await pause(10)) {
    const found = await look();
    if (found !== null) {
      return found;
    }
    if (child !== null && (child.exitCode !== null || child.signalCode !== null)) {
      assert.fail(`woodshed ended before: ${what}\n${[...(run?.stdout ?? []), ...(run?.stderr ?? [])].join('\n')}`);
    }
    assert.ok(Date.now() < deadline, `never: ${what}\n${run?.stderr.join('\n') ?? ''}`);
  }
}

interface LogLine {
  readonly time: number;
  readonly pid: number;
  readonly msg: string;
  readonly nodeKey?: string;
  readonly chunk?: string;
}

export function logOf(place: Place, name: 'woodshed' | 'gpu-worker'): string[] {
  const path = join(place.data, 'logs', `${name}.log`);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/** What the gpu-workers of this place have logged; a line that a kill cut short is none. */
export function gpuWorkerLog(place: Place): LogLine[] {
  return logOf(place, 'gpu-worker').flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine];
    } catch {
      return [];
    }
  });
}

export function chunksLogged(place: Place, msg: 'chunk computed' | 'chunk stored'): string[] {
  return gpuWorkerLog(place)
    .filter((line) => line.msg === msg)
    .map(({ nodeKey, chunk }) => `${nodeKey ?? ''}/${chunk ?? ''}`);
}

/** What a person has seen of the jobs of this place. */
export async function transcriptOf(place: Place): Promise<TranscriptEntry[]> {
  const text = await readFile(join(place.data, 'console.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TranscriptEntry);
}

/** SHA-256 by file name, for comparing two results bit for bit. */
export async function hashesIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const hashes = names.map(async (name) => {
    const digest = createHash('sha256').update(await readFile(join(folder, name)));
    return [name, digest.digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/** Names of everything below the blob folder that begins with `prefix`, such as `chunks`. */
export function blobsOf(place: Place, prefix: string): string[] {
  const folder = join(place.data, 'blobs', prefix);
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
      )
    : [];
}

export async function emptyFolder(place: Place, name: string): Promise<string> {
  const path = join(place.folder, name);
  await mkdir(path, { recursive: true });
  return path;
}
