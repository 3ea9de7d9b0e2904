// The checks of everything below the rooms: Node and packages, servers, ffmpeg, Python, Go, disk and data folder.
import { access, constants, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { childProtections, findProgram, runChild } from './child.ts';
import type { Config } from './config.ts';
import type { Check, Finding } from './doctor.ts';
import { installedFfmpeg } from './embedded/ffmpeg.ts';
import { findPostgresBinaries, postgresIdentity } from './embedded/postgres-binaries.ts';
import { findPython } from './embedded/python.ts';
import { installedTemporal } from './embedded/temporal-binary.ts';
import { waitForTemporal } from './embedded/temporal-server.ts';
import { signInNames } from './linking-config.ts';
import { processState } from './process-table.ts';
import { toolEnvironment } from './tool-environment.ts';

const NODE_MAJOR = 24;
const SERVER_LIMIT_MS = 5000;
/** A long song with its stems and their files, and the database. */
const LEAST_FREE_BYTES = 2e9;

function installCommand(debianPackage: string, otherName = debianPackage): string {
  if (findProgram('apt-get') !== null) return `sudo apt-get install -y ${debianPackage}`;
  return findProgram('brew') === null
    ? `install ${otherName} with this machine's package manager`
    : `brew install ${otherName}`;
}

function nodeCheck(): Promise<Finding> {
  const ok = Number(process.versions.node.split('.')[0]) === NODE_MAJOR;
  const detail = `Node ${process.versions.node}`;
  return Promise.resolve(ok ? { ok, detail } : { ok, detail, mend: 'npm ci, then start Woodshed by npm scripts' });
}

interface LockFile {
  readonly packages: Readonly<Record<string, { version?: string; optional?: boolean }>>;
}

async function packagesCheck({ projectRoot }: Config): Promise<Finding> {
  const read = async (path: string): Promise<LockFile> =>
    JSON.parse(await readFile(join(projectRoot, path), 'utf8')) as LockFile;
  const [wanted, found] = [await read('package-lock.json'), await read('node_modules/.package-lock.json')];
  const wrong = Object.entries(wanted.packages).flatMap(([path, { version, optional }]) => {
    const there = found.packages[path]?.version;
    return path === '' || there === version || (there === undefined && optional === true)
      ? []
      : [path.replace('node_modules/', '')];
  });
  if (wrong.length === 0) return { ok: true, detail: `${Object.keys(found.packages).length} packages as locked` };
  return {
    ok: false,
    detail: `${wrong.length} packages are missing or of another version, such as ${wrong[0]}`,
    mend: 'npm ci',
  };
}

function protectionCheck(): Promise<Finding> {
  const { parentDeathSignal, limits, networkIsolation } = childProtections();
  const missing = [
    ...(parentDeathSignal ? [] : ['they may outlive a Woodshed that is killed']),
    ...(limits ? [] : ['they have no limits of memory and time']),
    ...(networkIsolation ? [] : ['they could reach the network']),
  ];
  if (missing.length === 0) return Promise.resolve({ ok: true, detail: 'limits, no network, end with Woodshed' });
  const detail = `child processes run with less around them: ${missing.join('; ')}`;
  const mend =
    parentDeathSignal && limits ? 'allow user namespaces, or run on a system that does' : installCommand('util-linux');
  return Promise.resolve({ ok: true, detail, ...(process.platform === 'linux' ? { mend } : {}) });
}

async function postgresCheck({ databaseUrl, dataDir }: Config): Promise<Finding> {
  if (databaseUrl === null) {
    const found = await findPostgresBinaries();
    const { binaries, identity } = await postgresIdentity(found, await nearestFolder(dataDir));
    const options = { cwd: '/', wrapper: identity.wrapper, timeoutMs: 20_000 };
    const { code, stdout, stderr } = await runChild(binaries.postgres, ['--version'], options);
    if (code !== 0) return { ok: false, detail: `the embedded server does not run: ${stderr.trim()}`, mend: 'npm ci' };
    return { ok: true, detail: `${stdout.toString('utf8').trim()}, embedded` };
  }
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: SERVER_LIMIT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return { ok: true, detail: `server ${rows[0]?.server_version ?? ''} at ${new URL(databaseUrl).host}` };
  } catch (error) {
    const detail = `${new URL(databaseUrl).host} does not answer: ${(error as Error).message}`;
    return { ok: false, detail, mend: 'start that server, or correct DATABASE_URL' };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function temporalCheck({ temporal: { address, namespace }, cacheDir }: Config): Promise<Finding> {
  if (address !== null) {
    const ok = await waitForTemporal(address, namespace, SERVER_LIMIT_MS);
    if (ok) return { ok, detail: `server at ${address}, namespace ${namespace}` };
    const detail = `${address} does not answer, or has no namespace ${namespace}`;
    return { ok, detail, mend: 'start that server, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE' };
  }
  const found = await installedTemporal(cacheDir);
  if (found !== null) return { ok: true, detail: `version ${found.version}, from the ${found.source}: ${found.path}` };
  return { ok: false, detail: 'not here yet', mend: 'npm start (downloads it, or builds it with Go)' };
}

async function ffmpegCheck({ cacheDir }: Config): Promise<Finding> {
  const found = await installedFfmpeg(cacheDir);
  if (found === null) {
    return {
      ok: false,
      detail: 'not here yet',
      mend: `${installCommand('ffmpeg')}, or npm start (gets it from packages)`,
    };
  }
  const { ffmpeg, ffprobe, hasSoxr } = found;
  const programs = [ffmpeg, ffprobe].map(({ path, version, source }) => `${path} ${version} from ${source}`);
  const remarks = [
    ...(hasSoxr ? [] : ['without the soxr resampler']),
    ...(ffmpeg.isOld || ffprobe.isOld ? ['a parser from before 2022, less safe with hostile files'] : []),
  ];
  const detail = [programs.join(', '), ...remarks].join('; ');
  return { ok: true, detail, ...(remarks.length > 0 ? { mend: installCommand('ffmpeg') } : {}) };
}

async function pythonCheck(): Promise<Finding> {
  const python = await findPython();
  if (python === null) {
    return {
      ok: false,
      detail: 'no python3 (needed for links to sites, and where weights come from packages)',
      mend: installCommand('python3 python3-pip', 'python'),
    };
  }
  if (python.pipVersion === null) {
    return { ok: false, detail: `Python ${python.version} without pip`, mend: installCommand('python3-pip', 'python') };
  }
  return { ok: true, detail: `Python ${python.version} with pip ${python.pipVersion}: ${python.path}` };
}

async function ytDlpCheck({ cacheDir, links }: Config): Promise<Finding> {
  if (links.sites.length === 0) return { ok: true, detail: 'not needed: no site is switched on in woodshed.yaml' };
  const names = await readdir(join(cacheDir, 'yt-dlp')).catch(() => []);
  const wheel = names.find((name) => name.endsWith('.whl'));
  if (wheel !== undefined) return { ok: true, detail: wheel };
  return { ok: true, detail: `fetched with the first link; sites: ${links.sites.join(', ')}` };
}

async function goCheck(config: Config): Promise<Finding> {
  const go = findProgram('go');
  if (go === null) {
    const unneeded = config.temporal.address !== null || (await installedTemporal(config.cacheDir)) !== null;
    if (unneeded) return { ok: true, detail: 'not here, and not needed: the Temporal server is there' };
    return {
      ok: false,
      detail: 'not here; it builds the Temporal server where that cannot be downloaded',
      mend: installCommand('golang-go', 'go'),
    };
  }
  const { code, stdout } = await runChild(go, ['version'], { cwd: '/', env: toolEnvironment(), timeoutMs: 20_000 });
  return {
    ok: code === 0,
    detail: `${stdout
      .toString('utf8')
      .trim()
      .replace(/^go version /u, '')}: ${go}`,
  };
}

/** The folder itself, or the nearest one above it that exists. */
async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((await stat(folder).catch(() => null))?.isDirectory() === true || folder === dirname(folder)) return folder;
  }
}

async function diskCheck({ dataDir }: Config): Promise<Finding> {
  const folder = await nearestFolder(dataDir);
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const detail = `${(freeBytes / 1e9).toFixed(1)} GB free for ${dataDir}`;
  if (freeBytes >= LEAST_FREE_BYTES) return { ok: true, detail };
  return { ok: false, detail, mend: 'free some space, or set WOODSHED_DATA to a folder on another disk' };
}

async function dataFolderCheck({ dataDir }: Config): Promise<Finding> {
  const folder = await nearestFolder(dataDir);
  // oxlint-disable-next-line no-bitwise -- access modes are a bit set
  const writable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return { ok: false, detail: `${folder} may not be written to`, mend: 'set WOODSHED_DATA to a folder of yours' };
  if (folder !== dataDir) return { ok: true, detail: `${dataDir}, made at the first start` };
  const note = await readFile(join(dataDir, 'stack.json'), 'utf8').catch(() => null);
  const stack = note === null ? null : (JSON.parse(note) as { pid: number; startedAt: string });
  const runs = stack !== null && (await processState(stack.pid))?.startedAt === stack.startedAt;
  return { ok: true, detail: runs ? `${dataDir}, Woodshed runs on it (process ${stack.pid})` : dataDir };
}

async function webCheck({ web: { url, linkHours } }: Config): Promise<Finding> {
  if (url === null) {
    const detail = 'links to results lead to this machine alone';
    return { ok: true, detail, mend: 'set WOODSHED_WEB_URL, where results may be too large for a chat' };
  }
  const answer = await fetch(`${url}/healthz`, {
    redirect: 'error',
    signal: AbortSignal.timeout(SERVER_LIMIT_MS),
  }).catch(() => null);
  await answer?.body?.cancel();
  if (answer?.ok === true) return { ok: true, detail: `${url} answers; links lead there for ${linkHours} hours` };
  // Nothing is missing while Woodshed does not run.
  const detail = `${url} does not answer now${answer === null ? '' : ` as Woodshed would (HTTP ${answer.status})`}`;
  return { ok: true, detail, mend: 'start Woodshed, and lead that address to its WOODSHED_WEB_PORT' };
}

/** What is missing stops every start, this one too; here it says who has to sign in, and how. */
function linkingCheck({ linking, chats, signIn, web }: Config): Promise<Finding> {
  if (linking === 'never' || Object.values(chats).every((chat) => chat === null)) {
    return Promise.resolve({ ok: true, detail: 'nobody has to sign in before they get a result' });
  }
  const who = linking === 'always' ? 'whoever asks' : 'whoever asks in a band where nobody has';
  return Promise.resolve({
    ok: true,
    detail: `${who} signs in at ${web.url ?? ''} with ${signInNames(signIn).join(', ')} (linking: ${linking})`,
  });
}

/** All that can be checked without the rooms; the stack adds models and devices. */
export function runtimeChecks(config: Config): Check[] {
  return [
    { name: 'Node', run: nodeCheck },
    { name: 'npm packages', run: () => packagesCheck(config) },
    { name: 'child processes', run: protectionCheck },
    { name: 'PostgreSQL', run: () => postgresCheck(config) },
    { name: 'Temporal', run: () => temporalCheck(config) },
    { name: 'ffmpeg', run: () => ffmpegCheck(config) },
    { name: 'Python', run: pythonCheck },
    { name: 'yt-dlp', run: () => ytDlpCheck(config) },
    { name: 'Go', run: () => goCheck(config) },
    { name: 'web', run: () => webCheck(config) },
    { name: 'accounts', run: () => linkingCheck(config) },
    { name: 'disk', run: () => diskCheck(config) },
    { name: 'data folder', run: () => dataFolderCheck(config) },
  ];
}
