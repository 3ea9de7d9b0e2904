import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram, runChild, startChild } from '../runtime/child.ts';
import type { ChildResult } from '../runtime/child.ts';

/** A project of its own with one package to install, and an npm that notes how often it was asked. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'woodshed-launch-'));
  mkdirSync(join(root, 'tools'));
  copyFileSync(join(import.meta.dirname, 'launch.mjs'), join(root, 'tools', 'launch.mjs'));
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', optional: true },
    },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(
    join(root, 'npm.js'),
    `const { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
     appendFileSync('installs', process.argv.slice(2).join(' ') + '\\n');
     console.log('a line of npm');
     rmSync('node_modules', { recursive: true, force: true });
     mkdirSync('node_modules/node/bin', { recursive: true });
     symlinkSync(process.execPath, 'node_modules/node/bin/node');
     setTimeout(() => writeFileSync('node_modules/.package-lock.json',
       JSON.stringify({ packages: { 'node_modules/a': { version: process.env.NPM_BRINGS ?? '1.0.0' } } })), 300);`,
  );
  writeFileSync(
    join(root, 'say.ts'),
    'console.log(JSON.stringify([process.argv.slice(2), process.env.INIT_CWD]) as string);',
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function launch(args: readonly string[], env: Record<string, string> = {}): Promise<ChildResult> {
  return runChild(process.execPath, [join(root, 'tools', 'launch.mjs'), ...args], {
    cwd: tmpdir(),
    env: { npm_execpath: join(root, 'npm.js'), ...env },
  });
}

function installs(): number {
  return existsSync(join(root, 'installs'))
    ? readFileSync(join(root, 'installs'), 'utf8').trim().split('\n').length
    : 0;
}

test('installs once, keeps standard output for the program, and passes arguments and the place on', async () => {
  const first = await launch(['say.ts', 'a b', '--json']);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stdout.toString('utf8'), `${JSON.stringify([['a b', '--json'], tmpdir()])}\n`);
  assert.match(first.stderr, /Installing packages.*a line of npm.*Packages are there/su);
  const second = await launch(['say.ts'], { INIT_CWD: '/music' });
  assert.deepEqual([second.stdout.toString('utf8'), second.stderr], [`${JSON.stringify([[], '/music'])}\n`, '']);
  assert.equal(installs(), 1);
});

test('several at once on a fresh clone install once, and all of them run', async () => {
  const results = await Promise.all([1, 2, 3].map((number) => launch(['say.ts', String(number)])));
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0, 0],
  );
  assert.equal(installs(), 1);
  assert.equal(results.filter(({ stderr }) => stderr.includes('Another process is installing')).length, 2);
});

test('a lock file that changed, and an installation that was killed, are installed anew', async () => {
  await launch(['say.ts']);
  const path = join(root, 'package-lock.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"1.0.0"', '"1.0.1"'));
  const newer = await launch(['say.ts'], { NPM_BRINGS: '1.0.1' });
  assert.deepEqual([newer.code, installs()], [0, 2]);
  rmSync(join(root, 'node_modules', '.package-lock.json'));
  await launch(['say.ts'], { NPM_BRINGS: '1.0.1' });
  assert.equal(installs(), 3);
});

test('a lock that a killed process left is taken over', async () => {
  const lock = join(root, '.installing');
  writeFileSync(lock, '1');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  const results = await Promise.all([launch(['say.ts']), launch(['say.ts'])]);
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0],
  );
  assert.equal(installs(), 1);
  assert.equal(existsSync(lock), false);
});

test('an installation that fails, or brings something else, is said, and nothing runs', async () => {
  const wrong = await launch(['say.ts'], { NPM_BRINGS: '9.9.9' });
  assert.deepEqual([wrong.code, wrong.stdout.length], [1, 0]);
  assert.match(wrong.stderr, /installed other packages than package-lock\.json lists/u);
  writeFileSync(join(root, 'npm.js'), 'process.exitCode = 7;');
  const failed = await launch(['say.ts']);
  assert.match(failed.stderr, /npm ci failed \(7\)/u);
  assert.equal(failed.code, 1);
  assert.equal(existsSync(join(root, '.installing')), false);
});

test("gives back the program's exit code, and the settings file to Woodshed alone", async () => {
  writeFileSync(join(root, '.env'), 'SETTING=from-file\n');
  const program = 'console.log(process.env.SETTING); process.exitCode = 2;';
  for (const name of ['woodshed.ts', 'other.ts']) writeFileSync(join(root, name), program);
  const own = await launch(['woodshed.ts']);
  assert.deepEqual([own.code, own.stdout.toString('utf8')], [2, 'from-file\n']);
  const over = await launch(['woodshed.ts'], { SETTING: 'from-environment' });
  assert.equal(over.stdout.toString('utf8'), 'from-environment\n');
  const other = await launch(['other.ts']);
  assert.equal(other.stdout.toString('utf8'), 'undefined\n');
});

/** A program that notes the signal it got. */
function writeWaiting(mark: string): void {
  writeFileSync(
    join(root, 'wait.ts'),
    `import { writeFileSync } from 'node:fs';
     for (const signal of ['SIGTERM', 'SIGINT'] as const)
       process.once(signal, () => { writeFileSync(${JSON.stringify(mark)}, signal); process.exit(5); });
     setInterval(() => {}, 1000);
     console.log('ready');`,
  );
}

async function untilThere(mark: string): Promise<string> {
  // It is there before anything is in it.
  for (const deadline = Date.now() + 10_000; ; await pause(20)) {
    const written = existsSync(mark) ? readFileSync(mark, 'utf8') : '';
    if (written !== '') return written;
    assert.ok(Date.now() < deadline, 'the program got no signal');
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`passes ${signal} on`, async () => {
    await launch(['say.ts']);
    const mark = join(root, 'mark');
    writeWaiting(mark);
    let ready: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const launcher = await startChild(process.execPath, [join(root, 'tools', 'launch.mjs'), 'wait.ts'], {
      cwd: root,
      onStdoutLine: () => ready(),
    });
    await isReady;
    process.kill(launcher.pid, signal);
    assert.equal((await launcher.exited).code, 5);
    assert.equal(await untilThere(mark), signal);
  });
}

test('the program ends when its launcher is killed', async (t) => {
  if (findProgram('setpriv') === null) return t.skip('setpriv is not here');
  await launch(['say.ts']);
  const mark = join(root, 'mark');
  writeWaiting(mark);
  const lines: string[] = [];
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  // The shell lives on, so that nothing but the launcher's death ends the program.
  const line = '"$0" tools/launch.mjs wait.ts & echo $!; sleep 60';
  const shell = await startChild('sh', ['-c', line, process.execPath], {
    cwd: root,
    onStdoutLine: (said) => {
      lines.push(said);
      if (lines.length === 2) ready();
    },
  });
  t.after(shell.stop);
  await isReady;
  process.kill(Number(lines[0]), 'SIGKILL');
  assert.equal(await untilThere(mark), 'SIGTERM');
  return undefined;
});
