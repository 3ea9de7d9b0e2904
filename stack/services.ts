import { join } from 'node:path';
import { migrateDatabase } from '../db/migrate.ts';
import type { Config } from '../runtime/config.ts';
import type { DataFolder } from '../runtime/data-folder.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { startPostgres } from '../runtime/embedded/postgres.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { startTemporal, waitForTemporal } from '../runtime/embedded/temporal-server.ts';
import type { Logger } from '../runtime/log.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import { bundleWorkflows } from '../runtime/workflow-bundle.ts';
import { ensureUsualModels } from './usual-model.ts';

/** Where everything is that the processes of the house talk to. */
export interface Services {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly tools: MediaTools;
  readonly workflowBundlePath: string;
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
    databaseUrl: database.value,
    temporalAddress: temporal.value,
    tools: tools.value,
    workflowBundlePath: bundle.value,
    stop,
  };
}

async function openDatabaseServer(
  { config, folder, log }: ServiceOptions,
  stops: (() => Promise<void>)[],
): Promise<string> {
  let url = config.databaseUrl;
  if (url === null) {
    const server = await startPostgres({ dataDir: folder.path, log });
    stops.push(server.stop);
    url = server.url;
  }
  await migrateDatabase(url);
  return url;
}

async function openTemporalServer(
  { config, folder, log, tell }: ServiceOptions,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const { address, namespace } = config.temporal;
  if (address !== null) {
    if (!(await waitForTemporal(address, namespace, REAL_TEMPORAL_WAIT_MS))) {
      throw new Error(`the Temporal server at ${address} does not answer, or has no namespace ${namespace}`);
    }
    return address;
  }
  const toolsDir = join(config.projectRoot, 'tools');
  const { path } = await findTemporal({ cacheDir: config.cacheDir, toolsDir, log, progress: tell });
  const server = await startTemporal({ dataDir: folder.path, binaryPath: path, namespace, log });
  stops.push(server.stop);
  return server.address;
}
