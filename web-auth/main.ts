/** The pages that browsers see: links to result files. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import { createAudit } from '../db/audit.repository.ts';
import type { Store } from '../db/open-store.ts';
import { createWebSessions } from '../db/web-sessions.repository.ts';
import { ConfigError } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { createFileLinks } from '../runtime/file-links.ts';
import { createSeal } from '../runtime/seal.ts';
import type { Logger } from '../runtime/log.ts';
import { runAsProcess, untilStopped } from '../stack/own-process.ts';
import { resealAll } from './accounts/reseal.ts';
import { accountsRoom } from './accounts/room.ts';
import { createWebApp } from './app.ts';
import { answerNotFound } from './door/plain-answer.ts';
import { openWebServer } from './door/server.ts';
import type { WebServer } from './door/server.ts';
import { memberAccess, sharedAccess } from './library/access.ts';
import { libraryPages } from './library/library-pages.ts';
import { loadAssets } from './look/assets.ts';
import type { Assets } from './look/assets.ts';
import { createPages } from './look/page.ts';
import { createStartRendering } from './mixer/start-rendering.ts';
import { recordingRoutes } from './mixer/recording-routes.ts';
import type { MixerParts } from './mixer/recording-routes.ts';
import { createTemporalLook } from './ops/ask-temporal.ts';
import { createMetrics } from './ops/metrics.ts';
import { lookAtParts } from './ops/readiness.ts';
import type { Part } from './ops/readiness.ts';
import { createSignInParts } from './sign-in/parts.ts';
import { signInRoom } from './sign-in/room.ts';
import { createSessions } from './sign-in/sessions.ts';
import type { SignInParts } from './sign-in/settings.ts';
import { tabPages } from './tab/tab-pages.ts';
import { uploadPages } from './upload/upload-pages.ts';
import type { PageRoom, WebDeps, WebPlace } from './web.ts';

export interface WebOptions {
  readonly config: Pick<Config, 'secrets' | 'chats' | 'limits' | 'timing' | 'signIn'> & {
    readonly web: Pick<Config['web'], 'url' | 'linkHours'>;
  };
  readonly store: Pick<Store, 'database' | 'blobs' | 'listener'>;
  readonly temporal: Client;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
}

const HOUR_MS = 3_600_000;
/** Where neither the house nor the operator says otherwise. */
export const USUAL_WEB_PORT = 8080;
/** Whatever can be looked at, but links to files. */
function roomsOf(
  { config, store, temporal }: WebOptions,
  { basePath }: WebPlace,
  signIn: SignInParts | null,
): readonly PageRoom[] {
  const links = createFileLinks(config.secrets);
  const mixer: MixerParts = {
    startRendering: createStartRendering(temporal, config.timing),
    linkTo: (file) => `${basePath}/d/${links.sign(file, new Date(Date.now() + config.web.linkHours * HOUR_MS))}`,
  };
  return [
    ...(signIn === null ? [] : [signInRoom(signIn), accountsRoom(signIn)]),
    libraryPages,
    uploadPages(config.limits),
    recordingRoutes({ prefix: '/r/:id', resolve: memberAccess(store), ...mixer }),
    tabPages({ prefix: '/r/:id', resolve: memberAccess(store) }),
    recordingRoutes({ prefix: '/s/:token', resolve: sharedAccess(store), ...mixer }),
  ];
}

/** Answers until it is stopped. */
export async function startWeb(options: WebOptions): Promise<WebServer> {
  const { config, store, temporal, host, port, log } = options;
  const stopping = new AbortController();
  const links = createFileLinks(config.secrets);
  const assets = loadAssets();
  const chats = Object.entries(config.chats).flatMap(([name, chat]) => (chat === null ? [] : [name]));
  const temporalLook = createTemporalLook(temporal);
  const parts = async (): Promise<readonly Part[]> =>
    await lookAtParts({ ...store, askTemporal: temporalLook.ask, chats });
  const metrics = createMetrics(store.database, parts);
  const url = config.web.url === null ? null : new URL(config.web.url);
  const signIn = signInPartsOf(options);
  let pages: RequestListener = (_request, response) => answerNotFound(response);
  const server = await openWebServer({
    host,
    port,
    isHttps: url?.protocol === 'https:',
    basePath: basePathOf(url),
    openLink: (token) => links.open(token, new Date()),
    blobs: store.blobs,
    parts,
    metrics,
    pages: async (request, response) => await pages(request, response),
    log,
  });
  // Which address is ours is known once a port is.
  const place = placeOf(url ?? new URL(`http://${host}:${server.port}`));
  pages = openPages(options, { assets, place, signIn, stopping: stopping.signal });
  const sealing = signIn === null ? null : sealAnew(signIn, stopping.signal, log);
  return {
    port: server.port,
    async stop() {
      stopping.abort();
      await server.stop();
      await sealing;
      await temporalLook.settle();
      metrics.stop();
    },
  };
}

/** Null where there is no secret to seal with. */
function signInPartsOf({ config, store }: WebOptions): SignInParts | null {
  if (config.secrets.length === 0) return null;
  return createSignInParts(store.database, config.signIn, createSeal(config.secrets, 'accounts'));
}

/** Beside everything else: what was sealed under an earlier secret opens meanwhile. */
async function sealAnew(signIn: SignInParts, stopping: AbortSignal, log: Logger): Promise<void> {
  try {
    const count = await resealAll(signIn.seal, signIn, stopping);
    if (count > 0) log.info({ count }, 'what was sealed under an earlier WOODSHED_SECRET is sealed under the first');
  } catch (error) {
    log.error({ err: error }, 'something sealed opens under none of the secrets in WOODSHED_SECRET; is one missing?');
  }
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

function openPages(
  options: WebOptions,
  {
    assets,
    place,
    signIn,
    stopping,
  }: Pick<WebDeps, 'place' | 'stopping'> & { readonly assets: Assets; readonly signIn: SignInParts | null },
): RequestListener {
  const { store, log } = options;
  const { basePath, isHttps } = place;
  const deps: WebDeps = {
    place,
    ...store,
    sessions: createSessions({ store: createWebSessions(store.database), isHttps }),
    audit: createAudit(store.database),
    pages: createPages({ basePath, assets }),
    stopping,
    log,
  };
  const app = createWebApp({ deps, assets, rooms: roomsOf(options, place, signIn) });
  // The name that a request says it came by is anybody's; addresses are made of the configuration.
  return getRequestListener(app.fetch, { hostname: new URL(place.origin).host, overrideGlobalObjects: false });
}

function placeOf(url: URL): WebPlace {
  return { origin: url.origin, basePath: basePathOf(url), isHttps: url.protocol === 'https:' };
}

function basePathOf(url: URL | null): string {
  return url?.pathname.replace(/\/+$/u, '') ?? '';
}

if (import.meta.main) {
  await runAsProcess('web', async ({ config, store, temporal, log, stopping }) => {
    if (config.web.url === null) {
      throw new ConfigError(['WOODSHED_WEB_URL is not set, and web by itself needs it: links begin with it']);
    }
    const port = config.web.port ?? USUAL_WEB_PORT;
    const web = await startWeb({ config, store, temporal: temporal.client, host: '0.0.0.0', port, log });
    log.info({ port: web.port }, 'web is ready');
    await untilStopped(stopping);
    await web.stop();
  });
}
