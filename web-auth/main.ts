/** The pages that browsers see: links to result files. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { createAudit } from '../db/audit.repository.ts';
import type { Store } from '../db/open-store.ts';
import { createWebSessions } from '../db/web-sessions.repository.ts';
import { ConfigError } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { createFileLinks } from '../runtime/file-links.ts';
import type { Logger } from '../runtime/log.ts';
import { runAsProcess, untilStopped } from '../stack/own-process.ts';
import { createWebApp } from './app.ts';
import { answerNotFound } from './door/plain-answer.ts';
import { openWebServer } from './door/server.ts';
import type { WebServer } from './door/server.ts';
import { loadAssets } from './look/assets.ts';
import type { Assets } from './look/assets.ts';
import { createPages } from './look/page.ts';
import { createSessions } from './sign-in/sessions.ts';
import type { PageRoom, WebDeps, WebPlace } from './web.ts';

export interface WebOptions {
  readonly config: Pick<Config, 'secrets'> & { readonly web: Pick<Config['web'], 'url'> };
  readonly store: Pick<Store, 'database' | 'blobs' | 'listener'>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
}

/** Where neither the house nor the operator says otherwise. */
export const USUAL_WEB_PORT = 8080;
const READY_LIMIT_MS = 5000;
/** Whatever can be looked at, but links to files. */
const ROOMS: readonly PageRoom[] = [];

/** Answers until it is stopped. */
export async function startWeb({ config, store, host, port, log }: WebOptions): Promise<WebServer> {
  const links = createFileLinks(config.secrets);
  const assets = loadAssets();
  const url = config.web.url === null ? null : new URL(config.web.url);
  let pages: RequestListener = (_request, response) => answerNotFound(response);
  const server = await openWebServer({
    host,
    port,
    isHttps: url?.protocol === 'https:',
    basePath: basePathOf(url),
    openLink: (token) => links.open(token, new Date()),
    blobs: store.blobs,
    isReady: async () => await Promise.race([answers(store), pause(READY_LIMIT_MS, false, { ref: false })]),
    pages: async (request, response) => await pages(request, response),
    log,
  });
  // Which address is ours is known once a port is.
  pages = openPages({ store, log, assets, place: placeOf(url ?? new URL(`http://${host}:${server.port}`)) });
  return server;
}

interface PagesOptions extends Pick<WebOptions, 'store' | 'log'> {
  readonly assets: Assets;
  readonly place: WebPlace;
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

function openPages({ store, log, assets, place }: PagesOptions): RequestListener {
  const { basePath, isHttps } = place;
  const deps: WebDeps = {
    place,
    ...store,
    sessions: createSessions({ store: createWebSessions(store.database), isHttps }),
    audit: createAudit(store.database),
    pages: createPages({ basePath, assets }),
    log,
  };
  const app = createWebApp({ deps, assets, rooms: ROOMS });
  // The name that a request says it came by is anybody's; addresses are made of the configuration.
  return getRequestListener(app.fetch, { hostname: new URL(place.origin).host, overrideGlobalObjects: false });
}

function placeOf(url: URL): WebPlace {
  return { origin: url.origin, basePath: basePathOf(url), isHttps: url.protocol === 'https:' };
}

function basePathOf(url: URL | null): string {
  return url?.pathname.replace(/\/+$/u, '') ?? '';
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
