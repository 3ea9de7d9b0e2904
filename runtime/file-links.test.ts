import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createFileLinks, createLinkMaker } from './file-links.ts';
import type { LinkedFile } from './file-links.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const [OLD, NEW] = ['1a'.repeat(16), '2b'.repeat(16)] as const;
const STEM: LinkedFile = {
  key: `encoded/${hash('pcm')}/mp3-320-v2.mp3`,
  sha256: hash('mp3'),
  fileName: 'vocals+drums.mp3',
};
const NOW = new Date('2030-01-01T00:00:00.000Z');
const LATER = new Date('2030-01-04T00:00:00.000Z');

test('a link opens as what was signed, whatever the file is called and wherever it lies', () => {
  const links = createFileLinks([OLD]);
  const files: LinkedFile[] = [
    STEM,
    { ...STEM, key: 'metadata/0198a3f0-7b3c-7000-8000-000000000000.json', fileName: 'metadata.json' },
    { ...STEM, key: `${hash('a')}/${hash('b')}${hash('c')}`, fileName: 'Übung – 夜 🎸.flac' },
    { ...STEM, key: 'a', fileName: '' },
    { ...STEM, key: `x/${'0'.repeat(200)}`, fileName: 'n'.repeat(255) },
  ];
  for (const file of files) {
    assert.deepEqual(links.open(links.sign(file, LATER), NOW), { state: 'good', file, expiresAt: LATER });
  }
  assert.ok(links.sign(STEM, LATER).length <= 200, `${links.sign(STEM, LATER).length} characters`);
  assert.throws(() => links.sign({ ...STEM, fileName: 'é'.repeat(128) }, LATER), RangeError);
  assert.throws(() => links.sign({ ...STEM, key: 'k'.repeat(256) }, LATER), RangeError);
});

test('a link with any bit changed, cut, lengthened or spelled otherwise is unknown', () => {
  const links = createFileLinks([OLD]);
  const token = links.sign(STEM, LATER);
  const bytes = Buffer.from(token, 'base64url');
  const forged: string[] = ['', 'A', 'AQ', '-'.repeat(200), `${token}=`, ` ${token}`, `${token}A`, `${token}\n`];
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at); // oxlint-disable-line no-bitwise -- one bit at a time
      forged.push(changed.toString('base64url'));
    }
    forged.push(bytes.subarray(0, at).toString('base64url'));
    forged.push(Buffer.concat([bytes.subarray(0, at), Buffer.of(0), bytes.subarray(at)]).toString('base64url'));
  }
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=';
  for (let at = 0; at < token.length; at++) {
    for (const character of alphabet) {
      if (token[at] !== character) forged.push(token.slice(0, at) + character + token.slice(at + 1));
    }
  }
  for (const one of forged) assert.deepEqual(links.open(one, NOW), { state: 'unknown' }, one);
  assert.ok(forged.length > 10_000);
});

test('a link ends at its second, and says so only where it was ours', () => {
  const links = createFileLinks([OLD]);
  const token = links.sign(STEM, LATER);
  assert.equal(links.open(token, new Date(LATER.getTime() - 1)).state, 'good');
  assert.deepEqual(links.open(token, LATER), { state: 'expired' });
  assert.deepEqual(createFileLinks([NEW]).open(token, LATER), { state: 'unknown' });
});

test('secrets are rotated: the first signs, all of them open, one that is gone opens nothing', () => {
  const before = createFileLinks([OLD]);
  const between = createFileLinks([NEW, OLD]);
  const after = createFileLinks([NEW]);
  const old = before.sign(STEM, LATER);
  assert.equal(between.open(old, NOW).state, 'good');
  assert.equal(after.open(old, NOW).state, 'unknown');
  assert.equal(after.open(between.sign(STEM, LATER), NOW).state, 'good');
  assert.equal(before.open(between.sign(STEM, LATER), NOW).state, 'unknown');
  assert.throws(() => createFileLinks([]), RangeError);
});

test('the control worker announces what the token keeps', async () => {
  const make = createLinkMaker({ secrets: [OLD], webUrl: 'https://band.example/w', linkHours: 72 });
  const blob = { key: STEM.key, sha256: STEM.sha256, bytes: 12_345 };
  const file = { name: 'vocals', fileName: 'vocals.mp3', blob, kind: 'sound', durationSeconds: 1 } as const;
  const started = Date.now();
  const [link, second] = await make({ jobId: 'any', files: [file, { ...file, fileName: 'drums.mp3' }] });
  assert.ok(link !== undefined && second !== undefined);
  assert.equal(link.bytes, 12_345);
  assert.equal(second.fileName, 'drums.mp3');
  const token = /^https:\/\/band\.example\/w\/d\/([\w-]+)$/u.exec(link.url)?.[1] ?? '';
  const opened = createFileLinks([OLD]).open(token, new Date());
  assert.ok(opened.state === 'good');
  assert.deepEqual(opened.file, { key: STEM.key, sha256: STEM.sha256, fileName: 'vocals.mp3' });
  assert.equal(opened.expiresAt.toISOString(), link.expiresAt);
  const hours = (opened.expiresAt.getTime() - started) / 3_600_000;
  assert.ok(hours > 71.99 && hours < 72.5, String(hours));
});
