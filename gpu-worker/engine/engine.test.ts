import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { EngineCrashError, EngineTaskError, isOutOfMemory } from './engine-error.ts';
import { createNodeBench, KIT_REGISTRY } from './node-bench.test-kit.ts';
import type { NodeBench } from './node-bench.test-kit.ts';
import { graceLeftMs } from './stop-grace.ts';
import type { StopGrace } from './stop-grace.ts';

let engine: Engine;
beforeEach(() => {
  engine = createEngine({ threads: 2, registryUrl: KIT_REGISTRY });
});
afterEach(async () => {
  await engine.close();
});

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await pause(10);
  }
  return false;
}

test('describes separators, and answers null for one that the registry has not', async () => {
  assert.deepEqual(await engine.run('describe', { separator: 'half-overlap' }), {
    slots: ['same', 'mirrored'],
    models: ['folder'],
    version: 1,
  });
  assert.equal(await engine.run('describe', { separator: 'nonsense' }), null);
});

test('a task that fails says where, and the process lives on', async () => {
  const choice = { separator: 'half-overlap', quality: 'fast', modelPaths: [] } as const;
  const missing = engine.run('prepare', { choice, mixPath: '/nonexistent/mix.wav' });
  await assert.rejects(missing, (error: unknown) => {
    assert.ok(error instanceof EngineTaskError);
    assert.equal(error.failure.code, 'ENOENT');
    return !isOutOfMemory(error);
  });
  const { pid } = engine;
  assert.ok(pid !== null);
  await engine.run('describe', { separator: 'half-overlap' });
  assert.equal(engine.pid, pid);
});

test('a process that is killed fails its tasks, and the next task gets a new one', async () => {
  await engine.run('describe', { separator: 'half-overlap' });
  const { pid } = engine;
  const running = engine.run('describe', { separator: 'half-overlap' });
  process.kill(pid as number, 'SIGKILL');
  await assert.rejects(running, (error: unknown) => error instanceof EngineCrashError && isOutOfMemory(error));
  assert.notEqual(await engine.run('describe', { separator: 'half-overlap' }), null);
  assert.notEqual(engine.pid, pid);
});

test('an aborted signal starts nothing, a closed engine neither', async () => {
  const input = { separator: 'half-overlap' };
  const reason = new Error('no longer wanted');
  await assert.rejects(engine.run('describe', input, { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(engine.pid, null);
  await engine.close();
  await assert.rejects(engine.run('describe', input), /closed/u);
  assert.equal(engine.pid, null);
});

test('close leaves no process', async () => {
  await engine.run('describe', { separator: 'half-overlap' });
  const { pid } = engine;
  await engine.close();
  assert.throws(() => process.kill(pid as number, 0), { code: 'ESRCH' });
});

test('dies with a gpu-worker that is killed, even in the middle of a window', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-orphan-'));
  const script = `
    import { createNodeBench } from ${JSON.stringify(new URL('node-bench.test-kit.ts', import.meta.url).href)};
    import { readdir } from 'node:fs/promises';
    const bench = await createNodeBench();
    const mix = await bench.putMix([new Float32Array(99999).fill(0.5), new Float32Array(99999)]);
    bench.run({ separator: 'stubborn', mix });
    while (!(await readdir(bench.gateFolder)).includes('begun')) await new Promise((turn) => setImmediate(turn));
    process.stdout.write(String(bench.engine.pid) + '\\n');
  `;
  const worker = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(worker.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    assert.ok(pid > 1);
    process.kill(pid, 0);
    worker.kill('SIGKILL');
    assert.ok(await isGone(pid));
  } finally {
    worker.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

/** A task that blocks its thread, and one beside it that waits for the file `gate`. */
async function twoAtOnce(
  stopGrace: StopGrace,
  within: (bench: NodeBench, stubborn: Promise<unknown>, stop: () => void, gated: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const bench = await createNodeBench({ threads: 3, stopGrace });
  try {
    const mix = await bench.putMix([new Float32Array(3 * 44_100).fill(0.5), new Float32Array(3 * 44_100)]);
    const start = async (separator: string, signal?: AbortSignal): Promise<unknown> => {
      const choice = { separator, quality: 'fast', modelPaths: [['folder', [bench.gateFolder]]] } as const;
      const mixPath = join(bench.folder, 'blobs', mix.key);
      const prepared = await bench.engine.run('prepare', { choice, mixPath });
      const chunkPath = join(bench.folder, separator);
      const range = { first: 0, last: 2 };
      const runtime = { device: 'cpu', threads: 1 } as const;
      const input = { choice, runtime, mixPath, mix: prepared, range, chunkPath };
      return await bench.engine.run('computeChunk', input, signal === undefined ? {} : { signal });
    };
    const stopping = new AbortController();
    const gated = start('gated');
    const stubborn = start('stubborn', stopping.signal);
    for (const running of [gated, stubborn]) running.catch(() => undefined);
    while (!(await readdir(bench.gateFolder)).includes('begun')) await pause(5);
    await within(bench, stubborn, () => stopping.abort(STOPPED), gated);
  } finally {
    await bench.close();
  }
}
const STOPPED = new Error('no longer wanted');

test('who does not stop is killed once nobody else is in the process', async () => {
  await twoAtOnce({ aloneMs: 1, sharedMs: 60_000 }, async (bench, stubborn, stop, gated) => {
    const { pid } = bench.engine;
    stop();
    // Somebody comes and goes meanwhile.
    assert.notEqual(await bench.engine.run('describe', { separator: 'gated' }), null);
    await writeFile(join(bench.gateFolder, 'gate'), '');
    await gated;
    await assert.rejects(stubborn, STOPPED);
    assert.throws(() => process.kill(pid as number, 0), { code: 'ESRCH' });
    assert.notEqual(await bench.engine.run('describe', { separator: 'gated' }), null);
  });
});

test('whose process we kill for another that hangs may try again, and wants no memory', async () => {
  await twoAtOnce({ aloneMs: 1, sharedMs: 50 }, async (bench, stubborn, stop, gated) => {
    stop();
    await assert.rejects(stubborn, STOPPED);
    await assert.rejects(gated, (error: unknown) => {
      assert.ok(error instanceof EngineCrashError);
      assert.equal(error.killedFor, 'stop');
      return !isOutOfMemory(error);
    });
    assert.notEqual(await bench.engine.run('describe', { separator: 'gated' }), null);
  });
});

test('whose process is reset by another may try again, and who comes meanwhile gets the next one', async () => {
  await twoAtOnce({ aloneMs: 60_000, sharedMs: 60_000 }, async (bench, _stubborn, _stop, gated) => {
    const { pid } = bench.engine;
    const resetting = bench.engine.reset();
    await Promise.resolve();
    const meanwhile = bench.engine.run('describe', { separator: 'gated' });
    await assert.rejects(gated, (error: unknown) => error instanceof EngineCrashError && !isOutOfMemory(error));
    await resetting;
    assert.notEqual(await meanwhile, null);
    assert.notEqual(bench.engine.pid, pid);
  });
});

test('the grace is short for those alone, long beside others, and counts from the first stop', () => {
  const grace = { aloneMs: 20, sharedMs: 300 };
  assert.equal(graceLeftMs([], 1000, grace), null);
  assert.equal(graceLeftMs([null, null], 1000, grace), null);
  assert.equal(graceLeftMs([1000], 1000, grace), 20);
  assert.equal(graceLeftMs([995, 990], 1000, grace), 10);
  assert.equal(graceLeftMs([995, null, 990], 1000, grace), 290);
  assert.equal(graceLeftMs([100], 1000, grace), 0);
});

test('tells want of memory from other failures', () => {
  const failed = (message: string, code?: string): EngineTaskError =>
    new EngineTaskError('computeChunk', { name: 'Error', message, stack: undefined, code });
  for (const error of [
    failed(
      'Non-zero status code returned while running Conv: Failed to allocate memory for requested buffer of size 9',
    ),
    failed('CUDA failure 2: out of memory ; GPU=0'),
    failed('CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED'),
    failed('std::bad_alloc'),
    failed('Array buffer allocation failed'),
    failed('Worker terminated due to reaching memory limit', 'ERR_WORKER_OUT_OF_MEMORY'),
    new EngineCrashError(null, 'SIGKILL', ''),
    new EngineCrashError(
      134,
      null,
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ),
  ]) {
    assert.ok(isOutOfMemory(error), error.message);
  }
  for (const error of [
    failed('CUDA failure 700: an illegal memory access was encountered'),
    failed('ENOSPC: no space left on device', 'ENOSPC'),
    new EngineCrashError(null, 'SIGSEGV', ''),
    new EngineCrashError(null, 'SIGKILL', '', 'stop'),
    new EngineCrashError(null, 'SIGKILL', 'std::bad_alloc', 'reset'),
    new Error('out of memory'),
  ]) {
    assert.ok(!isOutOfMemory(error), error.message);
  }
});
