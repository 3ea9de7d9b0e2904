import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { openBlobStore } from '../../db/blobs/open-blob-store.ts';
import { createAudit } from '../../db/audit.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import type { AcceptedEvent } from '../../db/inbox.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import { createUploads } from '../../db/uploads.repository.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { UploadOrder } from '../../workflows/contract/upload.ts';
import { openPagesServer } from '../pages.test-kit.ts';
import { finishUpload } from './finish-upload.ts';
import { uploadPages } from './upload-pages.ts';

const MEGABYTE = 1024 * 1024;
const SONG = randomBytes(9 * MEGABYTE + 12_345);
const TUS = { 'Tus-Resumable': '1.0.0' };
const ORDER: UploadOrder = {
  address: { platform: 'telegram', botId: '7', chatId: '-100', threadId: null },
  requester: { platform: 'telegram', userId: '1', displayName: 'Ada <b>' },
  command: { kind: 'split', strategy: 'vocals', quality: 'fast', format: 'mp3', pick: { kind: 'all' } },
};

let folder: string;
let blobs: BlobStore;
let server: TestDatabase;
let database: Database;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-upload-'));
  blobs = await openBlobStore({ kind: 'folder', root: folder });
  server = await createTestDatabase();
  database = await openDatabase(server.url);
});
after(async () => {
  await database.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function openUploads(t: TestContext): Promise<string> {
  const rooms = [uploadPages({ largestUploadBytes: 20 * MEGABYTE })];
  const { origin } = await openPagesServer(t, { database, databaseUrl: server.url, blobs, rooms });
  return origin;
}

async function ticket(eventKey: string = randomUUID(), hours = 1): Promise<string> {
  const event = { platform: 'telegram', botId: '7', eventKey } as const;
  return (await createUploads(database).make(event, ORDER, hours)).token;
}

/** As tus-js-client asks for it. */
async function create(origin: string, token: string, bytes: number, name = 'song.wav'): Promise<Response> {
  const metadata = `filename ${Buffer.from(name).toString('base64')}`;
  const headers = { ...TUS, Origin: origin, 'Upload-Length': String(bytes), 'Upload-Metadata': metadata };
  return await fetch(`${origin}/u/${token}/file`, { method: 'POST', headers });
}

async function send(origin: string, token: string, offset: number, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const type = 'application/offset+octet-stream';
  const headers = { ...TUS, Origin: origin, 'Upload-Offset': String(offset), 'Content-Type': type };
  return await fetch(`${origin}/u/${token}/file/0`, { method: 'PATCH', headers, body });
}

async function offsetOf(origin: string, token: string): Promise<string | null> {
  const { headers } = await fetch(`${origin}/u/${token}/file/0`, { method: 'HEAD', headers: TUS });
  return headers.get('upload-offset');
}

async function started(): Promise<AcceptedEvent[]> {
  const events: AcceptedEvent[] = [];
  await createInbox(database).relay(async (event) => void events.push(event), 100);
  return events;
}

async function bytesOf(key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(key)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function keysBelow(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list(prefix)) keys.push(key);
  return keys;
}

test('a song that comes in pieces is one job, whatever is sent twice', async (t) => {
  const origin = await openUploads(t);
  const token = await ticket();
  const created = await create(origin, token, SONG.length, 'Ünser Lied.wav');
  assert.equal(created.status, 201);
  assert.equal(created.headers.get('location'), `${origin}/u/${token}/file/0`);
  const half = 5 * MEGABYTE;
  assert.equal((await send(origin, token, 0, new Uint8Array(SONG.subarray(0, half)))).status, 204);
  assert.equal((await send(origin, token, 0, new Uint8Array(SONG.subarray(0, half)))).status, 409, 'the same again');
  assert.equal(await offsetOf(origin, token), String(half));
  assert.deepEqual(await started(), []);
  assert.equal((await send(origin, token, half, new Uint8Array(SONG.subarray(half)))).status, 204);
  const events = await started();
  assert.equal(events.length, 1);
  const { payload } = events[0] as AcceptedEvent;
  assert.ok(payload.kind === 'job' && payload.request.command.source.kind === 'uploaded');
  const { source } = payload.request.command;
  assert.deepEqual([source.name, source.bytes], ['Ünser Lied.wav', SONG.length]);
  assert.deepEqual(payload.request.requester, ORDER.requester);
  assert.ok((await bytesOf(source.key)).equals(SONG));
  assert.deepEqual(await keysBelow('uploads/'), [], 'no piece is left');
  assert.notEqual((await send(origin, token, SONG.length, new Uint8Array(1))).status, 204);
  assert.match(await (await fetch(`${origin}/u/${token}`)).text(), /It is here/u);
  assert.deepEqual(await started(), []);
  assert.equal((await createAudit(database).list(1))[0]?.kind, 'upload.finished');
});

test('a connection that breaks costs a piece at most, and the rest goes on', async (t) => {
  const origin = await openUploads(t);
  const token = await ticket();
  await create(origin, token, SONG.length);
  const broken = new AbortController();
  async function* breaking(): AsyncIterable<Uint8Array> {
    yield SONG.subarray(0, 6 * MEGABYTE);
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    broken.abort();
  }
  const headers = {
    ...TUS,
    Origin: origin,
    'Upload-Offset': '0',
    'Content-Type': 'application/offset+octet-stream',
  };
  const options = { method: 'PATCH', headers, body: breaking(), duplex: 'half' as const, signal: broken.signal };
  await assert.rejects(fetch(`${origin}/u/${token}/file/0`, options));
  let at = 0;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline && at < 4 * MEGABYTE;) {
    at = Number(await offsetOf(origin, token));
  }
  assert.ok(at >= 4 * MEGABYTE && at <= 6 * MEGABYTE, String(at));
  let answer = 423;
  // What broke off holds its lock for a moment.
  for (const deadline = Date.now() + 30_000; answer === 423 && Date.now() < deadline;) {
    at = Number(await offsetOf(origin, token));
    answer = (await send(origin, token, at, new Uint8Array(SONG.subarray(at)))).status;
  }
  assert.equal(answer, 204);
  const [event] = await started();
  assert.ok(event?.payload.kind === 'job' && event.payload.request.command.source.kind === 'uploaded');
  assert.ok((await bytesOf(event.payload.request.command.source.key)).equals(SONG));
});

test('what a process left between the last byte and the job is taken up by the next, once', async (t) => {
  const uploads = createUploads(database);
  const token = await ticket();
  const { id } = (await uploads.find(token)) ?? assert.fail('no ticket');
  assert.ok(await uploads.declare(id, { fileName: 'left.wav', sizeBytes: 5 }));
  async function* once(): AsyncIterable<Uint8Array> {
    yield Buffer.from('hello');
  }
  await blobs.put(`uploads/${id}/${'0'.repeat(14)}`, once());
  assert.ok(await uploads.advance(id, 0, 5));
  await openUploads(t);
  let events: AcceptedEvent[] = [];
  for (const deadline = Date.now() + 20_000; Date.now() < deadline && events.length === 0;) events = await started();
  assert.equal(events.length, 1);
  const whole = (await uploads.find(token)) ?? assert.fail('no ticket');
  assert.equal(whole.state, 'started');
  await finishUpload({ ...whole, state: 'whole' }, { uploads, blobs, audit: createAudit(database) }).catch(
    () => undefined,
  );
  assert.deepEqual(await started(), []);
});

test('another file may take the place of one that was begun; too large a one may not, nor a stranger’s', async (t) => {
  const origin = await openUploads(t);
  const token = await ticket();
  assert.equal((await create(origin, token, 21 * MEGABYTE)).status, 413);
  await create(origin, token, 1000);
  await send(origin, token, 0, new Uint8Array(400));
  assert.notEqual((await create(origin, token, 2000)).status, 201, 'one at a time');
  const gone = await fetch(`${origin}/u/${token}/file/0`, { method: 'DELETE', headers: { ...TUS, Origin: origin } });
  assert.equal(gone.status, 204);
  assert.equal((await create(origin, token, 2000)).status, 201);
  assert.equal(await offsetOf(origin, token), '0');

  const made = await fetch(`${origin}/u/${token}/file`, { method: 'POST', headers: { ...TUS, 'Upload-Length': '5' } });
  assert.equal(made.status, 403, 'from no page of ours');
  for (const wrong of ['x'.repeat(43), token.toLowerCase().slice(1)]) {
    assert.equal((await create(origin, wrong, 5)).status, 404);
    assert.equal((await fetch(`${origin}/u/${wrong}`)).status, 404);
  }
});

test('asked again, the ticket is the same, and only its newest link is good; an old one is over', async (t) => {
  const origin = await openUploads(t);
  const key = randomUUID();
  const first = await ticket(key);
  const second = await ticket(key);
  assert.equal((await fetch(`${origin}/u/${first}`)).status, 404);
  const page = await fetch(`${origin}/u/${second}`);
  const text = await page.text();
  assert.equal(page.status, 200);
  assert.match(text, /For Ada &lt;b&gt;/u);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.ok(policy.includes("script-src 'self'") && !policy.includes('unsafe'));
  const over = await ticket(randomUUID(), 0);
  assert.equal((await fetch(`${origin}/u/${over}`)).status, 404);
});
