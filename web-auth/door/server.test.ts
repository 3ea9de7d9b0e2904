/** What the door lets in, over real HTTP. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBlobStore } from '../../db/blobs/open-blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { createFileLinks } from '../../runtime/file-links.ts';
import { openDoor } from './door.test-kit.ts';

const SONG = new TextEncoder().encode('la la la');
const ROOMY = { atOnce: 100, perMinute: 100_000, most: 10 };
let root: string;
let blobs: BlobStore;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'woodshed-door-'));
  blobs = await openBlobStore({ kind: 'folder', root });
});
after(async () => {
  await rm(root, { recursive: true, force: true });
});

test('a token with any byte changed leads nowhere, with one and the same answer', async (t) => {
  const door = await openDoor(t, blobs, { limits: ROOMY });
  const path = await door.store('encoded/a.mp3', SONG, 'a.mp3');
  const nothing = await door.ask('/d/nothing');
  assert.equal(nothing.status, 404);
  const token = path.slice('/d/'.length);
  const paths = [...token].map((character, at) => {
    const other = character === 'A' ? 'B' : 'A';
    return `/d/${token.slice(0, at)}${other}${token.slice(at + 1)}`;
  });
  for (const forged of [...paths, `${path}A`, path.slice(0, -1), `/d/${'A'.repeat(3000)}`]) {
    const { status, body, headers } = await door.ask(forged);
    assert.equal(status, 404, forged);
    assert.deepEqual(body, nothing.body);
    assert.deepEqual(Object.keys(headers), Object.keys(nothing.headers));
  }
  const foreign = createFileLinks(['ee'.repeat(16)]).sign(
    { key: 'encoded/a.mp3', sha256: '00'.repeat(32), fileName: 'a' },
    new Date(0),
  );
  assert.equal((await door.ask(`/d/${foreign}`)).status, 404);
  assert.equal((await door.ask(path)).status, 200);
});

test('no other spelling of a path leads to a file', async (t) => {
  const door = await openDoor(t, blobs, { limits: ROOMY });
  const path = await door.store('encoded/b.mp3', SONG, 'b.mp3');
  const token = path.slice('/d/'.length);
  for (const trick of [
    '/',
    '/d',
    '/d/',
    `/D/${token}`,
    `//d/${token}`,
    `/./d/${token}`,
    `/x/../d/${token}`,
    `/d//${token}`,
    `/d/${token}/`,
    `/d/${token}%00`,
    `/d/${token}%20`,
    `/d/%2e%2e/d/${token}`,
    `/d/..%2f..%2fetc/passwd`,
    '/d/../../../../etc/passwd',
    '/d/encoded/b.mp3',
    '/encoded/b.mp3',
    `/d/${encodeURIComponent(`${token}.`)}`,
    `/d/${token};a=b`,
    `http://127.0.0.1/d/${token}`,
    '*',
    '/healthz/',
    '/favicon.ico',
  ]) {
    const { status, body } = await door.ask(trick);
    assert.equal(status, 404, trick);
    assert.equal(body.toString(), 'There is nothing here.\n', trick);
  }
});

test('a link that has ended says so in a plain sentence', async (t) => {
  const door = await openDoor(t, blobs);
  const path = await door.store('encoded/c.mp3', SONG, 'c.mp3', -1);
  const { status, body, headers } = await door.ask(path);
  assert.equal(status, 410);
  assert.equal(body.toString(), 'This link has ended. Ask for the song again in the chat, and there is a new one.\n');
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  const head = await door.ask(path, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body.length], [410, 0]);
});

test('every answer is closed to browsers that would run, frame, guess or pass on', async (t) => {
  const door = await openDoor(t, blobs, { isHttps: true });
  const plain = await openDoor(t, blobs);
  const path = await door.store('encoded/d.json', SONG, 'd.html');
  for (const asked of [path, `${path}x`, '/healthz', '/readyz']) {
    const { headers } = await door.ask(asked);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.match(headers['content-security-policy'] as string, /^default-src 'none';/u);
    assert.match(headers['cache-control'] ?? '', /^private, /u);
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    assert.equal((await plain.ask(asked)).headers['strict-transport-security'], undefined);
  }
  assert.equal((await door.ask(path)).headers['content-type'], 'application/octet-stream');
});

test('nothing but reading', async (t) => {
  const door = await openDoor(t, blobs);
  const path = await door.store('encoded/e.mp3', SONG, 'e.mp3');
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
    const { status, headers } = await door.ask(path, { method });
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
  }
});

test('an address that asks too much waits; health is never refused', async (t) => {
  const door = await openDoor(t, blobs, { limits: { atOnce: 5, perMinute: 3, most: 10 } });
  const path = await door.store('encoded/f.mp3', SONG, 'f.mp3');
  const from = async (address: string) => await door.ask(path, { headers: { 'x-forwarded-for': address } });
  for (const wanted of [200, 200, 200, 429]) assert.equal((await from('198.51.100.1')).status, wanted);
  const { headers } = await from('198.51.100.1');
  assert.ok(Number(headers['retry-after']) >= 1 && Number(headers['retry-after']) <= 20);
  assert.equal((await from('198.51.100.2')).status, 200);
  for (let look = 0; look < 10; look++) assert.equal((await door.ask('/healthz')).status, 200);
});

test('behind a proxy that leaves or cuts off the address’s path', async (t) => {
  const door = await openDoor(t, blobs, { basePath: '/woodshed' });
  const path = await door.store('encoded/g.mp3', SONG, 'g.mp3');
  for (const asked of [path, `/woodshed${path}`, '/woodshed/healthz', '/healthz']) {
    assert.equal((await door.ask(asked)).status, 200, asked);
  }
  for (const asked of [`/woodshed/woodshed${path}`, `/woodshedx${path}`, '/woodshed']) {
    assert.equal((await door.ask(asked)).status, 404, asked);
  }
});

test('ready is what the parts say, asked once for all who ask at a time', async (t) => {
  let isReady = true;
  let looks = 0;
  let answer = (): void => undefined;
  const door = await openDoor(t, blobs, {
    parts: async () => {
      looks += 1;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return [
        { name: 'database', isWell: true },
        { name: 'discord', isWell: isReady },
      ];
    },
  });
  for (const [ready, status] of [
    [true, 200],
    [false, 503],
  ] as const) {
    isReady = ready;
    const earlier = looks;
    const asked = Array.from({ length: 5 }, async () => await door.ask('/readyz'));
    const first = Promise.race(asked);
    while (looks === earlier) await new Promise((resolve) => setImmediate(resolve));
    answer();
    const { status: told, body } = await first;
    assert.equal(told, status);
    assert.match(String(body), ready ? /^Ready/u : /^No answer from: discord\.$/mu);
    const pump = setInterval(() => answer(), 5);
    t.after(() => clearInterval(pump));
    for (const one of await Promise.all(asked)) assert.equal(one.status, status);
    clearInterval(pump);
    assert.ok(looks - earlier <= 5);
  }
});

test('a store that fails costs one answer: a plain 500 before the first byte, a cut after it', async (t) => {
  const failing: { at: 'head' | 'read' | 'short' } = { at: 'head' };
  const broken: BlobStore = {
    ...blobs,
    head: async (key) => {
      if (failing.at === 'head') throw new Error('the disk is on fire');
      return await blobs.head(key);
    },
    async *read(key, range) {
      const pieces: Uint8Array[] = [];
      for await (const piece of blobs.read(key, range)) pieces.push(piece);
      yield Buffer.concat(pieces).subarray(0, -1);
      if (failing.at === 'read') throw new Error('the disk is on fire');
    },
  };
  const door = await openDoor(t, broken);
  const path = await door.store('encoded/h.mp3', SONG, 'h.mp3');
  const { status, body } = await door.ask(path);
  assert.equal(status, 500);
  assert.ok(!body.toString().includes('fire'));
  for (const at of ['read', 'short'] as const) {
    failing.at = at;
    await assert.rejects(door.ask(path), /aborted|socket hang up|ECONNRESET/u, at);
  }
  assert.equal((await door.ask('/healthz')).status, 200);
});

test('what is no HTTP, or too much of it, is turned away', async (t) => {
  const door = await openDoor(t, blobs);
  for (const [sent, status] of [
    ['nonsense\r\n\r\n', 400],
    [`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(10_000)}\r\n\r\n`, 431],
    ['GET /healthz HTTP/1.1\r\n\r\n', 400],
  ] as const) {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(door.port, '127.0.0.1', () => socket.write(sent));
      socket.on('data', (piece) => (text += piece.toString())).on('error', reject);
      socket.on('close', () => resolve(text));
    });
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `, 'u'));
  }
});

test('stopping waits for no idle connection, and ends a download that nobody takes', async (t) => {
  const door = await openDoor(t, blobs);
  const path = await door.store('encoded/large.wav', Buffer.alloc(48 << 20), 'large.wav');
  const idle = connect(door.port, '127.0.0.1');
  const stalled = connect(door.port, '127.0.0.1');
  t.after(() => [idle, stalled].forEach((socket) => socket.destroy()));
  for (const socket of [idle, stalled]) socket.on('error', () => undefined);
  await new Promise((resolve) => {
    stalled.once('readable', resolve);
    stalled.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  });
  await door.stop();
  await assert.rejects(door.ask('/healthz'), /ECONNREFUSED/u);
});
