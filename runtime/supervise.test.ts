import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import type { RunningChild } from './child.ts';
import { processState } from './process-table.ts';
import { supervise } from './supervise.ts';

async function sleeper(): Promise<RunningChild> {
  return await startChild('sleep', ['600'], { cwd: tmpdir() });
}

async function until<T>(look: () => T | null, what: string): Promise<T> {
  for (const deadline = Date.now() + 60_000; ; await pause(10)) {
    const found = look();
    if (found !== null) return found;
    assert.ok(Date.now() < deadline, what);
  }
}

test('what is killed is started again, however often starting fails in between, and ends when it is stopped', async () => {
  let starts = 0;
  const failures: string[] = [];
  const exits: (string | null)[] = [];
  const supervised = await supervise({
    async start() {
      starts += 1;
      if (starts === 2 || starts === 3) throw new Error(`start ${String(starts)}`);
      return await sleeper();
    },
    onExit: ({ signal }) => exits.push(signal),
    onFailure: ({ error }) => failures.push((error as Error).message),
  });
  const first = supervised.pid ?? assert.fail();
  process.kill(first, 'SIGKILL');
  const next = await until(() => (supervised.pid === first ? null : supervised.pid), 'another one');
  assert.deepEqual([exits, failures], [['SIGKILL'], ['start 2', 'start 3']]);
  await supervised.stop();
  assert.equal(await processState(next), null);
  assert.equal(supervised.pid, null);
});

test('stopping while one is being started leaves none', async () => {
  const gate = Promise.withResolvers<undefined>();
  const started: RunningChild[] = [];
  let starts = 0;
  const supervised = await supervise({
    async start() {
      starts += 1;
      if (starts > 1) await gate.promise;
      const child = await sleeper();
      started.push(child);
      return child;
    },
    onExit: () => undefined,
    onFailure: () => undefined,
  });
  process.kill(supervised.pid ?? assert.fail(), 'SIGKILL');
  await until(() => (starts === 2 ? true : null), 'the second start');
  const stopped = supervised.stop();
  gate.resolve(undefined);
  await stopped;
  assert.equal(started.length, 2);
  for (const { pid } of started) assert.equal(await processState(pid), null);
});

test('one that cannot be started at all is said at once', async () => {
  const failing = supervise({
    start: async () => await Promise.reject(new Error('none')),
    onExit: () => undefined,
    onFailure: () => undefined,
  });
  await assert.rejects(failing, /none/u);
});
