// What stands between this process and a program that it starts: util-linux wrappers, as far as the machine has them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Thrown when a program is neither at the absolute path given nor on the PATH. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
  readonly program: string;

  constructor(program: string) {
    super(`the program ${program} is not installed, or is not executable`);
    this.program = program;
  }
}

/** Kernel limits of one process; a process that its child starts has the same limits of its own. */
export interface ChildLimits {
  readonly addressSpaceBytes?: number;
  readonly cpuSeconds?: number;
  /** Largest file it may write. */
  readonly fileSizeBytes?: number;
  readonly openFiles?: number;
}

export type DeathSignal = 'KILL' | 'INT' | 'TERM';

export interface Guard {
  readonly limits?: ChildLimits;
  readonly network?: 'none' | 'inherit';
  /** What the child gets when the thread that started it dies. */
  readonly deathSignal?: DeathSignal;
  /** A command that runs the rest of the line, such as `['unshare', '--mount', '--']`; outermost. */
  readonly wrapper?: readonly string[];
}

/** Which protections this machine gives to child processes; `doctor` shows them. */
export interface ChildProtections {
  readonly parentDeathSignal: boolean;
  readonly limits: boolean;
  readonly networkIsolation: boolean;
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of a child that is given none: enough to find programs and to speak UTF-8. */
export const MINIMAL_ENVIRONMENT: Readonly<Record<string, string>> = { PATH: SYSTEM_PATH, LANG: 'C.UTF-8' };

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // absent, not ours to run, or behind a folder that we may not enter: one answer for all
  }
}

/**
 * The absolute path of a program, by name on this process's PATH (or the given one) or by an absolute path that is checked.
 * Null where there is none.
 */
export function findProgram(command: string, searchPath: string = process.env.PATH ?? SYSTEM_PATH): string | null {
  if (isAbsolute(command)) return isExecutable(command) ? command : null;
  if (command.includes('/'))
    throw new TypeError(`a program is named by an absolute path or a bare name, not ${command}`);
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, command)).find(isExecutable) ?? null;
}

const remembered = new Map<string, string | null>();

function wrapperPath(name: string): string | null {
  if (process.platform !== 'linux') return null;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const path = findProgram(name) ?? findProgram(name, SYSTEM_PATH);
  remembered.set(name, path);
  return path;
}

let networkWrapper: readonly string[] | null | undefined;

/** Root may make a network namespace of its own; others may where the kernel lets them make a user namespace. */
function findNetworkWrapper(): readonly string[] | null {
  if (networkWrapper !== undefined) return networkWrapper;
  const unshare = wrapperPath('unshare');
  const candidates = [['--net'], ['--user', '--map-current-user', '--net']];
  const working = candidates.find(
    (flags) =>
      unshare !== null &&
      spawnSync(unshare, [...flags, '--', 'true'], { env: MINIMAL_ENVIRONMENT, stdio: 'ignore', timeout: 5000 })
        .status === 0,
  );
  networkWrapper = unshare !== null && working !== undefined ? [unshare, ...working, '--'] : null;
  return networkWrapper;
}

export function childProtections(): ChildProtections {
  return {
    parentDeathSignal: wrapperPath('setpriv') !== null,
    limits: wrapperPath('prlimit') !== null,
    networkIsolation: findNetworkWrapper() !== null,
  };
}

const noticed = new Set<string>();

/** Said once per process: the work goes on, with less around it. */
function notice(missing: string): void {
  if (noticed.has(missing)) return;
  noticed.add(missing);
  process.emitWarning(missing, 'WoodshedProtection');
}

function limitFlags(limits: ChildLimits): string[] {
  // Soft and hard limit are equal: ffmpeg catches SIGXCPU and would end as if it were done.
  const flags = ['--core=0'];
  if (limits.addressSpaceBytes !== undefined) flags.push(`--as=${Math.round(limits.addressSpaceBytes)}`);
  if (limits.cpuSeconds !== undefined) flags.push(`--cpu=${Math.ceil(limits.cpuSeconds)}`);
  if (limits.fileSizeBytes !== undefined) flags.push(`--fsize=${Math.round(limits.fileSizeBytes)}`);
  if (limits.openFiles !== undefined) flags.push(`--nofile=${Math.round(limits.openFiles)}`);
  return flags;
}

/**
 * The command line that runs `program` under its guards. Every wrapper replaces itself by the next (exec), so the process id
 * stays that of the program.
 */
export function guardedCommand(program: string, args: readonly string[], guard: Guard): [string, ...string[]] {
  const line: string[] = [...(guard.wrapper ?? [])];
  if (guard.limits !== undefined) {
    const prlimit = wrapperPath('prlimit');
    if (prlimit !== null) line.push(prlimit, ...limitFlags(guard.limits), '--');
    else notice('prlimit is missing: child processes run without memory and time limits of the kernel');
  }
  if (guard.network === 'none') {
    const network = findNetworkWrapper();
    if (network !== null) line.push(...network);
    else notice('network namespaces are not allowed here: child processes that need no network could reach it');
  }
  // Innermost: a change of credentials or namespaces after it would clear the signal.
  const setpriv = wrapperPath('setpriv');
  if (setpriv !== null) line.push(setpriv, '--no-new-privs', '--pdeathsig', guard.deathSignal ?? 'KILL', '--');
  else notice('setpriv is missing: child processes may outlive a Woodshed that is killed');
  const [first, ...rest] = [...line, program, ...args];
  if (first === undefined) throw new TypeError('an empty command');
  return [first, ...rest];
}
