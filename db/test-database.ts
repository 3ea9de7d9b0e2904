import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startChild } from '../runtime/child.ts';
import { migrateDatabase } from './migrate.ts';
import { testServerSocket } from './test-database-server.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

const SERVER_LIMIT_MS = 60_000;

/**
 * A fresh, migrated database on a real PostgreSQL: the one of `DATABASE_URL_TEST`, or an embedded one that all test processes
 * share. `migrate: false` leaves it empty.
 */
export async function createTestDatabase({ migrate = true } = {}): Promise<TestDatabase> {
  const given = process.env['DATABASE_URL_TEST'];
  const server = given === undefined ? await embeddedServer() : { url: given, release: () => {} };
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  if (migrate) await migrateDatabase(url.href);
  return {
    url: url.href,
    async close() {
      await administer(server.url, `drop database if exists ${name} with (force)`);
      server.release();
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function embeddedServer(): Promise<{ url: string; release: () => void }> {
  for (const deadline = Date.now() + SERVER_LIMIT_MS; Date.now() < deadline; await sleep(100)) {
    const holder = await holdServer();
    if (holder === null) {
      await startServer();
      continue;
    }
    const answer = await firstLine(holder);
    if (answer === null) continue; // it was just closing
    const { url, error } = JSON.parse(answer) as { url?: string; error?: string };
    if (url === undefined) throw new Error(`the embedded PostgreSQL for tests does not start: ${error ?? 'no reason'}`);
    return { url, release: () => holder.destroy() };
  }
  throw new Error('the embedded PostgreSQL for tests did not answer');
}

/** Left to itself: it must outlive the test file that started it, and ends when nobody holds it. */
async function startServer(): Promise<void> {
  const program = fileURLToPath(new URL('test-database-server.ts', import.meta.url));
  const { exited } = await startChild('setsid', ['--fork', process.execPath, program], { cwd: '/' });
  await exited;
}

async function holdServer(): Promise<Socket | null> {
  return await new Promise((resolve) => {
    const socket = connect(testServerSocket());
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(null);
    });
  });
}

async function firstLine(socket: Socket): Promise<string | null> {
  return await new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) resolve(text.trimEnd());
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      resolve(null);
    });
  });
}
