import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownSecret } from './own-secret.ts';

test('a data folder has one random secret that only its owner may read, and keeps it', (t) => {
  const [folder, other] = ['a', 'b'].map((name) => mkdtempSync(join(tmpdir(), `woodshed-secret-${name}-`)));
  assert.ok(folder !== undefined && other !== undefined);
  t.after(() => [folder, other].forEach((path) => rmSync(path, { recursive: true })));
  const path = join(folder, 'secret');
  const secret = ownSecret(folder);
  assert.match(secret, /^[0-9a-f]{64}$/u);
  assert.equal(statSync(path).mode % 0o1000, 0o600);
  assert.deepEqual(readdirSync(folder), ['secret']);
  chmodSync(path, 0o644);
  assert.equal(ownSecret(folder), secret);
  assert.equal(statSync(path).mode % 0o1000, 0o600, 'an old copy is closed again');
  assert.notEqual(ownSecret(other), secret);

  writeFileSync(path, 'cut sho');
  assert.throws(() => ownSecret(folder), /does not hold the secret/u);
  assert.equal(readFileSync(path, 'utf8'), 'cut sho', 'nothing is put in its place');
});
