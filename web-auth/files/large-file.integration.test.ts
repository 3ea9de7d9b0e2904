/** Gigabytes pass through; they are not kept. */
import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBlobStore } from '../../db/blobs/open-blob-store.ts';
import { createFileLinks } from '../../runtime/file-links.ts';
import { openDoor, SECRET } from '../door/door.test-kit.ts';

const BYTES = 2 ** 30;
/** Pieces on their way, and garbage that is not collected yet. */
const MOST_GROWTH_BYTES = 300e6;

test('a gigabyte is sent without growing in memory', { timeout: 300_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-large-'));
  t.after(async () => await rm(folder, { recursive: true }));
  const blobs = await openBlobStore({ kind: 'folder', root: join(folder, 'blobs') });
  const sparse = join(folder, 'sparse.wav');
  const file = await open(sparse, 'wx');
  await file.truncate(BYTES);
  await file.write('end', BYTES - 3);
  await file.close();
  const { sha256 } = await blobs.putFile('encoded/sparse.wav', sparse, { consume: true });
  const door = await openDoor(t, blobs);
  const linked = { key: 'encoded/sparse.wav', sha256, fileName: 'song.wav' };
  const path = `/d/${createFileLinks([SECRET]).sign(linked, new Date(Date.now() + 3_600_000))}`;

  const before = process.memoryUsage.rss();
  let peak = before;
  let received = 0;
  let last = Buffer.alloc(0);
  await new Promise<void>((resolve, reject) => {
    get({ host: '127.0.0.1', port: door.port, path, agent: false }, (response) => {
      response.on('data', (piece: Buffer) => {
        received += piece.length;
        last = Buffer.concat([last, piece.subarray(-3)]).subarray(-3);
        peak = Math.max(peak, process.memoryUsage.rss());
      });
      response.on('end', resolve).on('error', reject);
    }).on('error', reject);
  });
  assert.equal(received, BYTES);
  assert.equal(last.toString(), 'end');
  t.diagnostic(`memory grew by ${((peak - before) / 1e6).toFixed()} MB`);
  assert.ok(peak - before < MOST_GROWTH_BYTES, `${peak - before} bytes`);
});
