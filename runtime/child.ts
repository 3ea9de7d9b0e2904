// The one helper that starts processes: an argument list and never a shell, an empty environment, limits of the kernel,
// a process group of its own, and a death that follows ours.
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ChildLimits } from './child-guard.ts';
import { endGroup, KILL_GRACE_MS, signalGroup, spawnGuarded } from './child-spawn.ts';
import type { SpawnOptions } from './child-spawn.ts';

export { childProtections, findProgram, MINIMAL_ENVIRONMENT, MissingProgramError } from './child-guard.ts';
export type { ChildLimits, ChildProtections, DeathSignal } from './child-guard.ts';
export { startChild } from './child-start.ts';
export type { ChildExit, RunningChild, StartChildOptions } from './child-start.ts';

const KEPT_OUTPUT_BYTES = 64 * 1024;

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
