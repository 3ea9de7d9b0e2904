/** The servers of the house die and come back by themselves, where they were and with what they held. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client } from 'pg';
import { loadConfig } from '../runtime/config.ts';
import { acquireStack } from '../runtime/data-folder.ts';
import { createLogger } from '../runtime/log.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { processState } from '../runtime/process-table.ts';
import type { Supervised } from '../runtime/supervise.ts';
import { openServices } from './services.ts';

const PATIENCE_MS = 150_000;
const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'woodshed-services-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** @returns the process that runs instead, once it answers. */
async function replaced(server: Supervised, signal: 'SIGKILL' | 'SIGSTOP'): Promise<number> {
  const pid = server.pid ?? assert.fail('the server does not run');
  process.kill(pid, signal);
  for (const deadline = Date.now() + PATIENCE_MS; server.pid === null || server.pid === pid; await pause(20)) {
    assert.ok(Date.now() < deadline, 'the server did not come back');
  }
  return server.pid;
}

async function count(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table if not exists kept (round integer)');
    await client.query('insert into kept values (1)');
    return (await client.query('select from kept')).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

test('both servers are killed three times and answer at the same address, nothing lost', async () => {
  const config = loadConfig({ env: ownEnvironment({ WOODSHED_DATA: join(folder, 'data') }) });
  const owner = await acquireStack(config.dataDir);
  assert.ok(owner.role === 'owner');
  const told: string[] = [];
  const services = await openServices({ config, folder: owner.folder, log, tell: (line) => told.push(line) });
  const pids: number[] = [];
  try {
    const postgres = services.servers.postgres ?? assert.fail();
    const temporal = services.servers.temporal ?? assert.fail();
    // Held over all of it, as the rooms do.
    const connection = await Connection.connect({ address: services.temporalAddress });
    const client = new TemporalClient({ connection, namespace: config.temporal.namespace });
    const start = async (id: string): Promise<unknown> =>
      await client.workflow.start('nobody-polls', { taskQueue: 'none', workflowId: id });
    assert.equal(await count(services.databaseUrl), 1);
    await start('round-0');
    for (const round of [1, 2, 3]) {
      pids.push(...(await Promise.all([replaced(postgres, 'SIGKILL'), replaced(temporal, 'SIGKILL')])));
      assert.equal(await count(services.databaseUrl), round + 1);
      const { status } = await client.workflow.getHandle(`round-${String(round - 1)}`).describe();
      assert.equal(status.name, 'RUNNING');
      await start(`round-${String(round)}`);
    }
    await connection.close();
    for (const name of ['PostgreSQL', 'Temporal']) {
      assert.equal(told.filter((line) => line === `${name} stopped (SIGKILL); starting it again.`).length, 3);
    }
  } finally {
    await services.stop();
    owner.release();
  }
  assert.equal(new Set(pids).size, 6);
  for (const pid of pids) assert.equal(await processState(pid), null);
});

test('a Temporal server that lives and answers nobody is ended, and another one answers with what it held', async () => {
  const config = loadConfig({ env: ownEnvironment({ WOODSHED_DATA: join(folder, 'stopped') }) });
  const owner = await acquireStack(config.dataDir);
  assert.ok(owner.role === 'owner');
  const told: string[] = [];
  const services = await openServices({ config, folder: owner.folder, log, tell: (line) => told.push(line) });
  try {
    const connection = await Connection.connect({ address: services.temporalAddress });
    const client = new TemporalClient({ connection, namespace: config.temporal.namespace });
    await client.workflow.start('nobody-polls', { taskQueue: 'none', workflowId: 'held' });
    // Its port still takes connections.
    await replaced(services.servers.temporal ?? assert.fail(), 'SIGSTOP');
    assert.equal((await client.workflow.getHandle('held').describe()).status.name, 'RUNNING');
    await connection.close();
    assert.ok(told.includes('Temporal does not answer any more.'), told.join('\n'));
  } finally {
    await services.stop();
    owner.release();
  }
});
