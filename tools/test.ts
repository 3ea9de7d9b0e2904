/**
 * `npm test [-- FILE …]`: format, lint and types; then what the tests need (Temporal server, ffmpeg, PostgreSQL, the model); then all
 * tests, or the files named.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { createModelStore } from '../gpu-worker/models/model-store.ts';
import { startChild } from '../runtime/child.ts';
import { loadConfig } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { findPostgresBinaries } from '../runtime/embedded/postgres-binaries.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { createLogger } from '../runtime/log.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import { check } from './check.ts';

const ROOT = join(import.meta.dirname, '..');
const MODEL = 'spleeter-2stems';
/** Files that run at once; each may start servers of its own. */
const CONCURRENCY = 2;
/** Of one file: a test that hangs fails. */
const FILE_LIMIT_MS = 600_000;

async function setUp(config: Config): Promise<void> {
  const log = createLogger({ name: 'test', level: 'error', destination: 'stderr' });
  const progress = (line: string): void => console.log(`  ${line}`);
  const fetching = { cacheDir: config.cacheDir, log, progress };
  const temporal = await findTemporal({ ...fetching, toolsDir: join(ROOT, 'tools') });
  console.log(`Temporal server: ${temporal.path} (${temporal.version})`);
  const { ffmpeg, ffprobe } = await findFfmpeg(fetching);
  console.log(`ffmpeg: ${ffmpeg.path} (${ffmpeg.version}), ${ffprobe.path} (${ffprobe.version})`);
  console.log(`PostgreSQL: ${(await findPostgresBinaries()).postgres}`);
  const packageEnvironment = toolEnvironment();
  const models = createModelStore({ cacheDir: config.cacheDir, log, ...config.models, packageEnvironment });
  const status = await models.status(MODEL);
  if (status.state !== 'ready') progress(`Getting the model ${MODEL} (once, ${status.megabytes} MB)…`);
  const model = await models.ensure(MODEL);
  console.log(`model ${MODEL}: ${model.onnxPaths.join(', ')}`);
}

/** Only what they need passes: a real database or store that the environment names is not for tests. */
function testEnvironment(config: Config): Record<string, string> {
  const shared = process.env.WOODSHED_SHARED;
  return {
    ...toolEnvironment(),
    WOODSHED_CACHE: config.cacheDir,
    NODE_COMPILE_CACHE: join(config.cacheDir, 'node'),
    ...(shared === undefined ? {} : { WOODSHED_SHARED: shared }),
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
  };
}

async function runTests(config: Config, files: readonly string[]): Promise<boolean> {
  const flags = [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${CONCURRENCY}`,
    `--test-timeout=${FILE_LIMIT_MS}`,
  ];
  const child = await startChild(process.execPath, [...flags, ...files], {
    cwd: ROOT,
    env: testEnvironment(config),
    onStdoutLine: (line) => console.log(line),
    onStderrLine: (line) => console.error(line),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void child.stop());
  return (await child.exited).code === 0;
}

const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync('**/*.test.ts', { cwd: ROOT, exclude: ['node_modules'] }).sort();
if (files.length === 0) throw new Error('there is no test to run');
const config = loadConfig({ env: { WOODSHED_CACHE: process.env.WOODSHED_CACHE } });
const checked = await check(false);
await setUp(config);
const passed = await runTests(config, files);
if (!checked) console.error('npm run check fails; its lines are at the top');
process.exitCode = checked && passed ? 0 : 1;
