import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { isLostConnection } from './lost-connection.ts';
import { openDatabase } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

let testDatabase: TestDatabase;
let admin: Client;

before(async () => {
  testDatabase = await createTestDatabase();
  admin = new Client({ connectionString: testDatabase.url });
  await admin.connect();
});

after(async () => {
  await admin.end();
  await testDatabase.close();
});

async function killOthers(): Promise<number> {
  const { rowCount } = await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  return rowCount ?? 0;
}

/** Resolves, for each of `count` transactions, once it is open; they end when `go` does. */
function openTransactions(
  database: Awaited<ReturnType<typeof openDatabase>>,
  count: number,
  go: Promise<void>,
): { opened: Promise<void>[]; ended: Promise<unknown>[] } {
  const opened: Promise<void>[] = [];
  const ended: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    opened.push(promise);
    ended.push(
      database.transaction(async (em) => {
        await em.execute('select 1');
        resolve();
        await go;
        throw new Error('abandoned');
      }),
    );
  }
  return { opened, ended };
}

test('connections that die inside transactions cost no place of the pool', async () => {
  const database = await openDatabase(testDatabase.url, { poolSize: 2 });
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const { opened, ended } = openTransactions(database, 2, go);
  await Promise.all(opened);
  assert.equal(await killOthers(), 2);
  resolve();
  for (const outcome of await Promise.allSettled(ended)) assert.equal(outcome.status, 'rejected');
  const rows = await database.use(async (em) => await em.execute('select 1 as one'));
  assert.deepEqual(rows, [{ one: 1 }]);
  await database.close();
});

test('two databases in one process keep their transactions apart', async () => {
  const first = await openDatabase(testDatabase.url);
  const second = await openDatabase(testDatabase.url);
  const pidOf = async (database: typeof first): Promise<unknown> =>
    (await database.use(async (em) => await em.execute<{ pid: number }[]>('select pg_backend_pid() as pid')))[0]?.pid;
  const outside = await pidOf(second);
  await first.transaction(async () => {
    assert.equal(await pidOf(second), outside);
  });
  await first.close();
  await second.close();
});

test('work is repeated while the connection fails, and only then', async () => {
  const database = await openDatabase(testDatabase.url);
  let tries = 0;
  const answer = await database.transaction(async (em) => {
    tries += 1;
    await em.execute('select 1');
    if (tries === 1) await killOthers();
    return (await em.execute<{ two: number }[]>('select 2 as two'))[0]?.two;
  });
  assert.deepEqual({ answer, tries }, { answer: 2, tries: 2 });
  tries = 0;
  await assert.rejects(
    database.use(async (em) => {
      tries += 1;
      await em.execute('select nonsense');
    }),
    /nonsense/,
  );
  assert.equal(tries, 1);
  await database.close();
});

test('a transaction that fails leaves nothing', async () => {
  const database = await openDatabase(testDatabase.url);
  await assert.rejects(
    database.transaction(async (em) => {
      await em.execute("insert into band (name) values ('half')");
      throw new Error('stop');
    }),
    /stop/,
  );
  const { rows } = await admin.query("select from band where name = 'half'");
  assert.equal(rows.length, 0);
  await database.close();
});

test('what counts as a lost connection', () => {
  const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
  for (const code of ['08006', '57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET']) {
    assert.equal(isLostConnection(withCode(code)), true, code);
  }
  assert.equal(isLostConnection(new Error('outer', { cause: withCode('08006') })), true);
  assert.equal(isLostConnection(new AggregateError([withCode('ECONNREFUSED')])), true);
  for (const code of ['23505', '40001', '57014', '3D000']) assert.equal(isLostConnection(withCode(code)), false, code);
  assert.equal(isLostConnection('08006'), false);
});

test('closing waits for what is under way, from the first connection on', { timeout: 60_000 }, async () => {
  for (const waitMs of [0, 5, 50]) {
    const database = await openDatabase(testDatabase.url);
    const work = database.transaction(async (em) => {
      await em.execute('select pg_sleep(0.1)');
      return await em.execute<{ one: number }[]>('select 1 as one');
    });
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await database.close();
    assert.deepEqual(await work, [{ one: 1 }]);
  }
});
