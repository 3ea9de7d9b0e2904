/** A bot that is started while Temporal is away, as its container would. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Client } from 'pg';
import { createTestDatabase } from '../db/test-database.ts';
import { startChild } from '../runtime/child.ts';
import type { RunningChild } from '../runtime/child.ts';
import { loadConfig } from '../runtime/config.ts';
import { freePort } from '../runtime/embedded/free-port.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { startTemporal } from '../runtime/embedded/temporal-server.ts';
import { createLogger } from '../runtime/log.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import { createTelegramEmulator } from '../tools/emulators/telegram/telegram-emulator.ts';
import { ADAS_CHAT } from '../tools/emulators/telegram/telegram.test-kit.ts';
import { chatQueue } from '../workflows/contract/task-queues.ts';

const ROOT = join(import.meta.dirname, '..');
const PATIENCE_MS = 90_000;
const NAMESPACE = 'default';
const { TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
const silent = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });

test(
  'a bot that is started while Temporal is away takes songs, answers, and works once it is there; one may stop it before',
  { timeout: 300_000 },
  async (t) => {
    const closing: (() => Promise<unknown>)[] = [];
    t.after(async () => {
      for (const close of closing.toReversed()) await close();
    });
    const { cacheDir } = loadConfig();
    const { path } = await findTemporal({ cacheDir, toolsDir: join(ROOT, 'tools'), log: silent, progress() {} });
    const folder = await mkdtemp(join(tmpdir(), 'woodshed-away-'));
    closing.push(async () => await rm(folder, { recursive: true, force: true }));
    const database = await createTestDatabase({ migrate: false });
    closing.push(async () => await database.close());
    const telegram = await createTelegramEmulator({});
    closing.push(async () => await telegram.close());
    const client = new Client({ connectionString: database.url });
    await client.connect();
    closing.push(async () => await client.end());
    const port = await freePort();
    const address = `127.0.0.1:${String(port)}`;
    const lines: string[] = [];

    async function startBot(name: string): Promise<RunningChild> {
      const data = join(folder, name);
      await mkdir(data);
      const bot = await startChild(process.execPath, [join(ROOT, 'bots', 'telegram', 'main.ts')], {
        cwd: ROOT,
        env: {
          ...toolEnvironment(),
          DATABASE_URL: database.url,
          TEMPORAL_ADDRESS: address,
          TELEGRAM_TOKEN: telegram.token,
          TELEGRAM_API_URL: telegram.root,
          WOODSHED_LINKING: 'never',
          WOODSHED_DATA: data,
          WOODSHED_CACHE: cacheDir,
        },
        killGraceMs: 40_000,
        onStdoutLine: (line) => lines.push(line),
        onStderrLine: (line) => lines.push(line),
      });
      closing.push(async () => await bot.stop());
      return bot;
    }

    async function until(bot: RunningChild, isSo: () => Promise<boolean>): Promise<void> {
      for (const deadline = Date.now() + PATIENCE_MS; !(await isSo()); await pause(100)) {
        assert.equal(bot.child.exitCode, null, lines.join('\n'));
        assert.ok(Date.now() < deadline, lines.join('\n'));
      }
    }

    async function says(text: string): Promise<void> {
      const at = { chat: ADAS_CHAT, thread: null };
      await telegram.act({ kind: 'message', by: ADAS_CHAT, at, text, files: [], replyTo: null });
    }

    async function isWritten(count: number): Promise<boolean> {
      const { rows } = await client.query<{ there: boolean }>(
        `select to_regclass('inbound_event') is not null as there`,
      );
      if (rows[0]?.there !== true) return false;
      return (await client.query('select from inbound_event')).rowCount === count;
    }

    const first = await startBot('first');
    await says('/split https://example.org/a.mp3');
    await until(first, async () => await isWritten(1));
    assert.equal((await first.stop()).code, 0, lines.join('\n'));

    const second = await startBot('second');
    await says('/split https://example.org/b.mp3');
    await says('/help');
    await until(second, async () => await isWritten(2));
    await until(second, async () => {
      return await Promise.resolve(telegram.conversation.messages(ADAS_CHAT).some(({ by }) => by === 'bot'));
    });
    const temporal = await startTemporal({
      dataDir: folder,
      binaryPath: path,
      namespace: NAMESPACE,
      log: silent,
      port,
    });
    closing.push(async () => await temporal.stop());
    const connection = await Connection.connect({ address });
    closing.push(async () => await connection.close());
    await until(second, async () => {
      const { pollers } = await connection.workflowService.describeTaskQueue({
        namespace: NAMESPACE,
        taskQueue: { name: chatQueue('telegram') },
        taskQueueType: TASK_QUEUE_TYPE_ACTIVITY,
      });
      return (pollers?.length ?? 0) > 0;
    });
    assert.equal((await second.stop()).code, 0, lines.join('\n'));
  },
);
