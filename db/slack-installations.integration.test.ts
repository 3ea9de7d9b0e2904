import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createSlackInstallations } from './slack-installations.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

let testDatabase: TestDatabase;
let databases: Database[];

before(async () => {
  testDatabase = await createTestDatabase();
  databases = [await openDatabase(testDatabase.url), await openDatabase(testDatabase.url)];
});

after(async () => {
  await Promise.all(databases.map(async (database) => await database.close()));
  await testDatabase.close();
});

function door(index = 0): ReturnType<typeof createSlackInstallations> {
  const database = databases[index % databases.length];
  assert.ok(database !== undefined);
  return createSlackInstallations(database);
}

test('a workspace has the text that it was given last, until it is deleted', async () => {
  const [workspace, other] = [randomUUID(), randomUUID()];
  assert.equal(await door().find(workspace), null);
  await door().save(workspace, 'first');
  await door().save(other, 'other');
  await door(1).save(workspace, 'second');
  assert.equal(await door().find(workspace), 'second');
  await door().delete(workspace);
  await door().delete(workspace);
  assert.equal(await door().find(workspace), null);
  assert.equal(await door().find(other), 'other');
});

test('installing the same workspace many times at once leaves one of the texts', async () => {
  const workspace = randomUUID();
  const texts = Array.from({ length: 12 }, (_, index) => `text ${String(index)}`);
  await Promise.all(texts.map(async (text, index) => await door(index).save(workspace, text)));
  assert.ok(texts.includes((await door().find(workspace)) ?? ''));
});
