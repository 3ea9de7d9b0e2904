import { join } from 'node:path';
import { migrateDatabase } from '../db/migrate.ts';
import type { Config } from '../runtime/config.ts';
import type { DataFolder } from '../runtime/data-folder.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { startPostgres } from '../runtime/embedded/postgres.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { startTemporal, temporalAnswers, waitForTemporal } from '../runtime/embedded/temporal-server.ts';
import type { EmbeddedTemporal } from '../runtime/embedded/temporal-server.ts';
import type { Logger } from '../runtime/log.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import type { Supervised } from '../runtime/supervise.ts';
import { bundleWorkflows } from '../runtime/workflow-bundle.ts';
import { keepServer } from './keep-server.ts';
import type { ServerHealth } from './keep-server.ts';
import { ensureUsualModels } from './usual-model.ts';

/** Where everything is that the processes of the house talk to. */
export interface Services {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly tools: MediaTools;
  readonly workflowBundlePath: string;
  /** Ours, which are started again when they end; null where the environment names one. */
  readonly servers: { readonly postgres: Supervised | null; readonly temporal: Supervised | null };
  /** In the order of starting; stopped in the reverse. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly log: Logger;
  /** One line for the person who waits, each time a long step goes on. */
  readonly tell: (line: string) => void;
}

const REAL_TEMPORAL_WAIT_MS = 30_000;
/**
 * A Temporal server can live on and fail at every read of its database (seen: SQLite "interrupted" at each statement after a cancelled
 * one, in servers with an older SQLite). A busy one answers within seconds.
 */
const TEMPORAL_HEALTH: ServerHealth<EmbeddedTemporal> = {
  isWell: async ({ address, namespace }) => await temporalAnswers(address, namespace, 10_000),
  everyMs: 5000,
  mostUnwell: 4,
};

/** Starts what is embedded, finds what is not, side by side; migrates the database. Stops what was started when one fails. */
export async function openServices(options: ServiceOptions): Promise<Services> {
  const { config, log, tell } = options;
  const stops: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    for (const stopOne of stops.toReversed()) {
      await stopOne();
    }
  }
  const started = await Promise.allSettled([
    openDatabaseServer(options, stops),
    openTemporalServer(options, stops),
    findFfmpeg({ cacheDir: config.cacheDir, log, progress: tell }),
    bundleWorkflows(join(config.projectRoot, 'workflows', 'index.ts'), config.cacheDir),
    ensureUsualModels(config, log, tell),
  ] as const);
  const [database, temporal, tools, bundle] = started;
  if (
    database.status === 'rejected' ||
    temporal.status === 'rejected' ||
    tools.status === 'rejected' ||
    bundle.status === 'rejected'
  ) {
    await stop();
    throw started.find((result) => result.status === 'rejected')?.reason;
  }
  return {
    databaseUrl: database.value.url,
    temporalAddress: temporal.value.address,
    tools: tools.value,
    workflowBundlePath: bundle.value,
    servers: { postgres: database.value.server, temporal: temporal.value.server },
    stop,
  };
}

async function openDatabaseServer(
  { config, folder, log, tell }: ServiceOptions,
  stops: (() => Promise<void>)[],
): Promise<{ readonly url: string; readonly server: Supervised | null }> {
  if (config.databaseUrl !== null) {
    await migrateDatabase(config.databaseUrl);
    return { url: config.databaseUrl, server: null };
  }
  const { first, supervised } = await keepServer({
    name: 'PostgreSQL',
    start: async (port) => await startPostgres({ dataDir: folder.path, log, port }),
    log,
    tell,
  });
  stops.push(supervised.stop);
  await migrateDatabase(first.url);
  return { url: first.url, server: supervised };
}

async function openTemporalServer(
  { config, folder, log, tell }: ServiceOptions,
  stops: (() => Promise<void>)[],
): Promise<{ readonly address: string; readonly server: Supervised | null }> {
  const { address, namespace } = config.temporal;
  if (address !== null) {
    if (!(await waitForTemporal(address, namespace, REAL_TEMPORAL_WAIT_MS))) {
      throw new Error(`the Temporal server at ${address} does not answer, or has no namespace ${namespace}`);
    }
    return { address, server: null };
  }
  const toolsDir = join(config.projectRoot, 'tools');
  const { path } = await findTemporal({ cacheDir: config.cacheDir, toolsDir, log, progress: tell });
  const { first, supervised } = await keepServer({
    name: 'Temporal',
    health: TEMPORAL_HEALTH,
    start: async (port) => await startTemporal({ dataDir: folder.path, binaryPath: path, namespace, log, port }),
    log,
    tell,
  });
  stops.push(supervised.stop);
  return { address: first.address, server: supervised };
}
