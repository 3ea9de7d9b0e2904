/** Links over real HTTP, out of a folder and out of S3. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openBlobStore } from '../../db/blobs/open-blob-store.ts';
import { findS3Server, startTestS3Server } from '../../db/blobs/test-s3-server.ts';
import type { TestS3Server } from '../../db/blobs/test-s3-server.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { openDoor, sha256Of } from '../door/door.test-kit.ts';

const BYTES = randomBytes(300_000);
const SHA256 = sha256Of(BYTES);
/** More than all buffers between a disk and a client that takes nothing. */
const LARGE_BYTES = 96 << 20;

for (const kind of ['folder', 's3'] as const) {
  describe(`a file behind a link, in ${kind === 's3' ? 'S3' : 'a folder'}`, { timeout: 240_000 }, async () => {
    const program = kind === 's3' ? await findS3Server() : null;
    if (kind === 's3' && program === null) {
      test('S3', { skip: 'there is no versitygw and no Go to build it' });
      return;
    }
    let folder: string;
    let server: TestS3Server | null = null;
    let blobs: BlobStore;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'woodshed-web-'));
      server = program === null ? null : await startTestS3Server(program);
      blobs = await openBlobStore(
        server === null
          ? { kind: 'folder', root: folder }
          : { kind: 's3', region: 'us-east-1', bucket: 'woodshed', scratchDir: folder, ...server },
      );
    });
    after(async () => {
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    test('comes whole, as a download under its own name, as often as somebody looks', async (t) => {
      const door = await openDoor(t, blobs);
      const path = await door.store('encoded/a.mp3', BYTES, 'Übung "vocals"+drums.mp3');
      assert.equal((await door.ask(path, { method: 'HEAD' })).body.length, 0);
      for (const spelled of [path, path, `${path}?utm_source=chat`]) {
        const { status, headers, body } = await door.ask(spelled);
        assert.equal(status, 200);
        assert.equal(sha256Of(body), SHA256);
        assert.equal(headers['content-length'], '300000');
        assert.equal(headers['content-type'], 'audio/mpeg');
        assert.equal(headers.etag, `"${SHA256}"`);
        assert.equal(headers['accept-ranges'], 'bytes');
        const [, name] = /^attachment; filename="[\w. -]+"; filename\*=UTF-8''(\S+)$/u.exec(
          headers['content-disposition'] ?? '',
        ) ?? [''];
        assert.equal(decodeURIComponent(name ?? ''), 'Übung "vocals"+drums.mp3');
      }
      const [head, whole] = [await door.ask(path, { method: 'HEAD' }), await door.ask(path)];
      const { date: _a, connection: _b, ...sent } = head.headers;
      const { date: _c, connection: _d, ...full } = whole.headers;
      assert.deepEqual(sent, full);
    });

    for (const [name, headers, status, first, last] of [
      ['the first byte', { range: 'bytes=0-0' }, 206, 0, 0],
      ['the rest after a break', { range: 'bytes=123456-' }, 206, 123_456, 299_999],
      ['the end', { range: 'bytes=-44' }, 206, 299_956, 299_999],
      ['more than there is', { range: 'bytes=299999-400000' }, 206, 299_999, 299_999],
      ['all of it', { range: 'bytes=0-299999' }, 206, 0, 299_999],
      ['the rest of the same file', { range: 'bytes=7-', 'if-range': `"${SHA256}"` }, 206, 7, 299_999],
      ['the rest of another file', { range: 'bytes=7-', 'if-range': '"other"' }, 200, 0, 299_999],
      ['the rest by weak comparison', { range: 'bytes=7-', 'if-range': `W/"${SHA256}"` }, 200, 0, 299_999],
      ['the rest by date', { range: 'bytes=7-', 'if-range': 'Wed, 01 Jan 2031 00:00:00 GMT' }, 200, 0, 299_999],
      ['a flood of parts', { range: `bytes=${'0-,'.repeat(2000)}0-` }, 200, 0, 299_999],
      ['several parts', { range: 'bytes=0-1,4-5' }, 200, 0, 299_999],
      ['another unit', { range: 'songs=1-' }, 200, 0, 299_999],
    ] as const) {
      test(`${name}: ${status}`, async (t) => {
        const door = await openDoor(t, blobs);
        const path = await door.store('encoded/a.flac', BYTES, 'a.flac');
        const answer = await door.ask(path, { headers });
        assert.equal(answer.status, status);
        assert.deepEqual(answer.body, BYTES.subarray(first, last + 1));
        assert.equal(answer.headers['content-length'], String(last - first + 1));
        assert.equal(answer.headers['content-range'], status === 206 ? `bytes ${first}-${last}/300000` : undefined);
        const head = await door.ask(path, { method: 'HEAD', headers });
        assert.equal(head.status, 200, 'a range means something with GET alone');
        assert.equal(head.headers['content-length'], '300000');
      });
    }

    test('a part that is not there: 416; what the client has already: 304', async (t) => {
      const door = await openDoor(t, blobs);
      const path = await door.store('encoded/b.wav', BYTES, 'b.wav');
      const answer = await door.ask(path, { headers: { range: 'bytes=300000-' } });
      assert.equal(answer.status, 416);
      assert.equal(answer.headers['content-range'], 'bytes */300000');
      for (const tag of [`"${SHA256}"`, `"x", W/"${SHA256}"`, '*']) {
        const known = await door.ask(path, { headers: { 'if-none-match': tag } });
        assert.deepEqual([known.status, known.body.length], [304, 0]);
      }
      assert.equal((await door.ask(path, { headers: { 'if-none-match': '"x"' } })).status, 200);
    });

    test('an empty file is whole, and has no part', async (t) => {
      const door = await openDoor(t, blobs);
      const path = await door.store('encoded/empty.json', new Uint8Array(), 'metadata.json');
      const answer = await door.ask(path);
      assert.deepEqual([answer.status, answer.headers['content-length'], answer.body.length], [200, '0', 0]);
      assert.equal((await door.ask(path, { headers: { range: 'bytes=0-' } })).status, 416);
    });

    test('once the file is gone, or another lies in its place, the link says so', async (t) => {
      const door = await openDoor(t, blobs);
      const path = await door.store('encoded/c.png', BYTES, 'c.png');
      await door.store('encoded/c.png', BYTES.subarray(1), 'c.png');
      const other = await door.ask(path);
      await blobs.delete('encoded/c.png');
      const gone = await door.ask(path);
      for (const { status, body } of [other, gone]) {
        assert.equal(status, 410);
        assert.match(body.toString(), /^This file is not kept any more\./u);
      }
    });

    test('a client that goes, or takes nothing, ends the read and leaves no file open', async (t) => {
      const watched = watchReads(blobs);
      const door = await openDoor(t, watched.blobs, { idleLimitMs: 1000 });
      const path = await door.store('encoded/large.wav', Buffer.alloc(LARGE_BYTES, 'la'), 'large.wav');
      const leaving = await begin(door.port, path);
      assert.ok((await openFilesIn(folder)) >= (kind === 'folder' ? 1 : 0), 'it is being read');
      leaving.destroy();
      await watched.ended();
      const stalled = await begin(door.port, path);
      await watched.ended();
      stalled.destroy();
      assert.ok(
        watched.bytesRead() < LARGE_BYTES,
        `${watched.bytesRead()} bytes of two times ${LARGE_BYTES} were read`,
      );
      assert.equal(await openFilesIn(folder), 0);
      assert.equal((await door.ask(path, { headers: { range: 'bytes=-3' } })).body.toString(), 'ala');
    });
  });
}

/** The real store, with a count of what is read from it. */
function watchReads(blobs: BlobStore): { blobs: BlobStore; bytesRead: () => number; ended: () => Promise<void> } {
  let bytes = 0;
  let ends = 0;
  let waited = 0;
  let wake = (): void => undefined;
  async function* read(...args: Parameters<BlobStore['read']>): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of blobs.read(...args)) {
        bytes += piece.byteLength;
        yield piece;
      }
    } finally {
      ends += 1;
      wake();
    }
  }
  return {
    blobs: { ...blobs, read },
    bytesRead: () => bytes,
    async ended() {
      waited += 1;
      while (ends < waited) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** A download of which the first bytes have come, and whose further ones are not taken. */
async function begin(port: number, path: string): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.on('error', () => undefined);
      response.once('readable', () => resolve(response));
    }).on('error', reject);
  });
}

async function openFilesIn(folder: string): Promise<number> {
  const numbers = await readdir('/proc/self/fd');
  const paths = await Promise.all(
    numbers.map(async (number) => await readlink(`/proc/self/fd/${number}`).catch(() => '')),
  );
  return paths.filter((path) => path.startsWith(folder)).length;
}
