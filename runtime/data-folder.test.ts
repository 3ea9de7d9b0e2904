import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { acquireStack } from './data-folder.ts';
import { lock, tryLock } from './file-lock.ts';
import { startOwner } from './owner-process.test-kit.ts';
import { processState } from './process-table.ts';

const INFO = {
  databaseUrl: 'postgres://u:p@127.0.0.1:1/x',
  temporalAddress: '127.0.0.1:2',
  temporalNamespace: 'default',
};

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'woodshed-data-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a lock has one holder, and the next one waits for it', async (t) => {
  const path = join(folderFor(t), 'lock');
  const first = tryLock(path);
  assert.ok(first);
  assert.equal(tryLock(path), null);
  let waited = 0;
  const second = lock(path, () => (waited += 1));
  assert.equal(waited, 1);
  first.release();
  first.release();
  (await second).release();
  tryLock(path)?.release();
});

test('the owner makes the folder for itself alone, and takes its note back when it leaves', async (t) => {
  const dataDir = join(folderFor(t), 'new', 'data');
  const stack = await acquireStack(dataDir);
  assert.equal(stack.role, 'owner');
  for (const path of [stack.folder.path, stack.folder.blobs, stack.folder.logs, stack.folder.temporary]) {
    assert.equal(statSync(path).mode.toString(8).slice(-3), '700', path);
  }
  writeFileSync(join(stack.folder.temporary, 'left-over'), '');
  stack.publish(INFO);
  const note = join(dataDir, 'stack.json');
  assert.equal(statSync(note).mode.toString(8).slice(-3), '600');
  stack.release();
  assert.equal(existsSync(note), false);
  const again = await acquireStack(dataDir);
  assert.equal(again.role, 'owner');
  assert.equal(existsSync(join(again.folder.temporary, 'left-over')), false);
  again.release();
});

test('a second process is a guest of the first and learns how to reach its stack', async (t) => {
  const dataDir = folderFor(t);
  const stack = await acquireStack(dataDir);
  assert.equal(stack.role, 'owner');
  stack.publish(INFO);
  const guest = await startOwner(dataDir, ['lock']);
  t.after(() => guest.process.stop());
  assert.equal(guest.said.role, 'guest');
  assert.equal(guest.said.databaseUrl, INFO.databaseUrl);
  stack.release();
});

test('a second process waits while the first is still starting', async (t) => {
  const dataDir = folderFor(t);
  const stack = await acquireStack(dataDir);
  assert.equal(stack.role, 'owner');
  const coming = startOwner(dataDir, ['lock']);
  stack.publish(INFO);
  const guest = await coming;
  t.after(() => guest.process.stop());
  assert.equal(guest.said.role, 'guest');
  stack.release();
});

test('of several processes at once, one owns the folder', async (t) => {
  const dataDir = folderFor(t);
  const all = await Promise.all([1, 2, 3].map(() => startOwner(dataDir, ['lock'])));
  t.after(() => Promise.all(all.map((one) => one.process.stop())));
  assert.deepEqual(all.map((one) => one.said.role).sort(), ['guest', 'guest', 'owner']);
});

test('a killed owner leaves the folder free, whatever its note says, also when its id was given to another process', async (t) => {
  const dataDir = folderFor(t);
  const killed = await startOwner(dataDir, ['lock']);
  killed.process.child.kill('SIGKILL');
  await killed.process.exited;
  const note = join(dataDir, 'stack.json');
  assert.equal(existsSync(note), true);
  const info = JSON.parse(readFileSync(note, 'utf8')) as Record<string, unknown>;
  writeFileSync(note, JSON.stringify({ ...info, pid: process.pid }));
  const next = await acquireStack(dataDir);
  assert.equal(next.role, 'owner');
  next.release();
});

test('two data folders have an owner each', async (t) => {
  const [one, two] = [await acquireStack(folderFor(t)), await acquireStack(folderFor(t))];
  assert.deepEqual([one.role, two.role], ['owner', 'owner']);
  for (const stack of [one, two]) if (stack.role === 'owner') stack.release();
});

test('a process is known by its id and its start', async () => {
  const own = await processState(process.pid);
  assert.ok(own);
  assert.deepEqual(await processState(process.pid), own);
  assert.equal(own.zombie, false);
  assert.notEqual((await processState(process.ppid))?.startedAt, own.startedAt);
  assert.equal(await processState(2 ** 30), null);
});
