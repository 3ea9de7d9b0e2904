import { setTimeout as pause } from 'node:timers/promises';
import { migrateDatabase } from '../db/migrate.ts';
import { openStore } from '../db/open-store.ts';
import type { Store } from '../db/open-store.ts';
import { ConfigError, loadConfig } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { openDataFolder } from '../runtime/data-folder.ts';
import type { DataFolder } from '../runtime/data-folder.ts';
import { createLogger } from '../runtime/log.ts';
import type { Logger } from '../runtime/log.ts';
import { connectTemporal, installTemporalRuntime } from '../runtime/temporal.ts';
import type { TemporalAccess } from '../runtime/temporal.ts';
import { stopSignal } from './stop-signal.ts';

/** What a process of its own has when it starts: real servers, its own data folder, a log on standard error. */
export interface OwnProcess<Temporal = TemporalAccess> {
  readonly config: Config;
  readonly log: Logger;
  readonly folder: DataFolder;
  readonly store: Store;
  readonly temporal: Temporal;
  /** Aborts when the process is asked to stop. */
  readonly stopping: AbortSignal;
}

/** Takes what is asked for while Temporal is away: it is written down, and there is nobody else to hear it. Null where it never came. */
export type OwnChat = OwnProcess<Promise<TemporalAccess | null>>;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * Runs one `main.ts` as a process of its own, as the containers do: connects, migrates, runs `work` until it ends, closes everything.
 * A configuration error is one plain message and exit code 1.
 */
export async function runAsProcess(name: string, work: (own: OwnProcess) => Promise<void>): Promise<void> {
  await run(name, async ({ temporal: connect, ...own }) => {
    const temporal = await connect();
    try {
      await work({ ...own, temporal });
    } finally {
      await temporal.close();
    }
  });
}

/** As {@link runAsProcess}, for a bot: it does not wait for Temporal. */
export async function runAsChat(name: string, work: (own: OwnChat) => Promise<void>): Promise<void> {
  await run(name, async ({ temporal: connect, ...own }) => {
    const ended = new AbortController();
    const temporal = connectAtLast(connect, AbortSignal.any([own.stopping, ended.signal]), own.log);
    try {
      await work({ ...own, temporal });
    } finally {
      ended.abort();
      await (await temporal)?.close();
    }
  });
}

async function connectAtLast(
  connect: () => Promise<TemporalAccess>,
  signal: AbortSignal,
  log: Logger,
): Promise<TemporalAccess | null> {
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await connect();
    } catch (error) {
      log.warn({ err: error }, 'Temporal does not answer; what is asked for is written down and waits');
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}

/** @param work is given how to connect to Temporal */
async function run(
  name: string,
  work: (own: OwnProcess<() => Promise<TemporalAccess>>) => Promise<void>,
): Promise<void> {
  const stopping = stopSignal();
  try {
    const config = loadConfig();
    const { databaseUrl } = config;
    const { address, namespace } = config.temporal;
    if (databaseUrl === null || address === null) {
      const missing = [
        databaseUrl === null ? ['DATABASE_URL'] : [],
        address === null ? ['TEMPORAL_ADDRESS'] : [],
      ].flat();
      throw new ConfigError(missing.map((variable) => `${variable} is not set, and ${name} by itself needs it`));
    }
    // One that each made for itself would open nothing of the others'.
    const signs = config.web.url === null ? null : 'WOODSHED_WEB_URL';
    const seals = config.chats.slack?.mode === 'http' ? 'SLACK_CLIENT_SECRET' : null;
    const needs = signs ?? seals;
    if (needs !== null && config.secrets.length === 0) {
      throw new ConfigError([
        `WOODSHED_SECRET is not set, and ${needs} is: without it nothing can be signed or sealed`,
      ]);
    }
    const log = createLogger({ name, level: config.logLevel, destination: 'stderr' });
    installTemporalRuntime(log);
    const folder = openDataFolder(config.dataDir);
    await migrateDatabase(databaseUrl);
    const store = await openStore(databaseUrl, { s3: config.s3, folder: folder.blobs }, (error) => {
      log.warn({ err: error }, 'the listening connection to the database was lost');
    });
    const temporal = async (): Promise<TemporalAccess> => await connectTemporal(address, namespace);
    try {
      await work({ config, log, folder, store, temporal, stopping });
    } finally {
      await store.close();
    }
  } catch (error) {
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exitCode = 1;
  }
}

/** Resolves when the process is asked to stop. */
export async function untilStopped(stopping: AbortSignal): Promise<void> {
  if (!stopping.aborted) {
    await new Promise<void>((resolve) => {
      stopping.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
