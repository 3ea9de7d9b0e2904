/** A stack of its own in a temporary folder, every room a process that may be killed. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { openStore } from '../../db/open-store.ts';
import type { Store } from '../../db/open-store.ts';
import { SEPARATORS } from '../../gpu-worker/separators/registry.ts';
import { loadConfig } from '../../runtime/config.ts';
import { acquireStack } from '../../runtime/data-folder.ts';
import type { Logger } from '../../runtime/log.ts';
import { ownEnvironment } from '../../runtime/own-environment.ts';
import type { Supervised } from '../../runtime/supervise.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { openServices } from '../../stack/services.ts';
import type { Family } from '../../stack/family.test-kit.ts';
import { superviseRoom } from '../../stack/supervise-room.ts';
import { kill } from './kill.ts';

/** The default strategy needs no weights; shares are no part of this test; waits are short, as kills are many. */
const CONFIG = `
strategies:
  mid-side: { _: mid-side, mid: mid, side: side }
defaults: { strategy: mid-side, quality: fast, format: wav }
shares: { jobsPerMemberAndHour: 100000, audioMinutesPerBandAndDay: 100000, megabytesPerBandAndDay: 1000000, commandsPerMemberAndMinute: 100000 }
compute: { device: cpu, threads: 1, chunkSeconds: 1 }
media: { slots: 2 }
timing: { computeHeartbeatSeconds: 5, mediaHeartbeatSeconds: 5, retrySeconds: 0.5 }
`;
/** Few people send for many: their songs do not wait for each other. All of a run share these turns. */
export const CONFIG_OF_FEW = `${CONFIG}turns: { shared: 1000 }\n`;

const ROOMS = {
  control: 'activities/main.ts',
  'gpu-worker': 'gpu-worker/main.ts',
  discord: 'bots/discord/main.ts',
  slack: 'bots/slack/main.ts',
  telegram: 'bots/telegram/main.ts',
} as const;
export type RoomName = keyof typeof ROOMS;
export const WORKERS: readonly RoomName[] = ['control', 'gpu-worker'];

export interface SoakHouse {
  readonly store: Store;
  readonly client: Client;
  readonly bots: readonly RoomName[];
  /** Of the process that runs now; null between two. */
  pidOf(room: RoomName): number | null;
  serverPid(server: 'postgres' | 'temporal'): number | null;
  /** SIGKILL to every room. None comes back before `up`, and who starts them then knows nothing of what they held. */
  takeDown(family: Family): Promise<TakenDown>;
  stop(): Promise<void>;
}

export interface TakenDown {
  readonly pids: readonly number[];
  /** Children that lived two seconds longer, as command lines. */
  readonly orphans: readonly string[];
  up(): Promise<void>;
}

export interface SoakHouseOptions {
  readonly folder: string;
  /** In place of the soak's own `woodshed.yaml`. */
  readonly config?: string;
  /** Points the bots at their platforms. */
  readonly env: Readonly<Record<string, string>>;
  readonly bots: readonly RoomName[];
  readonly log: Logger;
  readonly tell: (line: string) => void;
}

export async function openSoakHouse({
  folder,
  config: yaml = CONFIG,
  env,
  bots,
  log,
  tell,
}: SoakHouseOptions): Promise<SoakHouse> {
  const configFile = join(folder, 'woodshed.yaml');
  await writeFile(configFile, yaml);
  const roomEnv = {
    // Nobody signs in while machines die.
    WOODSHED_LINKING: 'never',
    // What a chat cannot be shown for certain stands behind a link.
    WOODSHED_WEB_URL: 'https://woodshed.example',
    ...env,
    WOODSHED_CONFIG: configFile,
    WOODSHED_DATA: join(folder, 'data'),
    WOODSHED_LOG_LEVEL: 'warn',
    WOODSHED_SECRET: randomBytes(48).toString('base64url'),
  };
  const config = loadConfig({
    env: ownEnvironment(roomEnv),
    slotsOf: (separator) => SEPARATORS.get(separator)?.slots ?? null,
  });
  const owner = await acquireStack(config.dataDir);
  if (owner.role === 'guest') throw new Error(`something runs on ${config.dataDir} already`);
  const stops: (() => Promise<void>)[] = [async () => owner.release()];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.toReversed()) await stopOne();
  };
  try {
    const services = await openServices({ config, folder: owner.folder, log, tell });
    stops.push(services.stop);
    const store = await openStore(services.databaseUrl, { s3: config.s3, folder: owner.folder.blobs }, (error) => {
      log.warn({ err: error }, 'the listening connection to the database was lost');
    });
    stops.push(store.close);
    const temporal = await connectTemporal(services.temporalAddress, config.temporal.namespace);
    stops.push(temporal.close);
    const rooms = new Map<RoomName, Supervised>();
    const openRooms = async (): Promise<void> => {
      for (const name of [...WORKERS, ...bots]) {
        const room = await superviseRoom({
          name,
          main: ROOMS[name],
          config,
          folder: owner.folder,
          services,
          client: temporal.client,
          env: roomEnv,
          log,
          tell: () => undefined,
          readyLine: () => null,
        });
        rooms.set(name, room);
      }
    };
    const closeRooms = async (): Promise<void> => {
      const open = [...rooms.values()];
      rooms.clear();
      await Promise.all(open.map(async (room) => await room.stop()));
    };
    await openRooms();
    stops.push(closeRooms);
    return {
      store,
      client: temporal.client,
      bots,
      pidOf: (room) => rooms.get(room)?.pid ?? null,
      serverPid: (server) => services.servers[server]?.pid ?? null,
      async takeDown(family) {
        const pids = [...rooms.values()].flatMap(({ pid }) => pid ?? []);
        const killed = pids.flatMap((pid) => kill(family, pid) ?? []);
        await closeRooms();
        const orphans = await Promise.all(killed.map(async (one) => await one.orphans));
        return { pids, orphans: orphans.flat(), up: openRooms };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
