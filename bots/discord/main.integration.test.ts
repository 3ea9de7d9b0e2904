/** The bot's own process on real servers, and what it says when Discord does not accept its token. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase } from '../../db/test-database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import { startChild } from '../../runtime/child.ts';
import type { RunningChild } from '../../runtime/child.ts';
import { loadConfig } from '../../runtime/config.ts';
import { findTemporal } from '../../runtime/embedded/temporal-binary.ts';
import { startTemporal } from '../../runtime/embedded/temporal-server.ts';
import type { EmbeddedTemporal } from '../../runtime/embedded/temporal-server.ts';
import { createLogger } from '../../runtime/log.ts';
import { toolEnvironment } from '../../runtime/tool-environment.ts';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { until } from './ledger.test-kit.ts';
import { REFUSED } from './token-watch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LIMIT = { timeout: 180_000 };
const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });

let folder: string;
let database: TestDatabase;
let temporal: EmbeddedTemporal;
let cacheDir: string;
before(async () => {
  ({ cacheDir } = loadConfig());
  folder = await mkdtemp(join(tmpdir(), 'woodshed-discord-'));
  database = await createTestDatabase();
  const { path } = await findTemporal({ cacheDir, toolsDir: join(ROOT, 'tools'), log, progress() {} });
  temporal = await startTemporal({ dataDir: folder, binaryPath: path, namespace: 'default', log });
});
after(async () => {
  await temporal.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface BotProcess {
  readonly child: RunningChild;
  readonly lines: string[];
  says(words: string): boolean;
}

async function start({ botEnv }: DiscordEmulator, name: string): Promise<BotProcess> {
  const lines: string[] = [];
  await mkdir(join(folder, name));
  const child = await startChild(process.execPath, [join(ROOT, 'bots', 'discord', 'main.ts')], {
    cwd: ROOT,
    env: {
      ...toolEnvironment(),
      ...botEnv,
      WOODSHED_LINKING: 'never',
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      WOODSHED_DATA: join(folder, name),
      WOODSHED_CACHE: cacheDir,
    },
    onStdoutLine: (line) => lines.push(line),
    onStderrLine: (line) => lines.push(line),
  });
  return { child, lines, says: (words) => lines.some((line) => line.includes(JSON.stringify(words).slice(1, -1))) };
}

async function ended({ child, lines }: BotProcess, code: number): Promise<void> {
  assert.equal(child.child.exitCode, null, `it waits for a person\n${lines.join('\n')}`);
  assert.equal((await child.stop()).code, code, lines.join('\n'));
}

test(
  'a token that is taken back while the bot runs is not used again, and the bot says what to do',
  LIMIT,
  async () => {
    const discord = await createDiscordEmulator();
    const bot = await start(discord, 'taken-back');
    try {
      await until(() => bot.says('Discord is connected'));
      const calls = discord.requests.length;
      discord.revokeToken();
      await until(() => bot.says(REFUSED));
      await ended(bot, 1);
      assert.deepEqual(discord.requests.slice(calls), []);
      assert.equal(discord.gatewayCounts.identifies, 1);
    } finally {
      await bot.child.stop();
      await discord.close();
    }
  },
);

test('a token that is none is tried once', LIMIT, async () => {
  const discord = await createDiscordEmulator();
  discord.revokeToken();
  const bot = await start(discord, 'none');
  try {
    await until(() => bot.says(REFUSED));
    await ended(bot, 1);
    assert.deepEqual(
      discord.requests.map(({ method, status }) => [method, status]),
      [['GET /users/@me', 401]],
    );
  } finally {
    await bot.child.stop();
    await discord.close();
  }
});
