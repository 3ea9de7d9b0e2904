/** ZIPs that are made while they are sent: gigabytes pass through, as fast as the client takes them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openBlobStore } from '../../db/blobs/open-blob-store.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { SendFileDeps } from './send-file.ts';
import { sendZip } from './send-zip.ts';

const FILES = 4;
const FILE_BYTES = 2 ** 28;
/** Pieces on their way, and garbage that is not collected yet. */
const MOST_GROWTH_BYTES = 300e6;
const PIECE = Buffer.alloc(2 ** 20, 7);

async function openZip(
  t: TestContext,
  blobs: SendFileDeps['blobs'],
  stored: readonly StoredBlob[],
): Promise<{ readonly ask: () => Promise<IncomingMessage>; readonly over: Promise<unknown> }> {
  const over = Promise.withResolvers<unknown>();
  const files = stored.map((blob, index) => ({ fileName: `stem-${String(index)}.wav`, blob }));
  const zip = { fileName: 'song.zip', files, modifiedAt: new Date() };
  const server = createServer((request, response) => {
    sendZip(request, response, zip, { blobs }).then(over.resolve, (error: unknown) => {
      response.destroy();
      over.resolve(error);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    ask: async () =>
      await new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, agent: false }, resolve).on('error', reject);
      }),
    over: over.promise,
  };
}

test('a ZIP of a gigabyte is sent without growing in memory', { timeout: 300_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-zip-'));
  t.after(async () => await rm(folder, { recursive: true }));
  const blobs = await openBlobStore({ kind: 'folder', root: join(folder, 'blobs') });
  const stored: StoredBlob[] = [];
  for (let index = 0; index < FILES; index += 1) {
    const sparse = join(folder, 'sparse.wav');
    const file = await open(sparse, 'wx');
    await file.truncate(FILE_BYTES);
    await file.write(`end${String(index)}`, FILE_BYTES - 4);
    await file.close();
    stored.push(await blobs.putFile(`stems/sparse-${String(index)}.wav`, sparse, { consume: true }));
  }
  const { ask, over } = await openZip(t, blobs, stored);
  const before = process.memoryUsage.rss();
  let peak = before;
  let received = 0;
  let ends = 0;
  const response = await ask();
  for await (const piece of response as AsyncIterable<Buffer>) {
    received += piece.length;
    ends += piece.includes('end') ? 1 : 0;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  assert.equal(await over, true);
  assert.equal(received, Number(response.headers['content-length']));
  assert.ok(received > FILES * FILE_BYTES && ends === FILES);
  t.diagnostic(`memory grew by ${((peak - before) / 1e6).toFixed()} MB`);
  assert.ok(peak - before < MOST_GROWTH_BYTES, `${String(peak - before)} bytes`);
});

/** Blobs of pieces that are all the same, and how far they were read. */
function countedBlobs(
  pieces: number,
): SendFileDeps['blobs'] & { read: SendFileDeps['blobs']['read']; readonly seen: Seen } {
  const seen: Seen = { pieces: 0, open: 0, opened: 0 };
  return {
    seen,
    head: async (key) => await Promise.resolve(blobOf(key, pieces)),
    async *read() {
      seen.open += 1;
      seen.opened += 1;
      try {
        for (let index = 0; index < pieces; index += 1) {
          seen.pieces += 1;
          yield PIECE;
        }
      } finally {
        seen.open -= 1;
      }
    },
  };
}

interface Seen {
  pieces: number;
  open: number;
  opened: number;
}

function blobOf(key: string, pieces: number): StoredBlob {
  return { key, bytes: pieces * PIECE.length, sha256: createHash('sha256').update(key).digest('hex') };
}

test(
  'a client that stops reading stops the store, and one that goes away closes what was open',
  { timeout: 120_000 },
  async (t) => {
    const pieces = 400;
    const blobs = countedBlobs(pieces);
    const { ask, over } = await openZip(t, blobs, [blobOf('a', pieces), blobOf('b', pieces)]);
    const response = await ask();
    await new Promise((resolve) => {
      response.once('data', resolve);
    });
    response.pause();
    // Whoever has gone ahead of the client by now is one who does not wait for it.
    for (let last = -1; last !== blobs.seen.pieces;) {
      last = blobs.seen.pieces;
      await new Promise((resolve) => {
        setTimeout(resolve, 500);
      });
    }
    assert.ok(blobs.seen.pieces < pieces / 4, `${String(blobs.seen.pieces)} MB were read ahead`);
    assert.deepEqual([blobs.seen.open, blobs.seen.opened], [1, 1]);
    response.destroy();
    await over;
    assert.equal(blobs.seen.open, 0);
    assert.ok(blobs.seen.pieces < pieces);
  },
);

test('a file that breaks off breaks the ZIP off: nobody takes half of it for the whole', async (t) => {
  const whole = countedBlobs(3);
  const blobs: SendFileDeps['blobs'] = {
    head: whole.head,
    async *read(key) {
      yield PIECE;
      if (key === 'b') throw new Error('the disk is gone');
      yield PIECE;
      yield PIECE;
    },
  };
  const { ask, over } = await openZip(t, blobs, [blobOf('a', 3), blobOf('b', 3)]);
  const response = await ask();
  await assert.rejects(async () => {
    for await (const piece of response as AsyncIterable<Buffer>) assert.ok(piece.length > 0);
  }, /aborted/u);
  assert.match(String(await over), /the disk is gone/u);
});
