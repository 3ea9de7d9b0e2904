/** The web pages of a Woodshed that runs as one process tree: on a port that is found again, so that yesterday's links still lead here. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { LinkFiles } from '../activities/control/control-activities.ts';
import type { Store } from '../db/open-store.ts';
import type { Config } from '../runtime/config.ts';
import { createLinkMaker } from '../runtime/file-links.ts';
import type { Logger } from '../runtime/log.ts';
import { startWeb, USUAL_WEB_PORT } from '../web-auth/main.ts';
import type { WebServer } from '../web-auth/door/server.ts';

export interface HouseWebOptions {
  /** With at least one secret. */
  readonly config: Pick<Config, 'secrets' | 'web' | 'chats' | 'limits' | 'timing' | 'signIn'>;
  readonly store: Pick<Store, 'database' | 'blobs' | 'listener'>;
  readonly temporal: Client;
  /** Of the data folder. */
  readonly dataDir: string;
  readonly log: Logger;
}

export interface HouseWeb {
  /** Where links begin, no slash at their end. */
  readonly url: string;
  readonly linkFiles: LinkFiles;
  stop(): Promise<void>;
}

/** This machine alone; a proxy that brings others in runs here too. */
const HOST = '127.0.0.1';

/** @throws Error in plain words where a port that the operator chose is taken */
export async function openHouseWeb({ config, store, temporal, dataDir, log }: HouseWebOptions): Promise<HouseWeb> {
  const { url, port, linkHours } = config.web;
  const chosen = port ?? (url === null ? null : USUAL_WEB_PORT);
  const remembered = join(dataDir, 'web-port');
  const start = async (at: number): Promise<WebServer | null> =>
    await startWeb({ config, store, temporal, host: HOST, port: at, log }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
      throw error;
    });
  const server = (await start(chosen ?? readPort(remembered))) ?? (chosen === null ? await start(0) : null);
  if (server === null) {
    throw new Error(
      `port ${chosen ?? 0} of ${HOST} is taken, and the web pages need one; set WOODSHED_WEB_PORT to another`,
    );
  }
  if (chosen === null) writeFileSync(remembered, `${server.port}\n`, { mode: 0o600 });
  const webUrl = url ?? `http://${HOST}:${server.port}`;
  log.info({ port: server.port }, 'web is ready');
  return {
    url: webUrl,
    linkFiles: createLinkMaker({ secrets: config.secrets, webUrl, linkHours }),
    stop: server.stop,
  };
}

/** 0, which takes a free one, where there is none yet, or no port in the file. */
function readPort(path: string): number {
  try {
    const port = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
