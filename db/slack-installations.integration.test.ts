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

test('a token is renewed once, whoever finds it old at the same time', async () => {
  for (let round = 0; round < 20; round += 1) {
    const workspace = randomUUID();
    await door().save(workspace, 'old');
    let renewals = 0;
    const renewed = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        return await door(index).renew(workspace, async (sealed) => {
          if (sealed !== 'old') return null;
          renewals += 1;
          await door(index).find(workspace);
          return 'new';
        });
      }),
    );
    assert.equal(renewals, 1);
    assert.deepEqual(new Set(renewed), new Set(['new']));
    assert.equal(await door().find(workspace), 'new');
  }
});

test('a renewal that fails leaves the text, and the next one is not held up', async () => {
  const workspace = randomUUID();
  await door().save(workspace, 'old');
  const failing = door().renew(workspace, async () => {
    throw new TypeError('refused');
  });
  await assert.rejects(failing, TypeError);
  assert.equal(await door(1).renew(workspace, async (sealed) => `${sealed}, newer`), 'old, newer');
  assert.equal(await door().renew(randomUUID(), async () => 'x'), null);
});
