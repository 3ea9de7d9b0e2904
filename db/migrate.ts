import { Client, escapeIdentifier } from 'pg';
import { openOrm } from './orm.ts';

/** Any number; the same in every process that migrates. */
const MIGRATION_LOCK = 7_311_905;
const NO_SUCH_DATABASE = '3D000';
const EXISTS_ALREADY = new Set(['42P04', '23505']);

/** Creates the database where it is missing and brings its tables up to date. Several processes may call it at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const lock = await connectOrCreate(url);
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const orm = await openOrm(url, { poolSize: 1 });
    try {
      await orm.migrator.up();
    } finally {
      await orm.close(true);
    }
  } finally {
    await lock.end();
  }
}

async function connectOrCreate(url: string): Promise<Client> {
  try {
    return await connect(url);
  } catch (error) {
    if ((error as { code?: string }).code !== NO_SUCH_DATABASE) throw error;
    await createDatabase(url);
    return await connect(url);
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'woodshed-migrate',
  });
  // Without a listener a connection that the server drops would end the process; the pending query rejects anyway.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  const name = decodeURIComponent(maintenance.pathname.slice(1));
  maintenance.pathname = '/postgres';
  const client = await connect(maintenance.href);
  try {
    await client.query(`create database ${escapeIdentifier(name)}`);
  } catch (error) {
    // Another process was faster.
    if (!EXISTS_ALREADY.has((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
