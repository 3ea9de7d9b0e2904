/** Rooms of pages on a free port of this machine, with sessions for whoever is to look. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createAudit } from '../db/audit.repository.ts';
import { openListener } from '../db/listen.ts';
import { openBlobStore } from '../db/blobs/open-blob-store.ts';
import { openDatabase } from '../db/orm.ts';
import type { Database } from '../db/orm.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { createWebSessions } from '../db/web-sessions.repository.ts';
import { createLogger } from '../runtime/log.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import { getRequestListener } from '@hono/node-server';
import { createWebApp } from './app.ts';
import { openWebServer } from './door/server.ts';
import { answerNotFound } from './door/plain-answer.ts';
import { loadAssets } from './look/assets.ts';
import { createPages } from './look/page.ts';
import { createSessions } from './sign-in/sessions.ts';
import type { Sessions } from './sign-in/sessions.ts';
import type { PageRoom, WebDeps } from './web.ts';

export interface PagesServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  readonly sessions: Sessions;
  readonly deps: WebDeps;
  /** A `Cookie` header of this member's. */
  signIn(memberId: string): Promise<string>;
}

export interface PagesOptions {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly blobs: BlobStore;
  readonly rooms: readonly PageRoom[];
}

/** A test, or whatever else ends at some time. */
export interface Scope {
  after(close: () => Promise<void>): void;
}

/** What pages stand on: a database of their own, and a folder for blobs. */
export interface PagesBench {
  readonly database: Database;
  readonly databaseUrl: string;
  /** For what no repository says. */
  readonly client: Client;
  /** Of the blobs, and of whatever else a test writes. */
  readonly folder: string;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

/** @param name in the folder's name */
export async function openPagesBench(name: string): Promise<PagesBench> {
  const folder = await mkdtemp(join(tmpdir(), `woodshed-${name}-`));
  const { url: databaseUrl, close } = await createTestDatabase();
  const database = await openDatabase(databaseUrl);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    database,
    databaseUrl,
    client,
    folder,
    blobs: await openBlobStore({ kind: 'folder', root: join(folder, 'blobs') }),
    async close() {
      await client.end();
      await database.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const MANY = { atOnce: 1000, perMinute: 1_000_000, most: 1000 };

export async function openPagesServer(t: Scope, options: PagesOptions): Promise<PagesServer> {
  const { database, blobs, rooms } = options;
  const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
  const assets = loadAssets();
  const listener = await openListener(options.databaseUrl);
  const stopping = new AbortController();
  let pages: (...asked: Parameters<ReturnType<typeof getRequestListener>>) => unknown = (_request, response) =>
    answerNotFound(response as Parameters<typeof answerNotFound>[0]);
  const server = await openWebServer({
    host: '127.0.0.1',
    port: 0,
    isHttps: false,
    basePath: '',
    openLink: () => ({ state: 'unknown' }),
    blobs,
    parts: async () => await Promise.resolve([]),
    metrics: null,
    limits: MANY,
    pages: async (request, response) => void (await pages(request, response)),
    log,
  });
  t.after(async () => {
    stopping.abort();
    await server.stop();
    await listener.close();
  });
  const origin = `http://127.0.0.1:${String(server.port)}`;
  const sessions = createSessions({ store: createWebSessions(database), isHttps: false });
  const deps: WebDeps = {
    place: { origin, basePath: '', isHttps: false },
    database,
    listener,
    blobs,
    sessions,
    audit: createAudit(database),
    pages: createPages({ basePath: '', assets }),
    stopping: stopping.signal,
    log,
  };
  const app = createWebApp({ deps, assets, rooms });
  pages = getRequestListener(app.fetch, { hostname: new URL(origin).host, overrideGlobalObjects: false });
  return {
    origin,
    sessions,
    deps,
    signIn: async (memberId) => (await sessions.open(memberId)).split(';')[0] ?? '',
  };
}
