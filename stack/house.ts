import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { startControl } from '../activities/main.ts';
import { startConsole } from '../bots/console/main.ts';
import type { TerminalScreen } from '../bots/console/screen.ts';
import { openStore } from '../db/open-store.ts';
import type { Store } from '../db/open-store.ts';
import { startChild } from '../runtime/child.ts';
import type { Config } from '../runtime/config.ts';
import type { StackRole } from '../runtime/data-folder.ts';
import type { Logger } from '../runtime/log.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { supervise } from '../runtime/supervise.ts';
import type { Supervised } from '../runtime/supervise.ts';
import { connectTemporal, installTemporalRuntime } from '../runtime/temporal.ts';
import { releaseAllWork, releaseLeftWork, workerIdentity } from './left-work.ts';
import { openServices } from './services.ts';
import type { Services } from './services.ts';

export interface House {
  readonly store: Store;
  stop(): Promise<void>;
}

export interface HouseOptions {
  readonly config: Config;
  readonly owner: Extract<StackRole, { role: 'owner' }>;
  readonly screen: TerminalScreen;
  readonly log: Logger;
  readonly tell: (line: string) => void;
}

/** The gpu-worker finishes what it is writing and ends; a kill would cost no more than one chunk. */
const GPU_WORKER_GRACE_MS = 15_000;

/**
 * All of Woodshed in one process tree: servers, control, console, and the gpu-worker as a process of its own, which may die and is
 * started again. When any part fails to start, what was started is stopped.
 */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, owner, screen, log } = options;
  const { folder } = owner;
  const stops: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    for (const stopOne of stops.toReversed()) {
      await stopOne().catch((error: unknown) => {
        log.error({ err: error }, 'a part did not stop as it should');
      });
    }
    owner.release();
  }
  try {
    const services = await openServices({ config, folder, log, tell: options.tell });
    stops.push(services.stop);
    const store = await openStore(services.databaseUrl, { s3: config.s3, folder: folder.blobs }, (error) => {
      log.warn({ err: error }, 'the listening connection to the database was lost');
    });
    stops.push(store.close);
    installTemporalRuntime(log);
    const temporal = await connectTemporal(services.temporalAddress, config.temporal.namespace);
    stops.push(temporal.close);
    if (config.temporal.address === null) {
      // The server is ours alone: whatever is still held, a worker of an earlier stack held it.
      const released = await releaseAllWork(temporal.client);
      log.info({ released }, 'work of an earlier stack may go on');
    }

    const shared = { config, store, temporal, log };
    const [control, console, gpuWorker] = await Promise.all([
      startControl({
        ...shared,
        workflowBundlePath: services.workflowBundlePath,
        tools: services.tools,
        scratchDir: folder.temporary,
      }),
      startConsole({ ...shared, screen, dataDir: folder.path }),
      superviseGpuWorker(options, services, temporal.client),
    ]);
    // The gpu-worker goes first: what it reports on its way out still finds everybody there.
    stops.push(console.stop, control.stop, gpuWorker.stop);
    owner.publish({
      databaseUrl: services.databaseUrl,
      temporalAddress: services.temporalAddress,
      temporalNamespace: config.temporal.namespace,
    });
    return { store, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function superviseGpuWorker(
  { config, owner, log, screen }: HouseOptions,
  services: Services,
  client: Client,
): Promise<Supervised> {
  const env = ownEnvironment({
    DATABASE_URL: services.databaseUrl,
    TEMPORAL_ADDRESS: services.temporalAddress,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    WOODSHED_DATA: config.dataDir,
    WOODSHED_CACHE: config.cacheDir,
  });
  const ended = new Set<string>();
  let told = false;

  /** A worker that ended as it was asked to holds nothing. */
  async function releaseWorkOfEnded(): Promise<void> {
    try {
      const released = await releaseLeftWork(client, (identity) => ended.has(identity));
      log.info({ released }, 'what ended gpu-workers held may go on');
    } catch (error) {
      log.warn({ err: error }, 'what ended gpu-workers held waits until their heartbeats are missed');
    }
  }

  return await supervise({
    async start(well) {
      const worker = await startChild(process.execPath, [join(config.projectRoot, 'gpu-worker', 'main.ts')], {
        cwd: config.projectRoot,
        env,
        outputFile: join(owner.folder.logs, 'gpu-worker.log'),
        killGraceMs: GPU_WORKER_GRACE_MS,
        ipc: true,
      });
      void worker.exited.then(async ({ code }) => {
        if (code !== 0) {
          ended.add(workerIdentity(worker.pid));
          await releaseWorkOfEnded();
        }
      });
      // Its first word is that it is ready.
      worker.child.on('message', (message) => {
        well();
        if (ended.size > 0) {
          // Again: the server may have given a task to the one that was about to die.
          void releaseWorkOfEnded();
        }
        if (!told) {
          told = true;
          // Why it is not a faster one is long; doctor and the log have it.
          const [device = ''] = (message as { readonly device: string }).device.split(' (');
          screen.print([`${device}.`]);
        }
      });
      return worker;
    },
    onExit({ code, signal, waitMs }) {
      log.error({ code, signal, waitMs }, 'the gpu-worker ended and is started again');
      screen.print([
        `The gpu-worker stopped (${signal ?? `code ${String(code)}`}); starting it again. Its lines are in ${join(owner.folder.logs, 'gpu-worker.log')}`,
      ]);
    },
  });
}
