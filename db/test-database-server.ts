// One PostgreSQL for all test processes of this user: a process of its own that lives as long as any of them holds a
// connection to its socket, and tells each where the server is. The socket's name is the lock: only one process gets it.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../runtime/embedded/postgres.ts';
import { createLogger } from '../runtime/log.ts';

/** Test files of one run follow each other; the server waits this long for the next. */
const IDLE_MS = 3000;

/** Linux has socket names without files, which cannot be left behind by a kill. */
export function testServerSocket(): string {
  const name = `woodshed-test-postgres-${String(process.getuid?.() ?? 0)}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

async function hold(): Promise<Server | null> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(testServerSocket(), () => {
      resolve(server);
    });
  });
}

/** Tests need no durability across a power cut, and may open many connections. */
async function makeFast(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off']) {
    await client.query(`alter system set ${setting}`);
  }
  await client.query('select pg_reload_conf()');
  await client.end();
}

async function serve(): Promise<void> {
  const server = await hold();
  if (server === null) return;
  const dataDir = await mkdtemp(join(tmpdir(), `woodshed-test-postgres-${randomBytes(2).toString('hex')}-`));
  // PostgreSQL may run as another user, who must be able to pass.
  await chmod(dataDir, 0o711);
  const log = createLogger({ name: 'test-postgres', level: 'warn', destination: 'stderr' });
  const ready = startPostgres({ dataDir, log }).then(async (postgres) => {
    await makeFast(postgres.url);
    return postgres;
  });
  let holders = 0;
  let idle: NodeJS.Timeout | undefined;
  const end = async (): Promise<void> => {
    server.close();
    await ready.then((postgres) => postgres.stop()).catch(() => {});
    await rm(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  const waitForNext = (): void => {
    idle = setTimeout(() => void end(), IDLE_MS);
  };
  waitForNext();
  server.on('connection', (holder) => {
    holders += 1;
    clearTimeout(idle);
    holder.on('error', () => {});
    holder.on('close', () => {
      holders -= 1;
      if (holders === 0) waitForNext();
    });
    ready.then(
      ({ url }) => holder.write(`${JSON.stringify({ url })}\n`),
      (error: unknown) => holder.end(`${JSON.stringify({ error: String(error) })}\n`),
    );
  });
}

if (process.argv[1] === import.meta.filename) await serve();
