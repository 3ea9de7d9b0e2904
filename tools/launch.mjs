// Runs a TypeScript file of the project on the pinned Node, on a machine that has nothing but some Node >= 20 and npm.
//   node tools/launch.mjs FILE [ARG …]
// Plain JavaScript without dependencies: it runs before anything is installed, and installs it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.woodshed-installed');
const LOCK = join(ROOT, '.installing');
const NODE = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
/** An installation that has not moved its lock for this long belongs to a process that was killed. */
const STALE_LOCK_MS = 30_000;

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** What the installed packages must come from. */
function wanted() {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', 'package.json']) {
    // Scripts may change without another installation.
    const text = readFileSync(join(ROOT, name), 'utf8');
    hash.update(name === 'package.json' ? JSON.stringify(JSON.parse(text).dependencies ?? {}) : text);
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch}`;
}

function isInstalled() {
  return existsSync(NODE) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();
}

/** Two scripts started at once on a fresh clone install once. */
async function withLock(work) {
  for (let told = false; ; told = true) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > STALE_LOCK_MS) {
        rmSync(LOCK, { recursive: true, force: true });
      } else {
        if (!told) say('Another process is installing the packages; waiting for it …');
        await pause(200);
      }
    }
  }
  const beat = setInterval(() => writeFileSync(join(LOCK, 'alive'), ''), 5000);
  try {
    await work();
  } finally {
    clearInterval(beat);
    rmSync(LOCK, { recursive: true, force: true });
  }
}

async function install() {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    say('Installing packages (once, about a minute) …');
    const began = Date.now();
    await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (!existsSync(NODE)) {
      // npm may be told not to run install scripts; the Node package needs its own to fetch the binary for this platform.
      const { status } = spawnSync(process.execPath, ['installArchSpecificPackage'], {
        cwd: join(MODULES, 'node'),
        stdio: 'inherit',
      });
      if (status !== 0 || !existsSync(NODE))
        throw new Error('the npm package "node" did not bring its binary; run: npm rebuild node');
    }
    writeFileSync(STAMP, wanted());
    say(`Packages are there (${Math.round((Date.now() - began) / 1000)} s).`);
  });
}

/** Its output goes to standard error: standard output belongs to the program. */
function npm(args) {
  const tell = setInterval(() => say('  still installing …'), 15_000);
  // npm's own script when it is npm that runs us, so that the same npm is used; the PATH's otherwise.
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} failed (${code}); its lines are above`)),
    );
  }).finally(() => clearInterval(tell));
}

function run(file, args) {
  const path = [join(MODULES, 'node', 'bin'), join(MODULES, '.bin'), process.env.PATH].join(':');
  const child = spawn(NODE, [join(ROOT, file), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path, INIT_CWD: process.env.INIT_CWD ?? process.cwd() },
  });
  // Ctrl-C reaches the child by the terminal; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + (signal === 'SIGINT' ? 2 : 15);
  });
}

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  say('usage: node tools/launch.mjs FILE [ARG …]');
  process.exitCode = 1;
} else {
  try {
    await install();
    run(file, args);
  } catch (error) {
    say(`Woodshed could not be set up: ${error.message}`);
    process.exitCode = 1;
  }
}
