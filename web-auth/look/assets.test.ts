import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { loadAssets } from './assets.ts';

test('every file for browsers is there whole in each encoding, and scripts import what is served', () => {
  const assets = loadAssets();
  const paths = new Set(assets.paths());
  assert.ok([...paths].some((path) => path.endsWith('/look/style.css')));
  for (const path of paths) {
    const asset = assets.find(path);
    assert.ok(asset !== null && asset.bytes.length > 0, path);
    assert.ok(asset.brotli === null || brotliDecompressSync(asset.brotli).equals(asset.bytes), path);
    assert.ok(asset.gzip === null || gunzipSync(asset.gzip).equals(asset.bytes), path);
    if (!path.endsWith('.ts')) continue;
    const script = Buffer.from(asset.bytes).toString('utf8');
    for (const [, specifier = ''] of script.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/gu)) {
      const target = new URL(specifier, `http://host${path}`).pathname;
      assert.ok(paths.has(target), `${path} imports ${specifier}`);
    }
  }
});

test('the path names the bytes, and nothing else is found', () => {
  const assets = loadAssets();
  assert.equal(assets.path('look/style.css'), loadAssets().path('look/style.css'));
  assert.notEqual(assets.path('look/style.css'), loadAssets({}).path('look/style.css'));
  assert.throws(() => assets.path('look/other.css'), RangeError);
  for (const path of ['/assets/0/look/style.css', assets.path('look/style.css').replace('look/', 'look/../look/')]) {
    assert.equal(assets.find(path), null);
  }
});
