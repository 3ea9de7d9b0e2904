// The Temporal dev server on a SQLite file of the data folder, so that workflows outlive every process.
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { startChild } from '../child.ts';
import type { ChildExit, RunningChild } from '../child.ts';
import type { Logger } from '../log.ts';
import { processState } from '../process-table.ts';
import { freePorts } from './free-port.ts';

export interface EmbeddedTemporal {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly port: number;
  readonly namespace: string;
  readonly pid: number;
  /** Resolves when the server has ended, asked or not. */
  readonly exited: Promise<ChildExit>;
  readonly stop: () => Promise<void>;
}

export interface StartTemporalOptions {
  /** Its lock must be held: the server does not lock its file, and two on one file damage each other's work. */
  readonly dataDir: string;
  readonly binaryPath: string;
  readonly namespace: string;
  readonly log: Logger;
  /** Of the frontend, in place of a free one, where others know the address already. */
  readonly port?: number | undefined;
  /** Besides {@link SERVER_SETTINGS}, such as `{ 'limit.blobSize.error': '262144' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const READY_LIMIT_MS = 60_000;
const START_TRIES = 4;
const ANSWER_LIMIT_MS = 2000;
const POLL_MS = 50;
const LARGEST_LOG_BYTES = 10e6;

/** Whole transactions survive a kill in any mode; `synchronous=2` makes them survive a power cut too. */
const PRAGMAS = ['journal_mode=wal', 'synchronous=2'];

/**
 * How a server of ours works. Fairness: tasks that wait are handed out in turn, one of everybody's, however many one has put there; the
 * key is `priority.fairnessKey`. Each partition of a queue has turns of its own, so there is one: it is far from busy in a house of
 * this size. Eager: an activity on the queue of the worker that runs its workflow begins with the answer to whoever asked for it, one
 * write and one way less. docker-compose.yml sets the same.
 */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  'matching.enableFairness': 'true',
  'system.enableActivityEagerExecution': 'true',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
};

/** Such settings as options of `temporal server start-dev`. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]);
}

/** The client pauses for a second after a refused connection, so the port is tried alone first. */
function accepts(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname.replaceAll(/[[\]]/gu, ''), port: Number(port), timeout: 2000 });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

/** False where it does not answer within the time, does not have the namespace, or cannot read in its database. */
export async function temporalAnswers(address: string, namespace: string, limitMs: number): Promise<boolean> {
  if (!(await accepts(address))) return false;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 5000 });
    await connection.withDeadline(Date.now() + limitMs, async () => {
      await connection?.workflowService.describeNamespace({ namespace });
    });
    return true;
  } catch {
    return false; // refused, unavailable or no such namespace; the caller knows how long to wait
  } finally {
    await connection?.close();
  }
}

/**
 * Waits until a server answers and has the namespace.
 *
 * @returns false where it does not within the time.
 */
export async function waitForTemporal(
  address: string,
  namespace: string,
  limitMs: number,
  lives: () => boolean = () => true,
): Promise<boolean> {
  for (const deadline = Date.now() + limitMs; lives() && Date.now() < deadline; await pause(POLL_MS)) {
    if (await temporalAnswers(address, namespace, ANSWER_LIMIT_MS)) return true;
  }
  return false;
}

/** Where a system has no death signal, a server can outlive its Woodshed; its note tells which process it is. */
async function endEarlierServer(note: string, log: Logger): Promise<void> {
  const text = await readFile(note, 'utf8').catch(() => '');
  const [pidText = '', startedAt] = text.split('\n');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 1) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (let tried = 0; tried < 60; tried++) {
      const state = await processState(pid);
      if (state === null || state.zombie || state.startedAt !== startedAt) return;
      if (tried === 0) {
        log.warn({ pid, signal }, 'ending a Temporal server that outlived its Woodshed');
        process.kill(pid, signal);
      }
      await pause(POLL_MS);
    }
  }
}

async function launch(options: StartTemporalOptions, folder: string): Promise<{ server: RunningChild; port: number }> {
  const [freePort = 0, httpPort = 0, metricsPort = 0] = await freePorts(3);
  const port = options.port ?? freePort;
  const flags: Readonly<Record<string, string>> = {
    ip: '127.0.0.1',
    port: String(port),
    'http-port': String(httpPort),
    'metrics-port': String(metricsPort),
    'db-filename': join(folder, 'temporal.db'),
    namespace: options.namespace,
    'log-level': 'warn',
    'log-format': 'json',
    color: 'never',
  };
  const pragmas = PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]);
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const server = await startChild(
    options.binaryPath,
    [
      'server',
      'start-dev',
      '--headless',
      ...args,
      ...pragmas,
      ...settingArguments({ ...SERVER_SETTINGS, ...options.settings }),
    ],
    // It would look for a configuration below HOME.
    { cwd: folder, env: { HOME: folder }, outputFile: join(folder, 'temporal.log'), killGraceMs: 10_000 },
  );
  return { server, port };
}

/** Starts the server and waits until it answers. Thrown: an error with the last lines of its log. */
export async function startTemporal(options: StartTemporalOptions): Promise<EmbeddedTemporal> {
  const { dataDir, namespace, log } = options;
  const folder = join(dataDir, 'temporal');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const note = join(folder, 'temporal.pid');
  const logFile = join(folder, 'temporal.log');
  if (((await stat(logFile).catch(() => null))?.size ?? 0) > LARGEST_LOG_BYTES) await truncate(logFile);
  await endEarlierServer(note, log);
  for (let tried = 1; tried <= START_TRIES; tried++) {
    const { server, port } = await launch(options, folder);
    const address = `127.0.0.1:${port}`;
    const state = await processState(server.pid);
    await writeFile(note, `${server.pid}\n${state?.startedAt ?? ''}\n`, { mode: 0o600 });
    const lives = (): boolean => server.child.exitCode === null && server.child.signalCode === null;
    if (await waitForTemporal(address, namespace, READY_LIMIT_MS, lives)) {
      log.info({ address, pid: server.pid }, 'Temporal answers');
      const stop = async (): Promise<void> => {
        await server.stop();
        await rm(note, { force: true });
      };
      return { address, port, namespace, pid: server.pid, exited: server.exited, stop };
    }
    await server.stop();
    log.warn({ tried }, 'the Temporal server ended while it was starting');
    await pause(200 * tried);
  }
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-5).join('\n');
  throw new Error(`the Temporal server does not start:\n${lines}`);
}
