/** The pages that browsers see: links to result files. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../db/open-store.ts';
import { ConfigError } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { createFileLinks } from '../runtime/file-links.ts';
import type { Logger } from '../runtime/log.ts';
import { runAsProcess, untilStopped } from '../stack/own-process.ts';
import { openWebServer } from './server.ts';
import type { WebServer } from './server.ts';

export interface WebOptions {
  readonly config: Pick<Config, 'secrets'> & { readonly web: Pick<Config['web'], 'url'> };
  readonly store: Pick<Store, 'database' | 'blobs'>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
}

/** Where neither the house nor the operator says otherwise. */
export const USUAL_WEB_PORT = 8080;
const READY_LIMIT_MS = 5000;

/** Answers until it is stopped. */
export async function startWeb({ config, store, host, port, log }: WebOptions): Promise<WebServer> {
  const links = createFileLinks(config.secrets);
  const url = config.web.url === null ? null : new URL(config.web.url);
  return await openWebServer({
    host,
    port,
    isHttps: url?.protocol === 'https:',
    basePath: url?.pathname.replace(/\/+$/u, '') ?? '',
    openLink: (token) => links.open(token, new Date()),
    blobs: store.blobs,
    isReady: async () => await Promise.race([answers(store), pause(READY_LIMIT_MS, false, { ref: false })]),
    log,
  });
}

async function answers({ database, blobs }: WebOptions['store']): Promise<boolean> {
  const looks = await Promise.allSettled([
    database.use(async (em) => await em.execute('select 1')),
    blobs.head('readyz'),
  ]);
  return looks.every(({ status }) => status === 'fulfilled');
}

if (import.meta.main) {
  await runAsProcess('web', async ({ config, store, log, stopping }) => {
    if (config.web.url === null) {
      throw new ConfigError(['WOODSHED_WEB_URL is not set, and web by itself needs it: links begin with it']);
    }
    const port = config.web.port ?? USUAL_WEB_PORT;
    const web = await startWeb({ config, store, host: '0.0.0.0', port, log });
    log.info({ port: web.port }, 'web is ready');
    await untilStopped(stopping);
    await web.stop();
  });
}
