import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { migrateDatabase } from './migrate.ts';
import { openOrm } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

let database: TestDatabase;
let client: Client;

before(async () => {
  database = await createTestDatabase({ migrate: false });
  // The database is made by the first of the processes that start at once, the tables by the first that gets the lock.
  await dropAndMigrate(4);
  client = new Client({ connectionString: database.url });
  await client.connect();
});

after(async () => {
  await client.end();
  await database.close();
});

async function dropAndMigrate(processes: number): Promise<void> {
  const maintenance = new URL(database.url);
  const name = maintenance.pathname.slice(1);
  maintenance.pathname = '/postgres';
  const admin = new Client({ connectionString: maintenance.href });
  await admin.connect();
  await admin.query(`drop database ${name}`);
  await admin.end();
  await Promise.all(Array.from({ length: processes }, () => migrateDatabase(database.url)));
}

test('several processes that migrate at once leave one whole schema', async () => {
  const { rows } = await client.query<{ name: string }>('select name from migration');
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  assert.ok(rows.length >= 1);
});

test('migrating again changes nothing', async () => {
  await migrateDatabase(database.url);
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from migration');
  assert.ok((rows[0]?.count ?? 0) >= 1);
});

test('the migrations make exactly the tables that the entities describe', async () => {
  const orm = await openOrm(database.url);
  try {
    assert.equal(await orm.schema.getUpdateSchemaSQL({ wrap: false }), '');
    assert.equal(await orm.migrator.checkSchema(), false);
  } finally {
    await orm.close(true);
  }
});

test('the check of the schema sees a missing column', async () => {
  await client.query('begin');
  await client.query('commit');
  await client.query('alter table stem drop column gain_db');
  const orm = await openOrm(database.url);
  try {
    assert.match(await orm.schema.getUpdateSchemaSQL({ wrap: false }), /gain_db/);
  } finally {
    await orm.close(true);
    await client.query('alter table stem add column gain_db double precision null');
  }
});

test('every foreign key is led by an index', async () => {
  const { rows } = await client.query<{ fk: string }>(
    `select conname as fk from pg_constraint c where contype = 'f' and not exists (
       select from pg_index i where i.indrelid = c.conrelid and i.indpred is null
         and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] = c.conkey)`,
  );
  assert.deepEqual(rows, []);
  const { rows: all } = await client.query<{ count: number }>(
    "select count(*)::int as count from pg_constraint where contype = 'f'",
  );
  assert.ok((all[0]?.count ?? 0) > 10);
});

test('a row knows when it was changed, by plain SQL too', async () => {
  const { rows } = await client.query<{ id: string }>("insert into band (name) values ('x') returning id");
  const { rows: touched } = await client.query<{ later: boolean }>(
    'update band set name = $1 where id = $2 returning updated_at > created_at as later',
    ['y', rows[0]?.id],
  );
  assert.equal(touched[0]?.later, true);
});
