// Children that live on beside us: servers, the separation engine.
import type { ChildProcess, SerializationType } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endGroup, KILL_GRACE_MS, signalGroup, spawnGuarded } from './child-spawn.ts';
import type { SpawnOptions } from './child-spawn.ts';

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
  readonly stop: () => Promise<ChildExit>;
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
