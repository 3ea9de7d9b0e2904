// Spawning and ending, the part that `runChild` and `startChild` share.
import { spawn } from 'node:child_process';
import type { ChildProcess, SerializationType, StdioOptions } from 'node:child_process';
import { isMainThread } from 'node:worker_threads';
import { findProgram, guardedCommand, MINIMAL_ENVIRONMENT, MissingProgramError } from './child-guard.ts';
import type { Guard } from './child-guard.ts';

export const KILL_GRACE_MS = 5000;

export interface SpawnOptions extends Guard {
  readonly cwd: string;
  /** The child's whole environment beside PATH and LANG; nothing of ours is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** From the polite signal to SIGKILL; 5000 by default. */
  readonly killGraceMs?: number;
}

/** @throws MissingProgramError */
export function spawnGuarded(
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

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
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
export function endGroup(child: ChildProcess, polite: NodeJS.Signals, graceMs: number): void {
  signalGroup(child, polite);
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(timer));
}
