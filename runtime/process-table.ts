// What the system knows of other processes: whether one lives, which one it is, and what it runs.
import { readFileSync } from 'node:fs';
import { runChild } from './child.ts';

export interface ProcessState {
  /** Ended, but not yet collected by its parent: it holds its id and does nothing. */
  readonly zombie: boolean;
  /**
   * Tells it from any other process that had or will have the same id: the boot's id and the start time in clock ticks since then on
   * Linux, the start time to the second elsewhere.
   */
  readonly startedAt: string;
}

function linuxState(pid: number): ProcessState | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may itself hold brackets and spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { zombie: fields[0] === 'Z' || fields[0] === 'X', startedAt: `${bootId}/${fields[19] ?? ''}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

async function ps(pid: number, column: string): Promise<string | null> {
  const { code, stdout } = await runChild('ps', ['-o', `${column}=`, '-p', String(pid)], { cwd: '/' });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** Null where no process has this id. */
export async function processState(pid: number): Promise<ProcessState | null> {
  if (process.platform === 'linux') return linuxState(pid);
  const [state, startedAt] = [await ps(pid, 'state'), await ps(pid, 'lstart')];
  return state === null || startedAt === null ? null : { zombie: state.startsWith('Z'), startedAt };
}

/** The program and its arguments; null where the process is gone or not ours to see. */
export async function commandLine(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return await ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return null;
    throw error;
  }
}
