import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEPARATORS } from '../separators/registry.ts';
import { MODELS } from './manifest.ts';

void test("every model that a separator needs is in the manifest, and every model that separates is some separator's", () => {
  const needed = new Set([...SEPARATORS.values()].flatMap((entry) => entry.models));
  const separating = [...MODELS.values()].filter(({ task }) => task === 'separation').map(({ id }) => id);
  assert.deepEqual(separating.sort(), [...needed].sort());
});

for (const entry of MODELS.values()) {
  void test(`the entry of ${entry.id} is complete`, () => {
    assert.ok(entry.files.length > 0 && entry.sources.length > 0 && entry.io.length > 0);
    const names = entry.files.map(({ name }) => name).sort();
    for (const { bytes, sha256 } of entry.files) {
      assert.ok(bytes > 0);
      if (sha256 !== null) assert.match(sha256, /^[0-9a-f]{64}$/);
    }
    for (const source of entry.sources) {
      assert.deepEqual(Object.keys(source.files).sort(), names);
      const urls = source.kind === 'urls' ? Object.values(source.files) : source.kind === 'tar-gz' ? [source.url] : [];
      for (const url of urls) assert.equal(new URL(url).protocol, 'https:');
      if (source.kind === 'tar-gz' && source.sha256 !== null) assert.match(source.sha256, /^[0-9a-f]{64}$/);
    }
    assert.ok((entry.companions ?? []).every((name) => names.includes(name)));
    assert.ok(entry.licence.evidence.length > 0);
    const isVouchedFor = entry.sources.some((source) => source.kind === 'tar-gz' && source.sha256 !== null);
    assert.equal(entry.verified === 'none', entry.files.some(({ sha256 }) => sha256 === null) && !isVouchedFor);
  });
}

void test('no two models share a hash', () => {
  const hashes = [...MODELS.values()].flatMap((entry) => entry.files.flatMap(({ sha256 }) => sha256 ?? []));
  assert.equal(new Set(hashes).size, hashes.length);
});
