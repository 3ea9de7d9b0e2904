import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, runChild, startChild } from '../../runtime/child.ts';
import { freePort } from '../../runtime/embedded/free-port.ts';

export interface TestS3Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

const PACKAGE = 'github.com/versity/versitygw/cmd/versitygw';
const BUILD_LIMIT_MS = 600_000;

/** The S3 server's program: cached, or built now from the pinned module; null where there is neither it nor Go. */
export async function findS3Server(): Promise<string | null> {
  const cacheDir = process.env['WOODSHED_CACHE'] ?? join(homedir(), '.cache', 'woodshed');
  const binary = join(cacheDir, 'bin', 'versitygw');
  if ((await stat(binary).catch(() => null)) !== null) return binary;
  const go = findProgram('go');
  if (go === null) return null;
  const unfinished = `${binary}.${String(process.pid)}`;
  await mkdir(join(cacheDir, 'bin'), { recursive: true });
  const built = await runChild(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', unfinished, PACKAGE], {
    cwd: fileURLToPath(new URL('../../tools', import.meta.url)),
    env: goEnvironment(),
    timeoutMs: BUILD_LIMIT_MS,
  });
  if (built.code !== 0) throw new Error(`building the S3 server failed: ${built.stderr.slice(-2000)}`);
  await rename(unfinished, binary);
  return binary;
}

/** Go keeps its modules and builds where it always does, and asks the proxy that it is told to. */
function goEnvironment(): Record<string, string> {
  const wanted = /^(HOME|PATH|GO[A-Z]*|[A-Z]+_PROXY|SSL_CERT_(FILE|DIR))$/iu;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/** A real S3 server on a folder of its own. */
export async function startTestS3Server(binary: string): Promise<TestS3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-test-s3-'));
  const objects = join(folder, 'objects');
  const sidecar = join(folder, 'sidecar');
  await mkdir(objects);
  await mkdir(sidecar);
  const port = await freePort();
  const [accessKeyId, secretAccessKey] = ['test-access', 'test-secret'];
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const server = await startChild(
    binary,
    // Metadata in files: not every file system of a test machine has extended attributes.
    [
      '--port',
      `127.0.0.1:${String(port)}`,
      '--access',
      accessKeyId,
      '--secret',
      secretAccessKey,
      '-q',
      'posix',
      '--sidecar',
      sidecar,
      objects,
    ],
    { cwd: folder, outputFile: join(folder, 'log'), killGraceMs: 2000 },
  );
  while (!(await answers(endpoint))) {
    if (server.child.exitCode !== null) throw new Error('the S3 server ended while it was starting');
    await sleep(50);
  }
  return {
    endpoint,
    accessKeyId,
    secretAccessKey,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) }).catch(() => null);
  return response !== null;
}
