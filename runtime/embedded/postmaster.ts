// What a PostgreSQL that was not stopped leaves behind: its pid file, a zombie, or itself.
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLine, processState } from '../process-table.ts';
import type { Logger } from '../log.ts';

const POLL_MS = 50;
const ZOMBIE_WAIT_MS = 15_000;
/** SIGINT asks for a fast shutdown, SIGQUIT for an immediate one that the next start repairs. */
const ORPHAN_SIGNALS = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5000],
  ['SIGKILL', 5000],
] as const;

/** Whether any process works in the folder, as PostgreSQL's all do; a zombie works nowhere. True where that cannot be seen. */
async function isWorkedIn(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => null)));
  return places.includes(folder);
}

/** Until the system has collected the zombie, or is seen to have ended all of its helpers, who may hold its memory. */
async function waitForZombie(pid: number, folder: string): Promise<void> {
  for (const deadline = Date.now() + ZOMBIE_WAIT_MS; Date.now() < deadline; await pause(POLL_MS)) {
    if ((await processState(pid)) === null || !(await isWorkedIn(folder))) return;
  }
}

async function readPid(pidFile: string): Promise<number | null> {
  const text = await readFile(pidFile, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const pid = Number.parseInt(text.split('\n')[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

async function endOrphan(pid: number, log: Logger): Promise<void> {
  for (const [signal, limitMs] of ORPHAN_SIGNALS) {
    log.warn({ pid, signal }, 'ending a PostgreSQL that outlived its Woodshed');
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (const deadline = Date.now() + limitMs; Date.now() < deadline; await pause(POLL_MS)) {
      const state = await processState(pid);
      if (state === null || state.zombie) return;
    }
  }
}

/**
 * Makes the folder free for a new server. The caller holds the data folder's lock, so a server that runs on it is an orphan.
 * PostgreSQL itself takes a stale pid file for a running server where the id belongs to a zombie or to another process of the user.
 */
export async function clearEarlierPostmaster(clusterFolder: string, log: Logger): Promise<void> {
  const folder = await realpath(clusterFolder);
  const pidFile = join(folder, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid === null) return;
  const state = await processState(pid);
  if (state === null) return; // PostgreSQL sees that for itself
  const command = state.zombie ? null : await commandLine(pid);
  if (command !== null && command.includes('postgres') && `${command} `.includes(` -D ${folder} `))
    await endOrphan(pid, log);
  if ((await processState(pid))?.zombie === true) {
    log.info({ pid }, 'waiting for the system to collect an ended PostgreSQL');
    await waitForZombie(pid, folder);
  }
  // Whoever has the id now is not a server on this folder.
  if ((await readPid(pidFile)) === pid) await rm(pidFile, { force: true });
}
