import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeal } from './seal.ts';

const OLD = 'an old secret of the operator, long enough';
const NEW = 'a new secret of the operator, long enough';
const TOKEN = 'xoxb-1-token';

test('what was sealed opens again, and reads as nothing meanwhile', () => {
  const seal = createSeal([NEW], 'test');
  const sealed = seal.close(TOKEN, 'slack|T1');
  assert.equal(seal.open(sealed, 'slack|T1'), TOKEN);
  assert.ok(!sealed.includes(TOKEN) && !Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes(TOKEN));
  assert.notEqual(seal.close(TOKEN, 'slack|T1'), sealed, 'twice the same looks different');
});

test('it opens for nobody else', () => {
  const seal = createSeal([NEW], 'test');
  const sealed = seal.close(TOKEN, 'slack|T1');
  assert.throws(() => seal.open(sealed, 'slack|T2'));
  assert.throws(() => createSeal([NEW], 'another purpose').open(sealed, 'slack|T1'));
  assert.throws(() => createSeal([OLD], 'test').open(sealed, 'slack|T1'), /not there any more/);
});

test('a rotated secret still opens, and seals no more', () => {
  const before = createSeal([OLD], 'test').close(TOKEN, 'a');
  const after = createSeal([NEW, OLD], 'test');
  assert.equal(after.open(before, 'a'), TOKEN);
  assert.throws(() => createSeal([OLD], 'test').open(after.close(TOKEN, 'a'), 'a'));
});

test('every changed character is noticed', () => {
  const seal = createSeal([NEW], 'test');
  const sealed = seal.close(TOKEN, 'a');
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    // The last bits of a base64 group may stand for no bits at all.
    let opened: string | null = null;
    try {
      opened = seal.open(changed, 'a');
    } catch {
      continue;
    }
    assert.equal(opened, TOKEN, `position ${String(at)}`);
  }
});

test('a shortened tag is none', () => {
  const seal = createSeal([NEW], 'test');
  const parts = seal.close(TOKEN, 'a').split('.');
  const short = Buffer.from(parts[4] ?? '', 'base64url')
    .subarray(0, 4)
    .toString('base64url');
  assert.throws(() => seal.open([...parts.slice(0, 4), short].join('.'), 'a'));
});
