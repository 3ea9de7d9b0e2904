import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { openFolderStore } from './folder.ts';
import { collect, pieces, sha256 } from './blob-bytes.test-kit.ts';
import { testBlobStore } from './store.test-kit.ts';

describe('in a folder', () => {
  let folder: string;
  let root: string;
  let store: BlobStore;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'woodshed-folder-store-'));
    root = join(folder, 'blobs');
    store = await openFolderStore(root);
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  testBlobStore(async () => {
    store = await openFolderStore(root);
    return { store, config: { kind: 'folder', root }, leftovers: async () => await readdir(join(root, '.tmp')) };
  });

  test('only its user may look into the store', async () => {
    await store.put('private/key', pieces(Buffer.from('x'), 1));
    for (const [path, mode] of [
      [root, 0o700],
      [join(root, 'private'), 0o700],
      [join(root, 'private/key'), 0o600],
    ] as const) {
      assert.equal((await stat(path)).mode % 0o1000, mode, path);
    }
  });

  test('follows no link that somebody planted', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    await symlink(outside, join(root, 'planted'));
    await symlink(join(outside, 'secret'), join(root, 'leaf'));
    await assert.rejects(collect(store.read('planted/secret')), /link/);
    await assert.rejects(store.put('planted/new', pieces(Buffer.from('x'), 1)), /link/);
    await assert.rejects(collect(store.read('leaf')), { code: 'ELOOP' });
    await assert.rejects(store.head('leaf'), { code: 'ELOOP' });
    await store.put('leaf', pieces(Buffer.from('mine'), 4));
    assert.equal((await lstat(join(root, 'leaf'))).isFile(), true);
    assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'secret');
    assert.deepEqual(await readdir(outside), ['secret']);
    const linked = join(folder, 'link-to-consume');
    await symlink(join(outside, 'secret'), linked);
    await assert.rejects(store.putFile('from-link', linked, { consume: true }), { code: 'ELOOP' });
    assert.equal(await store.head('from-link'), null);
    await rm(join(root, 'planted'));
  });

  test('notices bytes that were changed behind its back', async () => {
    const before_ = await store.put('changed', pieces(Buffer.from('before'), 6));
    await writeFile(join(root, 'changed'), 'behind');
    await utimes(join(root, 'changed'), new Date(), new Date());
    const found = await store.head('changed');
    assert.notEqual(found?.sha256, before_.sha256);
    assert.equal(found?.sha256, sha256(Buffer.from('behind')));
  });

  test('does without what it remembered of hashes', async () => {
    const stored = await store.put('remembered', pieces(Buffer.from('bytes'), 5));
    await writeFile(join(root, '.meta', 'remembered'), '{"half');
    assert.deepEqual(await store.head('remembered'), stored);
    await rm(join(root, '.meta'), { recursive: true });
    assert.deepEqual(await store.head('remembered'), stored);
    assert.match(await readFile(join(root, '.meta', 'remembered'), 'utf8'), new RegExp(stored.sha256));
  });

  test('asks its memory rather than the bytes', async () => {
    await store.put('cheap', pieces(Buffer.from('bytes'), 5));
    const path = join(root, '.meta', 'cheap');
    const told = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    await writeFile(path, JSON.stringify({ ...told, sha256: 'f'.repeat(64) }));
    assert.equal((await store.head('cheap'))?.sha256, 'f'.repeat(64));
  });

  test('clears away what dead processes left, and leaves the living theirs', async () => {
    const scratch = join(root, '.tmp');
    const mine = await store.withFile('cheap', async (path) => {
      const [host] = path.slice(scratch.length + 1).split('.');
      await writeFile(join(scratch, `${String(host)}.999999999.dead`), 'x');
      await writeFile(join(scratch, 'elsewhere.1.fresh'), 'x');
      await openFolderStore(root);
      return path.slice(scratch.length + 1);
    });
    assert.deepEqual(await readdir(scratch), ['elsewhere.1.fresh']);
    assert.ok(mine.includes(`.${String(process.pid)}.`));
    await rm(join(scratch, 'elsewhere.1.fresh'));
  });

  test('keeps no empty folders', async () => {
    await store.put('deep/er/and/deeper', pieces(Buffer.from('x'), 1));
    await store.delete('deep/er/and/deeper');
    await assert.rejects(stat(join(root, 'deep')), { code: 'ENOENT' });
  });
});
