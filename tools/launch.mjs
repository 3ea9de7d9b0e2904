// Runs a TypeScript file of the project on the pinned Node, on a machine that has nothing but some Node >= 20 and npm.
//   node tools/launch.mjs FILE [ARG …]
// Plain JavaScript without dependencies: it runs before anything is installed, and installs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const NODE = join(MODULES, 'node', 'bin', 'node');
const ENV_FILE = join(ROOT, '.env');
const LOCK = join(ROOT, '.installing');
const BEAT_MS = 2000;
/** A lock that was not touched for this long belongs to a process that was killed. */
const STALE_LOCK_MS = 20_000;
const OLDEST_NODE = 20;

function say(text) {
  process.stderr.write(`${text}\n`);
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/**
 * Whether node_modules holds what package-lock.json says. npm notes what it has installed when it is done, so an installation that
 * was killed counts as none, and one that a developer made with another npm command counts.
 */
function isInstalled() {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages;
  const found = readJson(join(MODULES, '.package-lock.json'))?.packages;
  if (!wanted || !found || !existsSync(NODE)) return false;
  const same = ([path, { version, integrity, optional }]) => {
    const there = found[path];
    // What is optional may be for another platform.
    return there ? there.version === version && there.integrity === integrity : optional === true;
  };
  return Object.entries(wanted).every(([path, entry]) => path === '' || same([path, entry]));
}

function isStale(lock) {
  const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && Date.now() - touched > STALE_LOCK_MS;
}

/** Tells the others that this process lives. */
function touch(lock) {
  const now = new Date();
  if (existsSync(lock)) utimesSync(lock, now, now);
}

function tryLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (isStale(LOCK)) {
    const aside = `${LOCK}.${process.pid}`;
    try {
      renameSync(LOCK, aside); // of several that see a stale lock, one moves it
      if (isStale(aside)) rmSync(aside);
      else renameSync(aside, LOCK); // another was quicker, and this is its own
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return false;
}

/** Two scripts started at once on a fresh clone install once. */
async function withLock(work) {
  for (let told = false; !tryLock(); told = true) {
    if (!told) say('Another process is installing the packages; waiting for it …');
    await pause(200);
  }
  const beat = setInterval(() => touch(LOCK), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(LOCK, { force: true });
  }
}

/** Its output goes to standard error: standard output belongs to the program. */
function npm(args) {
  // npm's own script when it is npm that runs us, so that the same npm is used; the PATH's otherwise.
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip' },
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} failed (${code}); its lines are above`)),
    );
  });
}

/** npm may be told to run no install scripts; the package "node" needs its own to fetch the binary of this platform. */
function bringNode() {
  if (existsSync(NODE)) return;
  const { version } = createRequire(import.meta.url)(join(MODULES, 'node', 'package.json'));
  say(`Getting Node ${version} …`);
  const home = join(MODULES, 'node');
  spawnSync(process.execPath, ['installArchSpecificPackage'], { cwd: home, stdio: ['ignore', 2, 2] });
  if (!existsSync(NODE)) throw new Error('the npm package "node" did not bring its binary; run: npm rebuild node');
}

async function install() {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    say('Installing packages (once, about a minute) …');
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    const tell = setInterval(() => say(`  still installing, ${seconds()} s …`), 15_000);
    try {
      await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      bringNode();
    } finally {
      clearInterval(tell);
    }
    if (!isInstalled()) throw new Error('npm installed other packages than package-lock.json lists; run: npm ci');
    say(`Packages are there (${seconds()} s).`);
  });
}

/** Ends the program when this process is killed, where the system can do that. */
function deathWrapper() {
  const works = process.platform === 'linux' && spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;
  return works ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];
}

function run(file, args) {
  const cache = process.env.WOODSHED_CACHE || join(homedir(), '.cache', 'woodshed');
  const environment = {
    // Every process of ours begins with the same files; compiled once, a third of its start is saved.
    NODE_COMPILE_CACHE: join(cache, 'node'),
    ...process.env,
    PATH: [join(MODULES, 'node', 'bin'), join(MODULES, '.bin'), process.env.PATH].join(delimiter),
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
  };
  // The operator's settings are for Woodshed itself: tests and tools never see a real database.
  const settings = file === 'woodshed.ts' && existsSync(ENV_FILE) ? [`--env-file=${ENV_FILE}`] : [];
  const [command, ...rest] = [...deathWrapper(), NODE, ...settings, join(ROOT, file), ...args];
  const child = spawn(command, rest, { stdio: 'inherit', env: environment });
  // Ctrl-C reaches the child by the terminal too; passing it on would be a second one.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => (atTerminal ? undefined : child.kill('SIGINT')));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    say(`Woodshed could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

const [file, ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  say(`Woodshed needs Node ${OLDEST_NODE} or newer to begin with; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else if (file === undefined) {
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
