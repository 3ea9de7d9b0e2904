import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { isGone, startOwner } from '../owner-process.test-kit.ts';
import { findTemporal, installedTemporal } from './temporal-binary.ts';
import type { TemporalBinary } from './temporal-binary.ts';
import { startTemporal, waitForTemporal } from './temporal-server.ts';
import { freePort } from './free-port.ts';

const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
const { cacheDir, projectRoot } = loadConfig({ env: { WOODSHED_CACHE: process.env.WOODSHED_CACHE } });
const toolsDir = join(projectRoot, 'tools');
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
let root = '';
let binary: TemporalBinary;
before(async () => {
  root = mkdtempSync(join(tmpdir(), 'woodshed-temporal-'));
  binary = await findTemporal({ cacheDir, toolsDir, log, progress });
});
after(() => rmSync(root, { recursive: true, force: true }));

function dataFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function startOne(address: string, workflowId: string): Promise<void> {
  await withClient(address, (client) => client.workflow.start('nobody-polls', { taskQueue: 'none', workflowId }));
}

async function statusOf(address: string, workflowId: string): Promise<string> {
  return await withClient(
    address,
    async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name,
  );
}

test('keeps every workflow through five rounds of killing everything', async () => {
  const dataDir = dataFolder('killed');
  for (let round = 1; round <= 5; round++) {
    const { said, process: owner } = await startOwner(dataDir, ['temporal'], binary.path);
    for (let earlier = 1; earlier < round; earlier++) {
      assert.equal(await statusOf(said.temporalAddress, `round-${earlier}`), 'RUNNING');
    }
    await startOne(said.temporalAddress, `round-${round}`);
    // In turns: everything at once, and the owner alone, whose server follows it.
    const victims = round % 2 === 1 ? [...said.pids, owner.pid] : [owner.pid];
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    await owner.exited;
  }
});

test('ends a server that outlived its owner before it starts another on the same file', async (t) => {
  const dataDir = dataFolder('orphan');
  const options = { dataDir, binaryPath: binary.path, namespace: 'default', log };
  const orphan = await startTemporal(options);
  await startOne(orphan.address, 'kept');
  const next = await startTemporal(options);
  t.after(next.stop);
  await orphan.exited;
  assert.equal(await isGone(orphan.pid), true);
  assert.equal(await statusOf(next.address, 'kept'), 'RUNNING');
});

test('two data folders run side by side, each with its namespace and its flags', async (t) => {
  const [left, right] = await Promise.all(
    ['left', 'right'].map((namespace) =>
      startTemporal({
        dataDir: dataFolder(namespace),
        binaryPath: binary.path,
        namespace,
        log,
        settings: { 'limit.blobSize.error': '262144' },
      }),
    ),
  );
  assert.ok(left && right);
  t.after(left.stop);
  t.after(right.stop);
  assert.notEqual(left.address, right.address);
  assert.equal(await waitForTemporal(left.address, 'left', 1000), true);
  assert.equal(await waitForTemporal(left.address, 'right', 300), false);
});

test('stops cleanly, and nobody answers afterwards', async () => {
  const server = await startTemporal({
    dataDir: dataFolder('stopped'),
    binaryPath: binary.path,
    namespace: 'default',
    log,
  });
  await server.stop();
  assert.equal(await isGone(server.pid), true);
  assert.equal(await waitForTemporal(server.address, 'default', 200), false);
});

test('a server that does not answer is not waited for beyond the time', async () => {
  const port = await freePort();
  assert.equal(await waitForTemporal(`127.0.0.1:${port}`, 'default', 100), false);
});

test('a program that cannot start is an error with its last words', async () => {
  const broken = join(root, 'broken');
  writeFileSync(broken, '#!/bin/sh\necho out of order >&2\nexit 3\n');
  chmodSync(broken, 0o755);
  await assert.rejects(
    startTemporal({ dataDir: dataFolder('broken-data'), binaryPath: broken, namespace: 'default', log }),
    /does not start:\nout of order/u,
  );
});

test('the PATH comes before the cache, and what is no Temporal server is passed over', async () => {
  const onPath = join(root, 'bin');
  const cache = join(root, 'cache');
  for (const folder of [onPath, join(cache, 'bin')]) mkdirSync(folder, { recursive: true });
  const say = (path: string, version: string): void => {
    writeFileSync(path, `#!/bin/sh\necho "temporal version ${version} (Server 1.29.1)"\n`);
    chmodSync(path, 0o755);
  };
  assert.equal(await installedTemporal(cache, onPath), null);
  say(join(cache, 'bin', 'temporal'), '1.0.1');
  assert.deepEqual(await installedTemporal(cache, onPath), {
    path: join(cache, 'bin', 'temporal'),
    version: '1.0.1',
    source: 'cache',
  });
  say(join(onPath, 'temporal'), '1.0.2');
  assert.equal((await installedTemporal(cache, onPath))?.source, 'path');
  writeFileSync(join(onPath, 'temporal'), '#!/bin/sh\necho "something else"\n');
  assert.equal((await installedTemporal(cache, onPath))?.source, 'cache');
});

test('several that need the server at once install it once', async () => {
  const fakeGo = join(root, 'go-bin');
  const cache = join(root, 'shared-cache');
  mkdirSync(fakeGo);
  const builds = join(root, 'builds');
  mkdirSync(builds);
  // Stands for Go alone: says the version, and "builds" a copy of the real server.
  writeFileSync(
    join(fakeGo, 'go'),
    [
      '#!/bin/sh',
      'if [ "$1" = list ]; then echo v1.5.1; exit 0; fi',
      `mktemp ${builds}/XXXXXX >/dev/null`,
      'while [ "$1" != -o ]; do shift; done',
      `cp ${binary.path} "$2"`,
    ].join('\n'),
  );
  chmodSync(join(fakeGo, 'go'), 0o755);
  const options = { cacheDir: cache, toolsDir, log, progress: () => undefined, sources: ['go'] as const };
  const searchPath = [fakeGo, dirname('/bin/sh')].join(delimiter);
  const found = await Promise.all([1, 2, 3].map(() => findTemporal({ ...options, searchPath })));
  assert.deepEqual(found.map(({ source }) => source).sort(), ['cache', 'cache', 'go']);
  assert.equal(readdirSync(builds).length, 1);
  assert.deepEqual(
    readdirSync(join(cache, 'bin')).filter((name) => !name.startsWith('.')),
    ['temporal'],
  );
});

test('where no source has the server, each says why', async () => {
  const searchPath = join(root, 'empty');
  mkdirSync(searchPath);
  await assert.rejects(
    findTemporal({
      cacheDir: join(root, 'empty-cache'),
      toolsDir,
      log,
      progress: () => undefined,
      searchPath,
      sources: ['go'],
    }),
    /a Go build: Go is not installed\n.*TEMPORAL_ADDRESS/su,
  );
});
