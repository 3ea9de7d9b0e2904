/** The web pages as `npm start` has them: links that lead to bytes, today and after the next start. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { openBlobStore } from '../db/blobs/open-blob-store.ts';
import { openListener } from '../db/listen.ts';
import { openDatabase } from '../db/orm.ts';
import type { Database } from '../db/orm.ts';
import { createRoomBeats } from '../db/room-beats.repository.ts';
import { createTestDatabase } from '../db/test-database.ts';
import type { TestDatabase } from '../db/test-database.ts';
import { loadConfig } from '../runtime/config.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { startTemporal } from '../runtime/embedded/temporal-server.ts';
import type { EmbeddedTemporal } from '../runtime/embedded/temporal-server.ts';
import { createLogger } from '../runtime/log.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import { openHouseWeb } from './house-web.ts';
import type { HouseWeb } from './house-web.ts';

const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
const SONG = new TextEncoder().encode('la la la');
let folder: string;
let dataDir: string;
let blobs: BlobStore;
let server: TestDatabase;
let database: Database;
let temporalServer: EmbeddedTemporal;
let connection: Connection;
const closing: (() => Promise<void>)[] = [];
let temporal: Client;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-house-web-'));
  blobs = await openBlobStore({ kind: 'folder', root: join(folder, 'blobs') });
  server = await createTestDatabase();
  temporalServer = await startTestTemporal();
  connection = await Connection.connect({ address: temporalServer.address });
  temporal = new Client({ connection });
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(folder, 'data-'));
  database = await openDatabase(server.url);
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await database.close();
});
after(async () => {
  await connection.close();
  await temporalServer.stop();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(web: { url?: string; port?: number } = {}): Promise<HouseWeb> {
  const config = {
    ...loadConfig({ env: {} }),
    secrets: ['5a'.repeat(16)],
    web: { url: web.url ?? null, consoleUrl: null, port: web.port ?? null, linkHours: 1 },
  };
  const listener = await openListener(server.url);
  closing.push(listener.close);
  const opened = await openHouseWeb({ config, store: { database, blobs, listener }, temporal, dataDir, log });
  closing.push(opened.stop);
  return opened;
}

async function linkTo(web: HouseWeb, fileName: string): Promise<string> {
  const blob = await blobs.put(`encoded/${fileName}`, once(SONG));
  const files = [{ name: 'vocals', fileName, blob, kind: 'sound', durationSeconds: 1 } as const];
  const [link] = await web.linkFiles({ jobId: 'any', files });
  return link?.url ?? '';
}

test('a link leads to its bytes, also after the next start', async () => {
  const first = await open();
  const link = await linkTo(first, 'vocals.mp3');
  assert.equal(link.slice(0, first.url.length + 3), `${first.url}/d/`);
  assert.equal(await (await fetch(link)).text(), 'la la la');
  await first.stop();
  await assert.rejects(fetch(link));
  const second = await open();
  assert.equal(second.url, first.url);
  assert.equal(await (await fetch(link)).text(), 'la la la');
});

test('where somebody else has the port now, another is taken and remembered', async () => {
  const first = await open();
  dataDir = await mkdtemp(join(folder, 'data-'));
  await writeFile(join(dataDir, 'web-port'), new URL(first.url).port);
  const second = await open();
  assert.notEqual(second.url, first.url);
  assert.equal(await (await fetch(await linkTo(second, 'drums.mp3'))).text(), 'la la la');
  assert.equal((await readFile(join(dataDir, 'web-port'), 'utf8')).trim(), new URL(second.url).port);
});

test('a port in no words that are known is as good as none', async () => {
  for (const text of ['', 'eighty', '70000', '-1', '80.5']) {
    await writeFile(join(dataDir, 'web-port'), text);
    const web = await open();
    assert.equal((await fetch(`${web.url}/healthz`)).status, 200, text);
  }
});

test('the operator’s port is that or none; links begin with the operator’s address', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  await assert.rejects(open({ url: 'https://band.example', port }), /is taken.*WOODSHED_WEB_PORT/u);
  await new Promise((resolve) => taken.close(resolve));
  const web = await open({ url: 'https://band.example/woodshed', port });
  const link = await linkTo(web, 'bass.mp3');
  assert.match(link, /^https:\/\/band\.example\/woodshed\/d\/[\w-]+$/u);
  const answer = await fetch(`http://127.0.0.1:${port}${new URL(link).pathname}`);
  assert.equal(await answer.text(), 'la la la');
  assert.ok(answer.headers.has('strict-transport-security'));
  await assert.rejects(readFile(join(dataDir, 'web-port')), { code: 'ENOENT' });
});

test('ready while all parts answer, and not any more once one is gone; alive all the same', async () => {
  const shortLived = await createTestDatabase();
  database = await openDatabase(shortLived.url);
  const beats = createRoomBeats(database);
  const web = await open();
  const status = async (page: string): Promise<number> => (await fetch(`${web.url}/${page}`)).status;
  const missing = async (): Promise<string> => (await (await fetch(`${web.url}/readyz`)).text()).trim();
  assert.deepEqual([await status('healthz'), await status('readyz')], [200, 200]);
  assert.match(await (await fetch(`${web.url}/metrics`)).text(), /^woodshed_up\{part="temporal"\} 1$/mu);
  const forwarded = await fetch(`${web.url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
  assert.equal(forwarded.status, 404, 'nobody from outside');

  await beats.beat('discord', true);
  assert.equal(await missing(), 'Ready.');
  await beats.beat('discord', false);
  assert.equal(await missing(), 'No answer from: discord.');
  await beats.beat('discord', true);
  // A process that died says nothing any more.
  await database.use(async (em) => await em.execute(`update room_beat set beat_at = now() - interval '5 seconds'`));
  assert.equal(await missing(), 'No answer from: discord.');
  await beats.beat('discord', true);

  await temporalServer.stop();
  assert.equal(await missing(), 'No answer from: temporal.');
  await shortLived.close();
  assert.deepEqual([await status('healthz'), await status('readyz')], [200, 503]);
  assert.match(await missing(), /^No answer from: database, temporal/u);
});

async function startTestTemporal(): Promise<EmbeddedTemporal> {
  const { cacheDir, projectRoot } = loadConfig({ env: { WOODSHED_CACHE: process.env.WOODSHED_CACHE } });
  const temporalDir = join(folder, 'temporal');
  await mkdir(temporalDir, { mode: 0o700 });
  const toolsDir = join(projectRoot, 'tools');
  const { path } = await findTemporal({ cacheDir, toolsDir, log, progress: () => undefined });
  return await startTemporal({ dataDir: temporalDir, binaryPath: path, log, namespace: 'default' });
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
