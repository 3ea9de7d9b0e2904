/** The commands of the containers, run by hand against real servers: PostgreSQL, Temporal, S3. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { openBlobStore } from '../db/blobs/open-blob-store.ts';
import { findS3Server, startTestS3Server } from '../db/blobs/test-s3-server.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { createInbox } from '../db/inbox.repository.ts';
import { createJobs } from '../db/jobs.repository.ts';
import { openDatabase } from '../db/orm.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { ResultFile } from '../workflows/contract/delivery.ts';
import { isFinished } from '../workflows/contract/job.ts';
import { startChild } from '../runtime/child.ts';
import type { RunningChild } from '../runtime/child.ts';
import { loadConfig } from '../runtime/config.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { startTemporal } from '../runtime/embedded/temporal-server.ts';
import { createLinkMaker } from '../runtime/file-links.ts';
import { createLogger } from '../runtime/log.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import { freePort } from '../runtime/embedded/free-port.ts';

const ROOT = join(import.meta.dirname, '..');
const SECRET = 'c0'.repeat(16);
const SONG = join(ROOT, 'examples', 'back-porch-take.flac');
const silent = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });

test(
  'four processes on real servers split a song, with the bytes in S3 and behind a link',
  { timeout: 300_000 },
  async (t) => {
    const s3Server = await findS3Server();
    if (s3Server === null) {
      t.skip('there is no versitygw and no Go to build it');
      return;
    }
    const { cacheDir } = loadConfig();
    const folder = await mkdtemp(join(tmpdir(), 'woodshed-containers-'));
    const database = await createTestDatabase({ migrate: false });
    const s3 = await startTestS3Server(s3Server);
    const { path } = await findTemporal({ cacheDir, toolsDir: join(ROOT, 'tools'), log: silent, progress() {} });
    const temporal = await startTemporal({ dataDir: folder, binaryPath: path, namespace: 'default', log: silent });
    const webUrl = `http://127.0.0.1:${String(await freePort())}`;
    const processes: RunningChild[] = [];
    const lines: string[] = [];

    async function run(name: string, file: string): Promise<void> {
      const data = join(folder, name);
      await mkdir(data);
      const env = {
        ...toolEnvironment(),
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: temporal.address,
        S3_ENDPOINT: s3.endpoint,
        S3_BUCKET: 'woodshed',
        S3_ACCESS_KEY_ID: s3.accessKeyId,
        S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
        WOODSHED_DATA: data,
        WOODSHED_CACHE: cacheDir,
        WOODSHED_WEB_URL: webUrl,
        WOODSHED_WEB_PORT: new URL(webUrl).port,
        WOODSHED_SECRET: SECRET,
      };
      processes.push(
        await startChild(process.execPath, [join(ROOT, file)], {
          cwd: ROOT,
          env,
          killGraceMs: 40_000,
          onStdoutLine: (line) => lines.push(`${name}: ${line}`),
          onStderrLine: (line) => lines.push(`${name}: ${line}`),
        }),
      );
    }

    try {
      await run('control', 'activities/main.ts');
      await run('gpu-worker', 'gpu-worker/main.ts');
      await run('console', 'bots/console/main.ts');
      await run('web', 'web-auth/main.ts');
      const out = join(folder, 'out');
      const db = await openWhenMigrated(database.url);
      const { id } = await createInbox(db).accept({
        platform: 'console',
        botId: 'local',
        eventKey: 'one',
        payload: {
          kind: 'job',
          request: {
            address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: out },
            requester: { platform: 'console', userId: '1', displayName: 'Ana' },
            command: {
              kind: 'split',
              source: { kind: 'attachment', reference: SONG, name: 'song.flac', declaredBytes: null },
              strategy: 'vocals',
              quality: 'fast',
              format: 'flac',
              pick: { kind: 'all' },
            },
          },
        },
      });
      const jobs = createJobs(db);
      let job = await jobs.findByInboundEvent(id);
      while (job === null || !isFinished(job.state)) {
        for (const { child } of processes) {
          assert.equal(child.exitCode, null, lines.join('\n'));
        }
        await pause(200);
        job = await jobs.findByInboundEvent(id);
      }
      await db.close();
      assert.equal(job.state, 'done', lines.join('\n'));
      const vocals = await readFile(join(out, 'vocals.flac'));
      assert.equal(vocals.subarray(0, 4).toString(), 'fLaC');
      const store = await openBlobStore({
        kind: 's3',
        region: 'us-east-1',
        bucket: 'woodshed',
        scratchDir: folder,
        ...s3,
      });
      const [link] = await createLinkMaker({ secrets: [SECRET], webUrl, linkHours: 1 })({
        jobId: job.id,
        files: [await encodedFile(store, vocals)],
      });
      const answer = await fetch(link?.url ?? '', { headers: { range: 'bytes=4-' } });
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [206, 'audio/flac'], lines.join('\n'));
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), vocals.subarray(4));
      assert.equal((await fetch(`${webUrl}/readyz`)).status, 200);
      const exits = await Promise.all(processes.map(async (child) => await child.stop()));
      assert.deepEqual(
        exits.map(({ code }) => code),
        [0, 0, 0, 0],
        `each ends with 0 when it is asked to stop\n${lines.join('\n')}`,
      );
    } finally {
      for (const child of processes) {
        await child.stop();
      }
      await temporal.stop();
      await s3.stop();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);

/** The stored file that these bytes were delivered from. */
async function encodedFile(store: BlobStore, bytes: Buffer): Promise<ResultFile> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  for await (const key of store.list('')) {
    const blob = key.endsWith('.flac') ? await store.head(key) : null;
    if (blob?.sha256 === sha256) {
      return { name: 'vocals', fileName: 'vocals.flac', blob, kind: 'sound', durationSeconds: null };
    }
  }
  assert.fail('the delivered file is not in the store');
}

/** The processes migrate; until then there is nothing to open. */
async function openWhenMigrated(url: string): Promise<Awaited<ReturnType<typeof openDatabase>>> {
  for (;;) {
    const database = await openDatabase(url).catch(() => null);
    const ready = await database
      ?.use(async (em) => await em.execute(`select to_regclass('inbound_event') as name`))
      .catch(() => null);
    if (database !== null && (ready as { name: string | null }[] | null | undefined)?.[0]?.name != null) {
      return database;
    }
    await database?.close();
    await pause(200);
  }
}
