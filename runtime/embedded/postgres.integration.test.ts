import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { startChild } from '../child.ts';
import { createLogger } from '../log.ts';
import { isGone, startOwner } from '../owner-process.test-kit.ts';
import { PostgresUnavailableError, startPostgres } from './postgres.ts';

const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
const isRoot = process.getuid?.() === 0;
let root = '';
before(() => {
  root = mkdtempSync(join(tmpdir(), 'woodshed-postgres-'));
  chmodSync(root, 0o700);
});
after(() => rmSync(root, { recursive: true, force: true }));

/** Inside a folder that only its owner may enter. */
function dataFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('keeps every committed row through five rounds of killing everything', async (t) => {
  const dataDir = dataFolder('killed');
  for (let round = 1; round <= 5; round++) {
    const { said, process: owner } = await startOwner(dataDir, ['postgres']);
    await ask(said.databaseUrl, 'create table if not exists rounds (round integer primary key)');
    await ask(said.databaseUrl, `insert into rounds values (${round})`);
    const rows = await ask<{ round: number }>(said.databaseUrl, 'select round from rounds order by round');
    assert.deepEqual(
      rows.map((row) => row.round),
      Array.from({ length: round }, (_, index) => index + 1),
    );
    // In turns: everything at once, and the owner alone, whose server follows it.
    const victims = round % 2 === 1 ? [...said.pids, owner.pid] : [owner.pid];
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    await owner.exited;
  }
  const last = await startPostgres({ dataDir, log });
  t.after(last.stop);
  const [row] = await ask<{ count: string }>(last.url, 'select count(*) from rounds');
  assert.equal(row?.count, '5');
});

test('ends a server that outlived its owner before it starts another on the same folder', async (t) => {
  const dataDir = dataFolder('orphan');
  const orphan = await startPostgres({ dataDir, log });
  await ask(orphan.url, 'create table kept as select 7 as number');
  const next = await startPostgres({ dataDir, log });
  t.after(next.stop);
  await orphan.exited;
  assert.equal(await isGone(orphan.pid), true);
  assert.deepEqual(await ask(next.url, 'select number from kept'), [{ number: 7 }]);
});

test('a pid file that names a living stranger does not hinder the start, nor is the stranger touched', async (t) => {
  const dataDir = dataFolder('stranger');
  await (await startPostgres({ dataDir, log })).stop();
  const stranger = await startChild('sleep', ['600'], { cwd: '/' });
  t.after(stranger.stop);
  const folder = join(dataDir, 'postgres', 'data');
  writeFileSync(join(folder, 'postmaster.pid'), `${stranger.pid}\n${folder}\n1700000000\n5432\n\n127.0.0.1\n`);
  const server = await startPostgres({ dataDir, log });
  t.after(server.stop);
  assert.equal(stranger.child.exitCode, null);
  assert.equal(await isGone(stranger.pid), false);
});

test('asks for its password, answers on this machine only, and keeps both to its owner', async (t) => {
  const dataDir = dataFolder('closed');
  const server = await startPostgres({ dataDir, log });
  t.after(server.stop);
  const { hostname, password } = new URL(server.url);
  assert.equal(hostname, '127.0.0.1');
  assert.ok(password.length >= 40);
  await assert.rejects(ask(server.url.replace(password, 'wrong'), 'select 1'), /password authentication failed/u);
  assert.deepEqual(await ask(server.url, 'show unix_socket_directories'), [{ unix_socket_directories: '' }]);
  assert.deepEqual(await ask(server.url, 'show fsync'), [{ fsync: 'on' }]);
  assert.deepEqual(await ask(server.url, "select datcollate, encoding from pg_database where datname = 'woodshed'"), [
    { datcollate: 'C.UTF-8', encoding: 6 },
  ]);
  const secret = join(dataDir, 'postgres', 'password');
  assert.equal(statSync(secret).mode.toString(8).slice(-3), '600');
  assert.equal(readFileSync(secret, 'utf8'), password);
});

test('two data folders run side by side', async (t) => {
  const servers = await Promise.all(['left', 'right'].map((name) => startPostgres({ dataDir: dataFolder(name), log })));
  for (const server of servers) t.after(server.stop);
  const [left, right] = servers;
  assert.ok(left && right);
  assert.notEqual(left.port, right.port);
  await ask(left.url, 'create table mine as select 1');
  await assert.rejects(ask(right.url, 'select * from mine'), /does not exist/u);
});

test('a creation that was killed half-way is begun again', async (t) => {
  const dataDir = dataFolder('half');
  mkdirSync(join(dataDir, 'postgres.new', 'data'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres.new', 'data', 'PG_VERSION'), '18\n');
  const server = await startPostgres({ dataDir, log });
  t.after(server.stop);
  assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }]);
});

test('root without user namespaces runs it as another user, and says which folder is closed to that one', async (t) => {
  if (!isRoot) return t.skip('only root needs another user');
  await assert.rejects(
    startPostgres({ dataDir: dataFolder('inner'), log, allowNamespace: false }),
    (error: unknown) => {
      assert.ok(error instanceof PostgresUnavailableError);
      assert.ok(error.message.includes(root), error.message);
      return true;
    },
  );
  const open = mkdtempSync(join(tmpdir(), 'woodshed-postgres-open-'));
  t.after(() => rmSync(open, { recursive: true, force: true }));
  const asOther = await startPostgres({ dataDir: open, log, allowNamespace: false });
  await ask(asOther.url, 'create table kept as select 7 as number');
  await asOther.stop();
  assert.equal(statSync(open).mode.toString(8).slice(-3), '711');
  assert.notEqual(statSync(join(open, 'postgres', 'data')).uid, 0);
  // The same folder works when namespaces are there again.
  const again = await startPostgres({ dataDir: open, log });
  t.after(again.stop);
  assert.deepEqual(await ask(again.url, 'select number from kept'), [{ number: 7 }]);
  return undefined;
});
