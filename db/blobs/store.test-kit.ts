// What every blob store must do. Both drivers run all of it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../runtime/child.ts';
import { BlobMissingError, BlobTooLargeError } from '../../workflows/contract/blob-store.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { collect, pieces, sha256 } from './blob-bytes.test-kit.ts';
import { openBlobStore } from './open-blob-store.ts';
import type { BlobStoreConfig } from './open-blob-store.ts';

export interface StoreUnderTest {
  readonly store: BlobStore;
  /** Opens the same store again, in this process or another. */
  readonly config: BlobStoreConfig;
  /** Everything that the driver keeps for unfinished work, so that a test can see that it is gone. */
  leftovers(): Promise<readonly string[]>;
}

const KILLED_WRITER = fileURLToPath(new URL('test-slow-writer.ts', import.meta.url));

/** Registers the suite. `open` runs once before it. */
export function testBlobStore(open: () => Promise<StoreUnderTest>): void {
  describe('a blob store', () => {
    suite(open);
  });
}

function suite(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: BlobStore;
  let folder: string;
  before(async () => {
    under = await open();
    store = under.store;
    folder = await mkdtemp(join(tmpdir(), 'woodshed-store-kit-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('gives back the bytes it was given, with their number and hash', async () => {
    const bytes = randomBytes(100_000);
    const stored = await store.put('round/trip.bin', pieces(bytes, 7919));
    assert.deepEqual(stored, { key: 'round/trip.bin', bytes: 100_000, sha256: sha256(bytes) });
    assert.deepEqual(await store.head('round/trip.bin'), stored);
    assert.deepEqual(await collect(store.read('round/trip.bin')), bytes);
  });

  test('stores nothing as nothing', async () => {
    const stored = await store.put('empty', pieces(Buffer.alloc(0), 1));
    assert.deepEqual(stored, { key: 'empty', bytes: 0, sha256: sha256(Buffer.alloc(0)) });
    assert.deepEqual(await store.head('empty'), stored);
    assert.equal((await collect(store.read('empty'))).length, 0);
  });

  test('keeps the bytes of a source that uses its buffer again', async () => {
    async function* reusing(): AsyncGenerator<Uint8Array> {
      const buffer = Buffer.alloc(4);
      for (let index = 1; index <= 3; index += 1) {
        await Promise.resolve();
        yield buffer.fill(index);
      }
    }
    await store.put('reused', reusing());
    assert.deepEqual([...(await collect(store.read('reused')))], [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  test('carries 30 MB as a stream and as a file', async () => {
    const bytes = randomBytes(30_000_000);
    const expected = { bytes: bytes.length, sha256: sha256(bytes) };
    assert.deepEqual(await store.put('big/stream', pieces(bytes, 1 << 20)), { key: 'big/stream', ...expected });
    const path = join(folder, 'big');
    await writeFile(path, bytes);
    assert.deepEqual(await store.putFile('big/file', path), { key: 'big/file', ...expected });
    assert.equal((await stat(path)).size, bytes.length, 'a file that is not consumed stays');
    for (const key of ['big/stream', 'big/file']) {
      assert.equal(sha256(await collect(store.read(key))), expected.sha256);
      assert.deepEqual(await store.head(key), { key, ...expected });
    }
    const middle = { start: 16_777_210, end: 16_777_230 };
    assert.deepEqual(await collect(store.read('big/file', middle)), bytes.subarray(middle.start, middle.end + 1));
  });

  test('consumes a file when told to, and believes a hash it is given', async () => {
    const path = join(folder, 'consumed');
    await writeFile(path, 'taken');
    const known = sha256(Buffer.from('taken'));
    assert.deepEqual(await store.putFile('consumed', path, { consume: true, sha256: known }), {
      key: 'consumed',
      bytes: 5,
      sha256: known,
    });
    await assert.rejects(stat(path), { code: 'ENOENT' });
    assert.equal((await collect(store.read('consumed'))).toString(), 'taken');
    assert.deepEqual(await store.head('consumed'), { key: 'consumed', bytes: 5, sha256: known });
  });

  test('refuses a file that is not there, and leaves nothing', async () => {
    await assert.rejects(store.putFile('nowhere', join(folder, 'nowhere')), { code: 'ENOENT' });
    assert.equal(await store.head('nowhere'), null);
    assert.deepEqual(await under.leftovers(), []);
  });

  test('replaces a key whole', async () => {
    await store.put('replaced', pieces(randomBytes(50_000), 1000));
    const second = Buffer.from('second');
    assert.deepEqual(await store.put('replaced', pieces(second, 3)), {
      key: 'replaced',
      bytes: 6,
      sha256: sha256(second),
    });
    assert.deepEqual(await store.head('replaced'), { key: 'replaced', bytes: 6, sha256: sha256(second) });
    assert.deepEqual(await collect(store.read('replaced')), second);
  });

  test('writers of one key at once leave one of their blobs, whole', async () => {
    const candidates = Array.from({ length: 8 }, (_, index) => randomBytes(60_000 + index));
    const answers = await Promise.all(
      candidates.map(async (bytes) => await store.put('contended/key', pieces(bytes, 5000))),
    );
    const found = await collect(store.read('contended/key'));
    const head = await store.head('contended/key');
    assert.ok(answers.some(({ sha256: hash }) => hash === sha256(found)));
    assert.deepEqual(head, { key: 'contended/key', bytes: found.length, sha256: sha256(found) });
  });

  test('deleting beside putting below the same folder loses no put', async () => {
    for (let round = 0; round < 10; round += 1) {
      await store.put('shared/first', pieces(Buffer.from('a'), 1));
      await Promise.all([store.delete('shared/first'), store.put(`shared/second`, pieces(Buffer.from('b'), 1))]);
      assert.equal((await collect(store.read('shared/second'))).toString(), 'b');
      await store.delete('shared/second');
    }
  });

  test('a source that throws leaves neither a blob nor a part of one', async () => {
    for (const size of [1000, 20_000_000]) {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield* pieces(Buffer.alloc(size), 1 << 20);
        throw new Error('the musician left');
      }
      await assert.rejects(store.put('broken', failing()), /the musician left/);
      assert.equal(await store.head('broken'), null);
      assert.deepEqual(await under.leftovers(), []);
    }
  });

  test('a source that throws leaves the blob that was there', async () => {
    await store.put('kept', pieces(Buffer.from('old'), 3));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('new');
      throw new Error('broke off');
    }
    await assert.rejects(store.put('kept', failing()), /broke off/);
    assert.equal((await collect(store.read('kept'))).toString(), 'old');
  });

  test('stops a source at the limit, to the byte, without reading on', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        await Promise.resolve();
        given += 1;
        yield Buffer.alloc(1000);
      }
    }
    await assert.rejects(store.put('endless', endless(), { maxBytes: 25_500 }), (error: unknown) => {
      assert.ok(error instanceof BlobTooLargeError);
      assert.equal(error.maxBytes, 25_500);
      return true;
    });
    assert.equal(given, 26);
    assert.equal(await store.head('endless'), null);
    assert.equal((await store.put('fits', pieces(Buffer.alloc(500), 100), { maxBytes: 500 })).bytes, 500);
    assert.deepEqual(await under.leftovers(), []);
  });

  test('says that a key is missing', async () => {
    assert.equal(await store.head('missing/key'), null);
    await assert.rejects(collect(store.read('missing/key')), (error: unknown) => {
      assert.ok(error instanceof BlobMissingError);
      assert.equal(error.key, 'missing/key');
      return true;
    });
    await assert.rejects(
      store.withFile('missing/key', async () => await Promise.resolve()),
      BlobMissingError,
    );
    await store.delete('missing/key');
    await store.delete('missing');
  });

  test('deletes', async () => {
    await store.put('gone/soon', pieces(Buffer.from('x'), 1));
    await store.delete('gone/soon');
    assert.equal(await store.head('gone/soon'), null);
    assert.deepEqual(await keys(store, 'gone'), []);
  });

  test('reads inclusive ranges', async () => {
    const bytes = Buffer.from('0123456789');
    await store.put('ranges', pieces(bytes, 10));
    const cases: [number, number, string][] = [
      [0, 0, '0'],
      [9, 9, '9'],
      [0, 9, '0123456789'],
      [3, 5, '345'],
      [8, 100, '89'],
    ];
    for (const [start, end, expected] of cases) {
      assert.equal(
        (await collect(store.read('ranges', { start, end }))).toString(),
        expected,
        `${String(start)}-${String(end)}`,
      );
    }
    for (const [start, end] of [
      [10, 12],
      [5, 4],
      [-1, 3],
      [0.5, 3],
      [0, Number.NaN],
    ] as const) {
      await assert.rejects(
        collect(store.read('ranges', { start, end })),
        RangeError,
        `${String(start)}-${String(end)}`,
      );
    }
  });

  test('a reader may stop early, again and again', async () => {
    await store.put('stopped', pieces(randomBytes(5_000_000), 1 << 20));
    for (let round = 0; round < 40; round += 1) {
      for await (const piece of store.read('stopped')) {
        assert.ok(piece.byteLength > 0);
        break;
      }
    }
  });

  test('gives a path that stays good while the key is replaced and deleted, and not longer', async () => {
    const bytes = randomBytes(300_000);
    await store.put('lent', pieces(bytes, 10_000));
    const path = await store.withFile('lent', async (lent) => {
      await store.put('lent', pieces(Buffer.from('other'), 5));
      await store.delete('lent');
      assert.deepEqual(await readFile(lent), bytes);
      return lent;
    });
    await assert.rejects(stat(path), { code: 'ENOENT' });
    await store.put('lent', pieces(bytes, 10_000));
    let lent = '';
    await assert.rejects(
      store.withFile('lent', async (given) => {
        lent = given;
        await Promise.resolve();
        throw new Error('no use');
      }),
      /no use/,
    );
    await assert.rejects(stat(lent), { code: 'ENOENT' });
    assert.deepEqual(await collect(store.read('lent')), bytes);
  });

  test('lists the keys that begin so, wherever the beginning ends', async () => {
    const names = Array.from({ length: 1203 }, (_, index) => `many/${String(index % 7)}/item-${String(index)}`);
    for (let from = 0; from < names.length; from += 100) {
      await Promise.all(
        names.slice(from, from + 100).map(async (key) => await store.put(key, pieces(Buffer.from(key), 99))),
      );
    }
    assert.deepEqual((await keys(store, 'many/')).toSorted(), names.toSorted());
    assert.deepEqual(
      (await keys(store, 'many/3/item-3')).toSorted(),
      names.filter((key) => key.startsWith('many/3/item-3')).toSorted(),
    );
    assert.equal((await keys(store, 'ma')).length, names.length);
    assert.deepEqual(await keys(store, 'many/9'), []);
    assert.deepEqual(await keys(store, 'none/of/these'), []);
    assert.ok((await keys(store, '')).includes('ranges'));
  });

  test('refuses what is not a key', async () => {
    const long = `a/${'b'.repeat(511)}`;
    const bad = [
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/..',
      './a',
      '.tmp/x',
      '.meta/x',
      'a/.hidden',
      'A',
      'ä',
      'a b',
      'a\\b',
      'a\0b',
      'a\nb',
      'c:a',
      '-a',
      '%2e%2e/a',
      'ａ',
      long,
      'x'.repeat(201),
    ];
    for (const key of bad) {
      const refusal = { name: 'RangeError' };
      await assert.rejects(async () => await store.put(key, pieces(Buffer.from('x'), 1)), refusal, key);
      await assert.rejects(async () => await store.putFile(key, join(folder, 'big')), refusal, key);
      await assert.rejects(async () => await store.head(key), refusal, key);
      await assert.rejects(async () => await collect(store.read(key)), refusal, key);
      await assert.rejects(async () => await store.withFile(key, async () => await Promise.resolve()), refusal, key);
      await assert.rejects(
        async () => {
          await store.delete(key);
        },
        refusal,
        key,
      );
      await assert.rejects(async () => await store.presign(key, { expiresSeconds: 60 }), refusal, key);
    }
    for (const prefix of ['..', '../', '/', 'a/../', '.tmp', 'a//', 'A']) {
      await assert.rejects(async () => await keys(store, prefix), { name: 'RangeError' }, prefix);
    }
    const longest = `${'a'.repeat(200)}/${'b'.repeat(200)}/${'c'.repeat(110)}`;
    assert.equal(longest.length, 512);
    await store.put(longest, pieces(Buffer.from('x'), 1));
    assert.equal((await store.head(longest))?.bytes, 1);
  });

  test('a writer that is killed leaves nothing that can be seen, and the old blob as it was', async () => {
    const old = randomBytes(1000);
    for (const phase of ['streaming', 'storing']) {
      await store.put('killed/replaced', pieces(old, 100));
      for (let round = 0; round < 3; round += 1) {
        const progress = { lines: 0 };
        const writer = await startChild(process.execPath, [KILLED_WRITER, phase], {
          cwd: folder,
          env: { STORE: JSON.stringify(under.config), TMPDIR: folder },
          onStdoutLine: () => {
            progress.lines += 1;
          },
        });
        const target = 3 + round * 5;
        while (progress.lines < target && writer.child.exitCode === null) await sleep(2);
        process.kill(writer.pid, 'SIGKILL');
        const { signal } = await writer.exited;
        assert.equal(signal, 'SIGKILL', 'the writer was still writing');
        assert.equal(await store.head('killed/new'), null);
        const found = await settledBytes(store, 'killed/replaced');
        if (phase === 'streaming') assert.deepEqual(found, old);
        else assert.ok(found.equals(old) || isWholeBlobOfWriter(found), 'the old blob or a whole new one');
      }
    }
    await openBlobStore(under.config);
    assert.deepEqual(await under.leftovers(), []);
  });
}

/** The writer fills each blob with one byte, 2,000,000 of them. */
function isWholeBlobOfWriter(bytes: Buffer): boolean {
  return bytes.length === 2_000_000 && bytes.every((byte) => byte === bytes[0]);
}

/** A server may still finish what it had received whole from a writer that is dead: until what is read is what stands there. */
async function settledBytes(store: BlobStore, key: string): Promise<Buffer> {
  for (let tries = 1; ; tries += 1) {
    const found = await collect(store.read(key));
    const { bytes, sha256: hash } = (await store.head(key)) ?? assert.fail(`${key} is gone`);
    if (bytes === found.length && hash === sha256(found)) return found;
    assert.ok(tries < 10, 'what is said of the blob is not true of its bytes');
  }
}

async function keys(store: BlobStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of store.list(prefix)) found.push(key);
  return found;
}
