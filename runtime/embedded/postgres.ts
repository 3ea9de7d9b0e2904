// PostgreSQL from an npm package, on a folder of the data folder: reachable from this machine alone, by password, on a free port.
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, realpath, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { runChild, startChild } from '../child.ts';
import type { ChildExit, RunningChild } from '../child.ts';
import type { Logger } from '../log.ts';
import { freePort } from './free-port.ts';
import { findPostgresBinaries, ownedBy, postgresIdentity, PostgresUnavailableError } from './postgres-binaries.ts';
import type { PostgresBinaries, PostgresIdentity } from './postgres-binaries.ts';
import { clearEarlierPostmaster } from './postmaster.ts';

export { PostgresUnavailableError } from './postgres-binaries.ts';

const USER = 'woodshed';
const DATABASE = 'woodshed';
const INITDB_LIMIT_MS = 120_000;
/** Recovery after a crash replays at most `max_wal_size`; far below this on any disk. */
const READY_LIMIT_MS = 120_000;
const START_TRIES = 5;
const POLL_MS = 30;
const LARGEST_LOG_BYTES = 10e6;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_statement: 'none',
};

export interface EmbeddedPostgres {
  /** `postgres://…` with the password; a secret. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Resolves when the server has ended, asked or not. */
  readonly exited: Promise<ChildExit>;
  /** Ends connections and writes everything out. */
  readonly stop: () => Promise<void>;
}

export interface StartPostgresOptions {
  /** The data folder; the server's own folder is `postgres` in it. Its lock must be held. */
  readonly dataDir: string;
  readonly log: Logger;
  /** In place of a free one, where others know the address already. */
  readonly port?: number | undefined;
  /** Tests of the way without user namespaces switch this off. */
  readonly allowNamespace?: boolean;
}

interface Cluster {
  readonly folder: string;
  readonly password: string;
  readonly logFile: string;
  readonly binaries: PostgresBinaries;
  readonly identity: PostgresIdentity;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Built aside and renamed when it is whole: a kill in the middle leaves nothing that looks finished. */
async function createCluster(home: string, binaries: PostgresBinaries, identity: PostgresIdentity): Promise<void> {
  const unfinished = `${home}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = join(unfinished, 'password');
  await writeFile(passwordFile, randomBytes(32).toString('base64url'), { mode: 0o600 });
  for (const path of [unfinished, passwordFile]) {
    if (identity.uid >= 0) await chown(path, identity.uid, identity.gid);
  }
  const flags = ['-D', join(unfinished, 'data'), '-U', USER, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  const { code, stderr, stdout } = await runChild(
    binaries.initdb,
    [...flags, '--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    { cwd: unfinished, wrapper: identity.wrapper, timeoutMs: INITDB_LIMIT_MS },
  );
  if (code !== 0) {
    throw new PostgresUnavailableError(`initdb ended with ${code ?? 'a signal'}: ${stderr || stdout.toString('utf8')}`);
  }
  await rename(unfinished, home);
}

async function prepareCluster(options: StartPostgresOptions): Promise<Cluster> {
  const found = await findPostgresBinaries();
  const dataDir = await realpath(options.dataDir);
  const { allowNamespace = true } = options;
  const { binaries, identity } = await postgresIdentity(found, dataDir, { allowNamespace, opensFolder: true });
  const home = join(dataDir, 'postgres');
  if (!(await exists(home))) {
    options.log.info('creating the database');
    await createCluster(home, binaries, identity);
  }
  await ownedBy(home, identity);
  const logFile = join(dataDir, 'postgres.log');
  if (((await stat(logFile).catch(() => null))?.size ?? 0) > LARGEST_LOG_BYTES) await truncate(logFile);
  const password = (await readFile(join(home, 'password'), 'utf8')).trim();
  return { folder: join(home, 'data'), password, logFile, binaries, identity };
}

function launch(cluster: Cluster, port: number): Promise<RunningChild> {
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  return startChild(cluster.binaries.postgres, ['-D', cluster.folder, ...settings], {
    cwd: cluster.folder,
    wrapper: cluster.identity.wrapper,
    outputFile: cluster.logFile,
    deathSignal: 'INT',
    stopSignal: 'SIGINT',
    killGraceMs: 20_000,
  });
}

function connectionUrl(cluster: Cluster, port: number, database: string): string {
  return `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

async function connect(url: string): Promise<Client | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined); // the server may go while we hold the connection
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code } = error as { code?: string };
    // Nobody listens yet, or the server says that it is starting (57P03).
    if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === '57P03') return null;
    throw error;
  }
}

async function untilReady(cluster: Cluster, server: RunningChild, port: number): Promise<boolean> {
  const { child } = server;
  const lives = (): boolean => child.exitCode === null && child.signalCode === null;
  for (const deadline = Date.now() + READY_LIMIT_MS; lives() && Date.now() < deadline; await pause(POLL_MS)) {
    const client = await connect(connectionUrl(cluster, port, 'postgres'));
    if (client === null) continue;
    try {
      const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
      if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
      return true;
    } finally {
      await client.end();
    }
  }
  return false;
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}

/**
 * Starts the server on the data folder and waits until it answers; creates it first where there is none. Whatever an earlier server
 * left (a pid file, a zombie, itself) is cleared.
 *
 * @throws PostgresUnavailableError where it cannot run here, with what helps.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const cluster = await prepareCluster(options);
  for (let tried = 1; tried <= START_TRIES; tried++) {
    await clearEarlierPostmaster(cluster.folder, log);
    const port = options.port ?? (await freePort());
    const server = await launch(cluster, port);
    const isReady = await untilReady(cluster, server, port).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    if (isReady) {
      log.info({ port, pid: server.pid }, 'PostgreSQL answers');
      const stop = async (): Promise<void> => void (await server.stop());
      return { url: connectionUrl(cluster, port, DATABASE), pid: server.pid, port, exited: server.exited, stop };
    }
    await server.stop();
    log.warn({ tried, lines: await lastLines(cluster.logFile) }, 'PostgreSQL ended while it was starting');
    await pause(200 * tried); // a killed server's helpers let go of its shared memory within moments
  }
  throw new PostgresUnavailableError(`PostgreSQL does not start:\n${await lastLines(cluster.logFile)}`);
}
