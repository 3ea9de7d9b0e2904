import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChatAddress } from '../workflows/contract/request.ts';
import { createBands } from './bands.repository.ts';
import { createInbox } from './inbox.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createSpokenPlaces } from './spoken-places.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testJob } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
});
after(async () => {
  await database.close();
  await testDatabase.close();
});

function place(botId: string, chatId: string, threadId: string | null): ChatAddress {
  return { platform: 'discord', botId, chatId, threadId };
}

test('the places of one bot, those with the latest jobs first', async () => {
  const places = createSpokenPlaces(database, 'discord');
  const [quiet, loud, other] = [place('bot', 'quiet', null), place('bot', 'loud', 'thread'), place('else', 'x', null)];
  const requester = { platform: 'discord', userId: 'ada', displayName: 'Ada' } as const;
  for (const address of [loud, quiet, other]) await createBands(database).of(address, requester);
  assert.deepEqual(await places.list('bot'), [quiet, loud]);
  await testJob(database, { address: loud });
  assert.deepEqual(await places.list('bot'), [loud, quiet]);
  assert.deepEqual(await createSpokenPlaces(database, 'telegram').list('bot'), []);
});

test('an event is known by its bot and its key', async () => {
  const places = createSpokenPlaces(database, 'discord');
  assert.equal(await places.isWritten('bot', 'message'), false);
  const payload = { kind: 'cancel', jobId: 'job' } as const;
  await createInbox(database).accept({ platform: 'discord', botId: 'bot', eventKey: 'message', payload });
  assert.equal(await places.isWritten('bot', 'message'), true);
  assert.equal(await places.isWritten('else', 'message'), false);
});
