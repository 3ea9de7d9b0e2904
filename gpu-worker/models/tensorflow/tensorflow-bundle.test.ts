import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ModelFileError } from '../model-file-error.ts';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import { readLevelDbTable } from './leveldb-table.ts';
import { decompressSnappy } from './snappy.ts';
import { openTensorflowBundle } from './tensorflow-bundle.ts';

const TESTDATA = join(import.meta.dirname, '../testdata/spleeter');
const PREFIX = join(TESTDATA, 'leaky-sigmoid');
const SHARD = '.data-00000-of-00001';

void test('CRC-32C agrees with the vectors of RFC 3720, whole and in pieces', () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
  assert.equal(crc32c(ascending), 0x46dd794e);
  assert.equal(crc32c(ascending.subarray(13), crc32c(ascending.subarray(0, 13))), 0x46dd794e);
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
});

void test('a checkpoint lists its variables and gives their values', async (t) => {
  const bundle = await openTensorflowBundle(PREFIX);
  t.after(() => bundle.close());
  assert.equal(bundle.variables.size, 149);
  assert.deepEqual(bundle.variables.get('conv2d_transpose/kernel')?.shape, [5, 5, 2, 3]);
  assert.deepEqual(bundle.variables.get('global_step')?.shape, []);
  const variance = await bundle.readFloat32('batch_normalization_3/moving_variance');
  assert.equal(variance.length, 8);
  assert.ok(variance.every((value) => value >= 0.5 && value < 4));
  await assert.rejects(bundle.readFloat32('global_step'), /no whole float32/);
  await assert.rejects(bundle.readFloat32('conv2d_99/kernel'), /no variable/);
});

void test('a compressed index says the same as a plain one', async () => {
  const plain = readLevelDbTable(await readFile(`${PREFIX}.index`));
  const compressed = readLevelDbTable(await readFile(join(TESTDATA, 'snappy.index')));
  assert.ok(plain.size > 100);
  const hex = ([name, value]: [string, Uint8Array]): string => `${name} ${Buffer.from(value).toString('hex')}`;
  assert.deepEqual([...compressed].map(hex), [...plain].map(hex));
});

void test('Snappy literals and overlapping copies unpack; lies about lengths are refused', () => {
  // Length 9: the literal "abc", then six bytes copied from three back.
  const block = Uint8Array.of(9, 2 << 2, 97, 98, 99, (2 << 2) | 1, 3);
  assert.equal(Buffer.from(decompressSnappy(block, 9)).toString(), 'abcabcabc');
  assert.throws(() => decompressSnappy(block, 8), /larger than 8/);
  assert.throws(() => decompressSnappy(block.subarray(0, 6), 9), /too early/);
  assert.throws(() => decompressSnappy(Uint8Array.of(9, ...block.subarray(1, 5), (2 << 2) | 1, 4), 9), /out of range/);
  assert.throws(() => decompressSnappy(Uint8Array.of(255, 255, 255, 255, 15), 1024), /larger than 1024/);
});

void test('whatever is done to an index, the answer is its entries or a ModelFileError', async () => {
  const index = await readFile(`${PREFIX}.index`);
  const change = fc.record({ at: fc.nat(index.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(index.length), (changes, length) => {
      const hostile = Buffer.from(length % 3 === 0 ? index : index.subarray(0, length));
      for (const { at, value } of changes) hostile[at % hostile.length] = value;
      try {
        readLevelDbTable(hostile);
      } catch (error) {
        assert.ok(error instanceof ModelFileError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

void test('with checksums made good, hostile entries are still refused', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-bundle-'));
  t.after(() => rm(folder, { recursive: true }));
  const prefix = join(folder, 'hostile');
  await copyFile(`${PREFIX}${SHARD}`, `${prefix}${SHARD}`);
  const index = await readFile(`${PREFIX}.index`);
  const blockBytes = dataBlockBytes(index);
  const change = fc.record({ at: fc.nat(blockBytes - 1), value: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const hostile = Buffer.from(index);
      for (const { at, value } of changes) hostile[at] = value;
      hostile.writeUInt32LE(maskedCrc32c(hostile.subarray(0, blockBytes + 1)), blockBytes + 1);
      await writeFile(`${prefix}.index`, hostile);
      try {
        const bundle = await openTensorflowBundle(prefix);
        try {
          for (const name of bundle.variables.keys()) await bundle.readFloat32(name);
        } finally {
          await bundle.close();
        }
      } catch (error) {
        const shardIsMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
        assert.ok(error instanceof ModelFileError || shardIsMissing, String(error));
      }
    }),
    { numRuns: 150 },
  );
});

void test('a shard that ends too early is refused when the checkpoint is opened', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-bundle-'));
  t.after(() => rm(folder, { recursive: true }));
  const prefix = join(folder, 'short');
  await copyFile(`${PREFIX}.index`, `${prefix}.index`);
  await copyFile(`${PREFIX}${SHARD}`, `${prefix}${SHARD}`);
  await truncate(`${prefix}${SHARD}`, 30_000);
  await assert.rejects(openTensorflowBundle(prefix), /ends at byte \d+ of a shard of 30000/);
});

/** The index has one data block, at its start; its length is where a block's checksum fits. */
function dataBlockBytes(index: Buffer): number {
  for (let bytes = 1; bytes < index.length - 5; bytes += 1) {
    if (index.readUInt32LE(bytes + 1) === maskedCrc32c(index.subarray(0, bytes + 1))) return bytes;
  }
  return assert.fail('no data block was found');
}
