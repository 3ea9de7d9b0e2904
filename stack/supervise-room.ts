/** A room that runs as a process of its own inside the house: it may die, is started again, and nobody waits for what it held. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { startChild } from '../runtime/child.ts';
import type { Config } from '../runtime/config.ts';
import type { DataFolder } from '../runtime/data-folder.ts';
import type { Logger } from '../runtime/log.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { supervise } from '../runtime/supervise.ts';
import type { Supervised } from '../runtime/supervise.ts';
import { releaseLeftWork, workerIdentity } from './left-work.ts';
import type { Services } from './services.ts';

/** It finishes what it is writing and ends; a kill would cost little more. */
const GRACE_MS = 15_000;
const RELEASE_LIMIT_MS = 10_000;

export interface RoomProcess {
  /** As a person reads it, and as its log file is called. */
  readonly name: string;
  /** The file to run, from the project's root. */
  readonly main: string;
  readonly config: Config;
  readonly folder: DataFolder;
  readonly services: Services;
  readonly client: Client;
  /** Put over this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Shown to whoever sits at the terminal. */
  readonly tell: (line: string) => void;
  /** Its first message to us, in words; sent when it is ready for work. */
  readonly readyLine: (message: unknown) => string | null;
}

/** Keeps the room running until it is stopped. Once `stop` resolves, nothing uses the client any more. */
export async function superviseRoom(room: RoomProcess): Promise<Supervised> {
  const { name, config, services, client, log } = room;
  const logFile = join(room.folder.logs, `${name}.log`);
  const env = ownEnvironment({
    ...room.env,
    DATABASE_URL: services.databaseUrl,
    TEMPORAL_ADDRESS: services.temporalAddress,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    WOODSHED_DATA: config.dataDir,
    WOODSHED_CACHE: config.cacheDir,
  });
  const ended = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let told = false;
  let stopping = false;

  function releaseWorkOfEnded(): void {
    if (stopping) return;
    const releasing = release().finally(() => underWay.delete(releasing));
    underWay.add(releasing);
  }

  async function release(): Promise<void> {
    try {
      const released = await client.withDeadline(
        Date.now() + RELEASE_LIMIT_MS,
        async () => await releaseLeftWork(client, (identity) => ended.has(identity)),
      );
      log.info({ room: name, released }, 'what ended processes held may go on');
    } catch (error) {
      log.warn({ err: error, room: name }, 'what ended processes held waits until their heartbeats are missed');
    }
  }

  const supervised = await supervise({
    async start(well) {
      const child = await startChild(process.execPath, [join(config.projectRoot, room.main)], {
        cwd: config.projectRoot,
        env,
        outputFile: logFile,
        killGraceMs: GRACE_MS,
        ipc: true,
      });
      void child.exited.then(({ code }) => {
        // A worker that ended as it was asked to holds nothing.
        if (code !== 0) {
          ended.add(workerIdentity(child.pid));
          releaseWorkOfEnded();
        }
      });
      child.child.on('message', (message) => {
        well();
        if (ended.size > 0) {
          // Again: the server may have given a task to the one that was about to die.
          releaseWorkOfEnded();
        }
        const line = told ? null : room.readyLine(message);
        told = true;
        if (line !== null) room.tell(line);
      });
      return child;
    },
    onExit({ code, signal, waitMs }) {
      log.error({ room: name, code, signal, waitMs }, 'a process ended and is started again');
      room.tell(
        `The ${name} stopped (${signal ?? `code ${String(code)}`}); starting it again. Its lines are in ${logFile}`,
      );
    },
    onFailure({ error, waitMs }) {
      log.error({ err: error, room: name, waitMs }, 'a process could not be started again');
    },
  });
  return {
    get pid() {
      return supervised.pid;
    },
    async stop() {
      stopping = true;
      await supervised.stop();
      await Promise.all(underWay);
    },
  };
}
