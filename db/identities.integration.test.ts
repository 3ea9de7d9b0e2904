import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { ChatAddress, Requester } from '../workflows/contract/request.ts';
import { createIdentities } from './identities.repository.ts';
import type { Identities } from './identities.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let identities: Identities;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  identities = createIdentities(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

function place(chatId: string, threadId: string | null = null): ChatAddress {
  return { platform: 'discord', botId: 'bot', chatId, threadId };
}

function person(userId: string, displayName = userId): Requester {
  return { platform: 'discord', userId, displayName };
}

test('knows a person and a place again', async () => {
  const first = await identities.resolve(place('c1'), person('u1'));
  assert.deepEqual(await identities.resolve(place('c1'), person('u1')), first);
});

test('first messages of one chat at once found one band with each of its people in it', async () => {
  const people = Array.from({ length: 10 }, (_, index) => person(`crowd-${String(index % 5)}`));
  const found = await Promise.all(
    people.map(async (who, index) => await identities.resolve(place('rush', String(index % 3)), who)),
  );
  assert.equal(new Set(found.map(({ bandId }) => bandId)).size, 1);
  assert.equal(new Set(found.map(({ surfaceId }) => surfaceId)).size, 3);
  assert.equal(new Set(found.map(({ identityId }) => identityId)).size, 5);
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from membership where band_id = $1',
    [found[0]?.bandId],
  );
  assert.equal(rows[0]?.count, 5);
});

test('a new person in several chats at once is one person', async () => {
  const found = await Promise.all(
    Array.from(
      { length: 7 },
      async (_, index) => await identities.resolve(place(`tour-${String(index)}`), person('touring')),
    ),
  );
  assert.equal(new Set(found.map(({ memberId }) => memberId)).size, 1);
  assert.equal(new Set(found.map(({ bandId }) => bandId)).size, 7);
});

test('threads of a chat share its band; other chats and bots do not', async () => {
  const chat = await identities.resolve(place('c2'), person('u1'));
  const thread = await identities.resolve(place('c2', 't'), person('u1'));
  const otherChat = await identities.resolve(place('c3'), person('u1'));
  const otherBot = await identities.resolve({ ...place('c2'), botId: 'second' }, person('u1'));
  assert.equal(thread.bandId, chat.bandId);
  assert.notEqual(thread.surfaceId, chat.surfaceId);
  assert.equal(new Set([chat.bandId, otherChat.bandId, otherBot.bandId]).size, 3);
  assert.equal(new Set([chat.memberId, thread.memberId, otherChat.memberId]).size, 1, 'one person, several bands');
});

test('the same user id on two platforms is two people', async () => {
  const there = await identities.resolve(place('c4'), person('same'));
  const here = await identities.resolve(place('c4'), { ...person('same'), platform: 'slack' });
  assert.notEqual(here.memberId, there.memberId);
});

test('a new name replaces the old one', async () => {
  const { identityId } = await identities.resolve(place('c5'), person('u5', 'Old'));
  await identities.resolve(place('c5'), person('u5', 'New'));
  const { rows } = await client.query<{ display_name: string }>(
    'select display_name from chat_identity where id = $1',
    [identityId],
  );
  assert.equal(rows[0]?.display_name, 'New');
});

test('a new band keeps its things as long as it is told', async () => {
  const { bandId } = await createIdentities(database, { newBandRetentionDays: null }).resolve(
    place('keeps'),
    person('u1'),
  );
  const { rows } = await client.query<{ retention_days: number | null }>(
    'select retention_days from band where id = $1',
    [bandId],
  );
  assert.equal(rows[0]?.retention_days, null);
});
