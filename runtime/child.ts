// The one helper that starts processes: an argument list and never a shell, an empty environment, limits of the kernel,
// a process group of its own, and a death that follows ours.
import { spawn } from 'node:child_process';
import type { ChildProcess, SerializationType, StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isMainThread } from 'node:worker_threads';
import { findProgram, guardedCommand, MINIMAL_ENVIRONMENT, MissingProgramError } from './child-guard.ts';
import type { ChildLimits, Guard } from './child-guard.ts';

export { childProtections, findProgram, MINIMAL_ENVIRONMENT, MissingProgramError } from './child-guard.ts';
export type { ChildLimits, ChildProtections, DeathSignal } from './child-guard.ts';

const KEPT_OUTPUT_BYTES = 64 * 1024;
const KILL_GRACE_MS = 5000;

interface SpawnOptions extends Guard {
  readonly cwd: string;
  /** The child's whole environment beside PATH and LANG; nothing of ours is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** From the polite signal to SIGKILL; 5000 by default. */
  readonly killGraceMs?: number;
}

export interface RunChildOptions extends SpawnOptions {
  /** Written to its standard input, which is closed afterwards; without it standard input is empty. */
  readonly input?: AsyncIterable<Uint8Array> | Buffer;
  /** Takes standard output as it comes, with backpressure; the result's `stdout` is empty then. Its rejection kills the child. */
  readonly onStdout?: (stdout: Readable) => Promise<void>;
  /** How much of each output stream is kept; the rest is read and dropped. 65536 by default. */
  readonly maxOutputBytes?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Who ended a child that did not end by itself. `outside`: a signal that neither we nor its limits sent, such as the kernel's for want of memory. */
export type KilledBy = 'timeout' | 'abort' | 'consumer' | 'cpu' | 'file-size' | 'outside';

export interface ChildResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  /** UTF-8, cut at `maxOutputBytes`. */
  readonly stderr: string;
  readonly killedBy?: KilledBy;
}

function spawnGuarded(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  stdio: StdioOptions,
  serialization?: SerializationType,
): ChildProcess {
  // The kernel ties the death signal to the thread that forks, and a worker thread ends long before the process.
  if (!isMainThread) throw new Error('child processes are started from the main thread only');
  const program = findProgram(command);
  if (program === null) throw new MissingProgramError(command);
  const [file, ...rest] = guardedCommand(program, args, options);
  return spawn(file, rest, {
    cwd: options.cwd,
    env: { ...MINIMAL_ENVIRONMENT, ...options.env },
    stdio,
    detached: true, // a process group of its own, so that all it starts can be ended with it
    windowsHide: true,
    ...(serialization === undefined ? {} : { serialization }),
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: all of it is gone. EPERM: macOS answers so for a group of zombies.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** The polite signal now, SIGKILL after the grace. */
function endGroup(child: ChildProcess, polite: NodeJS.Signals, graceMs: number): void {
  signalGroup(child, polite);
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(timer));
}

async function keepUpTo(stream: Readable, maxBytes: number): Promise<Buffer> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      if (keptBytes >= maxBytes) continue;
      const part = piece.subarray(0, maxBytes - keptBytes);
      kept.push(part);
      keptBytes += part.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // a killed child's pipe
  }
  return Buffer.concat(kept);
}

function killedByLimit(
  signal: NodeJS.Signals | null,
  limits: ChildLimits | undefined,
  seconds: number,
): KilledBy | undefined {
  if (signal === null) return undefined;
  if (signal === 'SIGXFSZ') return 'file-size';
  if (signal === 'SIGXCPU') return 'cpu';
  const reachable = seconds * availableParallelism() >= (limits?.cpuSeconds ?? Infinity);
  return signal === 'SIGKILL' && reachable ? 'cpu' : 'outside';
}

/**
 * Runs a program to its end. A failure of the program is a result, not an exception: look at `code` and `killedBy`.
 *
 * @param command an absolute path, or a name that is looked up on this process's PATH.
 * @throws MissingProgramError where there is no such program.
 * @throws what `input` or `onStdout` threw, after the child has ended.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: RunChildOptions,
): Promise<ChildResult> {
  const startedAt = performance.now();
  if (options.signal?.aborted === true) {
    return { code: null, signal: null, stdout: Buffer.alloc(0), stderr: '', killedBy: 'abort' };
  }
  const child = spawnGuarded(command, args, options, [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe']);
  const { stdin, stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a child without output pipes');

  let killedBy: KilledBy | undefined;
  const end = (reason: KilledBy): void => {
    if (killedBy !== undefined || child.exitCode !== null || child.signalCode !== null) return;
    killedBy = reason;
    endGroup(child, 'SIGTERM', options.killGraceMs ?? KILL_GRACE_MS);
  };
  let brokenBy: { readonly error: unknown } | undefined;
  const broke = (error: unknown): void => {
    brokenBy ??= { error };
    end('consumer');
  };

  const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => end('timeout'), options.timeoutMs);
  const onAbort = (): void => end('abort');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => signalGroup(child, 'SIGKILL')); // what it left behind would hold the pipes open
      child.once('close', (code, signal) => resolve([code, signal]));
    });
    const maxBytes = options.maxOutputBytes ?? KEPT_OUTPUT_BYTES;
    const keptError = keepUpTo(stderr, maxBytes);
    const consume = options.onStdout;
    const keptOutput =
      consume === undefined
        ? keepUpTo(stdout, maxBytes)
        : consume(stdout)
            .catch(broke)
            .then(() => {
              stdout.resume(); // a consumer that has had enough must not leave the child waiting on a full pipe
              return Buffer.alloc(0);
            });
    const fed = stdin === null || options.input === undefined ? undefined : feed(options.input, stdin).catch(broke);
    const [code, signal] = await closed;
    await fed;
    const [output, errorText] = await Promise.all([keptOutput, keptError]);
    if (brokenBy !== undefined) throw brokenBy.error;
    const by = killedBy ?? killedByLimit(signal, options.limits, (performance.now() - startedAt) / 1000);
    return {
      code,
      signal,
      stdout: output,
      stderr: errorText.toString('utf8'),
      ...(by === undefined ? {} : { killedBy: by }),
    };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function feed(input: AsyncIterable<Uint8Array> | Buffer, stdin: NodeJS.WritableStream): Promise<void> {
  const source = Buffer.isBuffer(input) ? Readable.from([input], { objectMode: false }) : Readable.from(input);
  let sourceError: unknown;
  source.once('error', (error) => (sourceError = error));
  try {
    await pipeline(source, stdin);
  } catch (error) {
    // A child that stops reading (EPIPE, premature close) says why by its exit code; only the source's own failure is ours.
    if (sourceError !== undefined && sourceError === error && !isBrokenPipe(error)) throw error;
  }
}

function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

export interface StartChildOptions extends SpawnOptions {
  /** One call per line, without its end. */
  readonly onStdoutLine?: (line: string) => void;
  readonly onStderrLine?: (line: string) => void;
  /** Both output streams are appended to this file instead, so that a busy event loop never holds the child up. */
  readonly outputFile?: string;
  /** Opens a message channel (`child.send`, `child.on('message')`) to a Node child. */
  readonly ipc?: boolean;
  /** `advanced` carries typed arrays through the channel. */
  readonly serialization?: SerializationType;
  /** The polite signal of `stop`; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningChild {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when it has ended, by whatever cause; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** The polite signal to its group, SIGKILL after the grace; resolves when it has ended. May be called again. */
  stop(): Promise<ChildExit>;
}

/**
 * Starts a program that lives on.
 *
 * @throws MissingProgramError where there is no such program; the system's error where it cannot be started.
 */
export async function startChild(
  command: string,
  args: readonly string[],
  options: StartChildOptions,
): Promise<RunningChild> {
  const logFd = options.outputFile === undefined ? undefined : openSync(options.outputFile, 'a', 0o600);
  const stdoutTarget = logFd ?? (options.onStdoutLine === undefined ? 'ignore' : 'pipe');
  const stderrTarget = logFd ?? (options.onStderrLine === undefined ? 'ignore' : 'pipe');
  const channel: 'ipc'[] = options.ipc === true ? ['ipc'] : [];
  let child: ChildProcess;
  try {
    child = spawnGuarded(
      command,
      args,
      options,
      ['ignore', stdoutTarget, stderrTarget, ...channel],
      options.serialization,
    );
  } finally {
    if (logFd !== undefined) closeSync(logFd);
  }
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      signalGroup(child, 'SIGKILL');
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  child.on('error', () => undefined); // a message to a child that is gone; `exited` tells
  forwardLines(child.stdout, options.onStdoutLine);
  forwardLines(child.stderr, options.onStderrLine);

  let stopping = false;
  const stop = async (): Promise<ChildExit> => {
    if (!stopping && child.exitCode === null && child.signalCode === null) {
      stopping = true;
      endGroup(child, options.stopSignal ?? 'SIGTERM', options.killGraceMs ?? KILL_GRACE_MS);
    }
    return await exited;
  };
  return { pid, child, exited, stop };
}

function forwardLines(stream: Readable | null, onLine: ((line: string) => void) | undefined): void {
  if (stream === null || onLine === undefined) return;
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
}
