import type { Client } from '@temporalio/client';
import { startControl } from '../activities/main.ts';
import { startConsole } from '../bots/console/main.ts';
import type { TerminalScreen } from '../bots/console/screen.ts';
import { openStore } from '../db/open-store.ts';
import type { Store } from '../db/open-store.ts';
import type { Config } from '../runtime/config.ts';
import type { StackRole } from '../runtime/data-folder.ts';
import type { Logger } from '../runtime/log.ts';
import { ownSecret } from '../runtime/own-secret.ts';
import type { Supervised } from '../runtime/supervise.ts';
import { isThisMachine } from '../runtime/web-config.ts';
import { connectTemporal, installTemporalRuntime } from '../runtime/temporal.ts';
import { openHouseWeb } from './house-web.ts';
import { releaseAllWork } from './left-work.ts';
import { openServices } from './services.ts';
import type { Services } from './services.ts';
import { superviseRoom } from './supervise-room.ts';

export interface House {
  readonly store: Store;
  /** As the console's commands need it: it knows where the pages are, where they stay. */
  readonly consoleConfig: Config;
  stop(): Promise<void>;
}

export interface HouseOptions {
  readonly config: Config;
  readonly owner: Extract<StackRole, { role: 'owner' }>;
  readonly screen: TerminalScreen;
  readonly log: Logger;
  readonly tell: (line: string) => void;
  /** Whether somebody may still open a page once the work is done; else the console points to none. */
  readonly stays: boolean;
}

/**
 * All of Woodshed in one process tree: servers, control, console, web pages, and the gpu-worker and the bots as processes of their own, which may
 * die and are started again. When any part fails to start, what was started is stopped.
 */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { owner, screen, log } = options;
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
    const config = withSecret(options.config, folder.path);
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

    const web = await openHouseWeb({ config, store, temporal: temporal.client, dataDir: folder.path, log });
    stops.push(web.stop);

    const shared = { config, store, temporal, log };
    const consoleUrl = options.stays && isThisMachine(new URL(web.url).hostname) ? web.url : null;
    const consoleConfig = { ...config, web: { ...config.web, consoleUrl } };
    const [control, console, rooms] = await Promise.all([
      startControl({
        ...shared,
        workflowBundlePath: services.workflowBundlePath,
        tools: services.tools,
        scratchDir: folder.temporary,
        linkFiles: web.linkFiles,
      }),
      startConsole({ ...shared, config: consoleConfig, screen, dataDir: folder.path }),
      superviseRooms({ ...options, config }, services, temporal.client),
    ]);
    // The other processes go first: what they report on their way out still finds everybody there.
    stops.push(console.stop, control.stop, async () => {
      await Promise.all(rooms.map(async (room) => await room.stop()));
    });
    owner.publish({
      databaseUrl: services.databaseUrl,
      temporalAddress: services.temporalAddress,
      temporalNamespace: config.temporal.namespace,
    });
    return { store, consoleConfig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the operator gave, or what this data folder has of its own. */
function withSecret(config: Config, dataDir: string): Config {
  return config.secrets.length > 0 ? config : { ...config, secrets: [ownSecret(dataDir)] };
}

/** The gpu-worker, and a bot for every platform that has a token: each may die, is started again, and takes nobody along. */
async function superviseRooms(
  { config, owner, log, screen }: HouseOptions,
  services: Services,
  client: Client,
): Promise<readonly Supervised[]> {
  const shared = {
    config,
    folder: owner.folder,
    services,
    client,
    // Theirs must be the same: what one of us signs or seals, another opens.
    env: { WOODSHED_SECRET: config.secrets.join(',') },
    log,
    tell: (line: string) => screen.print([line]),
  };
  const { discord, slack, telegram } = config.chats;
  const bots = Object.entries({ discord, slack, telegram }).flatMap(([name, chat]) => (chat === null ? [] : [name]));
  return await Promise.all([
    superviseRoom({ ...shared, name: 'gpu-worker', main: 'gpu-worker/main.ts', readyLine: deviceLine }),
    ...bots.map((name) => superviseRoom({ ...shared, name, main: `bots/${name}/main.ts`, readyLine: readyLine })),
  ]);
}

/** Why it is not a faster one is long; doctor and the log have it. */
function deviceLine(message: unknown): string {
  const [device = ''] = (message as { readonly device: string }).device.split(' (');
  return `${device}.`;
}

function readyLine(message: unknown): string {
  return `${(message as { readonly ready: string }).ready}.`;
}
