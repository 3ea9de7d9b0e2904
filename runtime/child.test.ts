import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { childProtections, findProgram, MissingProgramError, runChild, startChild } from './child.ts';
import { processState } from './process-table.ts';

let cwd = '';
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'woodshed-child-'))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await condition()); await pause(20)) {
    assert.ok(Date.now() < deadline, what);
  }
}

async function isGone(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state === null || state.zombie;
}

test('a child sees PATH, LANG and what it is given, and nothing else of ours', async () => {
  process.env.CHILD_TEST_SECRET = 'not for children';
  const { code, stdout } = await runChild('env', [], { cwd, env: { GIVEN: 'yes' } });
  delete process.env.CHILD_TEST_SECRET;
  assert.equal(code, 0);
  const names = stdout
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  assert.deepEqual(new Set(names), new Set(['PATH', 'LANG', 'GIVEN']));
});

test('arguments reach the program as they are: there is no shell', async () => {
  const args = ['%s\n', '$(id)', '; ls', 'a \'b\' "c"', '*', '--'];
  const { stdout } = await runChild('printf', args, { cwd });
  assert.equal(
    stdout.toString('utf8'),
    args
      .slice(1)
      .map((arg) => `${arg}\n`)
      .join(''),
  );
});

test('output beyond the limit is read and dropped', async () => {
  const input = Buffer.alloc(300_000, 97);
  const cut = await runChild('cat', [], { cwd, input });
  assert.deepEqual([cut.code, cut.stdout.length], [0, 65_536]);
  const whole = await runChild('cat', [], { cwd, input, maxOutputBytes: 1e6 });
  assert.ok(whole.stdout.equals(input));
});

test('input may be endless when the child stops reading', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      await pause(0);
      yield Buffer.alloc(65_536, 98);
    }
  }
  const { code, stdout } = await runChild('head', ['-c', '3'], { cwd, input: endless() });
  assert.deepEqual([code, stdout.toString('utf8')], [0, 'bbb']);
});

test('an input that fails ends the child and is what the caller gets', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('a'));
    throw new Error('the source broke');
  }
  await assert.rejects(runChild('cat', [], { cwd, input: broken() }), /the source broke/u);
});

test('a consumer takes the stream, and its failure ends the child', async () => {
  let bytes = 0;
  const good = await runChild('head', ['-c', '1000000', '/dev/zero'], {
    cwd,
    onStdout: async (stdout) => {
      for await (const piece of stdout as AsyncIterable<Buffer>) bytes += piece.length;
    },
  });
  assert.deepEqual([good.code, bytes, good.stdout.length], [0, 1_000_000, 0]);
  await assert.rejects(
    runChild('yes', [], { cwd, onStdout: () => Promise.reject(new Error('the consumer broke')) }),
    /the consumer broke/u,
  );
});

test('a child over its time is ended, and a deaf one is killed after the grace', async () => {
  const polite = await runChild('sleep', ['60'], { cwd, timeoutMs: 50 });
  assert.deepEqual([polite.killedBy, polite.signal], ['timeout', 'SIGTERM']);
  const deaf = await runChild('sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.1; done"], {
    cwd,
    timeoutMs: 200,
    killGraceMs: 100,
  });
  assert.deepEqual([deaf.killedBy, deaf.signal], ['timeout', 'SIGKILL']);
});

test('an aborted child is ended with everything that it started', async () => {
  const controller = new AbortController();
  const pidFile = join(cwd, 'pid');
  const running = runChild('sh', ['-c', `sleep 60 & echo $! > ${pidFile}; wait`], { cwd, signal: controller.signal });
  let grandchild = 0;
  await until(() => {
    grandchild = Number(readFileSync(pidFile, { encoding: 'utf8', flag: 'a+' }));
    return grandchild > 0;
  }, 'the grandchild never started');
  controller.abort();
  assert.equal((await running).killedBy, 'abort');
  await until(() => isGone(grandchild), 'the grandchild lives on');
  const never = await runChild('touch', ['made'], { cwd, signal: AbortSignal.abort() });
  assert.equal(never.killedBy, 'abort');
});

test('what a child leaves running is ended when it ends', async () => {
  const { stdout } = await runChild('sh', ['-c', 'sleep 60 & echo $!'], { cwd });
  await until(() => isGone(Number(stdout.toString('utf8'))), 'the left-over lives on');
});

test('the kernel ends a child over its limits', async (t) => {
  if (!childProtections().limits) return t.skip('prlimit is not here');
  const busy = await runChild('sh', ['-c', 'while :; do :; done'], { cwd, limits: { cpuSeconds: 1 } });
  assert.equal(busy.killedBy, 'cpu');
  const large = await runChild('dd', ['if=/dev/zero', 'of=big', 'bs=1000', 'count=10'], {
    cwd,
    limits: { fileSizeBytes: 1500 },
  });
  assert.notEqual(large.code, 0);
  assert.equal(readFileSync(join(cwd, 'big')).length, 1500);
  const greedy = await runChild(process.execPath, ['-e', '0'], { cwd, limits: { addressSpaceBytes: 50e6 } });
  assert.notEqual(greedy.code, 0);
  return undefined;
});

test('a child without network has no way out, not even to this machine', async (t) => {
  if (!childProtections().networkIsolation) return t.skip('network namespaces are not allowed here');
  const interfaces = async (network: 'none' | 'inherit'): Promise<string[]> => {
    const { stdout } = await runChild('cat', ['/proc/net/dev'], { cwd, network });
    return stdout
      .toString('utf8')
      .split('\n')
      .flatMap((line) => /^\s*(\S+):/u.exec(line)?.[1] ?? []);
  };
  assert.deepEqual(await interfaces('none'), ['lo']);
  const route = await runChild('cat', ['/proc/net/route'], { cwd, network: 'none' });
  assert.equal(route.stdout.toString('utf8').trim().split('\n').length, 1);
  return undefined;
});

test('a program that is not there is a typed error, before anything is started', async () => {
  await assert.rejects(runChild('no-such-program-here', [], { cwd }), (error: unknown) => {
    assert.ok(error instanceof MissingProgramError);
    assert.equal(error.program, 'no-such-program-here');
    return true;
  });
  writeFileSync(join(cwd, 'not-executable'), '');
  await assert.rejects(startChild(join(cwd, 'not-executable'), [], { cwd }), MissingProgramError);
  await assert.rejects(runChild('./relative', [], { cwd }), TypeError);
  assert.equal(findProgram('sh', '/nonexistent'), null);
  assert.match(findProgram('sh') ?? '', /^\/.*\/sh$/u);
});

test('children are not started from worker threads', async () => {
  const script = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(join(import.meta.dirname, 'child.ts'))})
      .then(({ runChild }) => runChild('true', [], { cwd: '/' }))
      .then(() => parentPort.postMessage('started'), (error) => parentPort.postMessage(error.message));`;
  const worker = new Worker(script, { eval: true });
  const said = await new Promise((resolve) => void worker.once('message', resolve));
  await worker.terminate();
  assert.match(String(said), /main thread/u);
});

test('a long-lived child gives its lines, talks over its channel, and stops', async () => {
  const program = join(cwd, 'echo.mjs');
  writeFileSync(program, "console.log('ready'); process.on('message', (m) => process.send({ back: m }));");
  const lines: string[] = [];
  const running = await startChild(process.execPath, [program], {
    cwd,
    ipc: true,
    serialization: 'advanced',
    onStdoutLine: (line) => lines.push(line),
  });
  const answer = new Promise((resolve) => void running.child.once('message', resolve));
  running.child.send(new Float32Array([1, 2]));
  assert.deepEqual(await answer, { back: new Float32Array([1, 2]) });
  await until(() => lines.length > 0, 'no line came');
  assert.deepEqual(lines, ['ready']);
  const [first, second] = await Promise.all([running.stop(), running.stop()]);
  assert.deepEqual(first, { code: null, signal: 'SIGTERM' });
  assert.deepEqual(second, first);
  assert.ok(await isGone(running.pid));
});

test('a child dies with the process that started it, however that dies', async (t) => {
  if (!childProtections().parentDeathSignal) return t.skip('setpriv is not here');
  const program = join(cwd, 'parent.mjs');
  writeFileSync(
    program,
    `import { startChild } from ${JSON.stringify(join(import.meta.dirname, 'child.ts'))};
     const { pid } = await startChild('sleep', ['60'], { cwd: '/' });
     console.log(pid);`,
  );
  let sleeper = 0;
  const parent = await startChild(process.execPath, [program], {
    cwd,
    onStdoutLine: (line) => (sleeper = Number(line)),
  });
  await until(() => sleeper > 0, 'the parent said no pid');
  assert.equal(await isGone(sleeper), false);
  process.kill(parent.pid, 'SIGKILL');
  await parent.exited;
  await until(() => isGone(sleeper), 'the child outlived its parent');
  return undefined;
});
