import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { DeliverySlot } from '../workflows/contract/ids.ts';
import { createIdentities } from './identities.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { createDeliveries, DeliveryConflictError } from './deliveries.repository.ts';
import type { Deliveries, DeliveryRow } from './deliveries.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testAddress, testJob } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let deliveries: Deliveries;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  deliveries = createDeliveries(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

async function planned(slot: DeliverySlot = 'card', content = 'c1', jobId?: string): Promise<DeliveryRow> {
  const id = jobId ?? (await testJob(database)).jobId;
  const surfaceId = (await createJobs(database).surfacesOf(id))[0]?.surfaceId ?? '';
  return await deliveries.plan({ jobId: id, surfaceId, slot, target: testAddress, contentSha256: content });
}

async function letLeaseRunOut(id: string): Promise<void> {
  await client.query("update delivery set lease_until = now() - interval '1 second' where id = $1", [id]);
}

test('a slot is one row with one short nonce, however often it is planned', async () => {
  const { jobId } = await testJob(database);
  const rows = await Promise.all(Array.from({ length: 8 }, async () => await planned('card', 'c1', jobId)));
  assert.equal(new Set(rows.map(({ id }) => id)).size, 1);
  assert.match(rows[0]?.nonce ?? '', /^[\w-]{22}$/);
  const other = await planned('result', 'c1', jobId);
  assert.notEqual(other.nonce, rows[0]?.nonce);
  assert.deepEqual(other.target, testAddress);
});

test('one of many senders may send', async () => {
  const { id } = await planned();
  const answers = await Promise.all(Array.from({ length: 10 }, async () => await deliveries.beginSend(id, 60_000)));
  assert.equal(answers.filter(Boolean).length, 1);
  assert.equal((await deliveries.find(id))?.attempts, 1);
});

test('what was sent is not sent again, and its first message id stands', async () => {
  const { id } = await planned();
  assert.equal(await deliveries.beginSend(id, 60_000), true);
  assert.equal(await deliveries.markSent(id, 'm1'), 'm1');
  assert.equal(await deliveries.beginSend(id, 60_000), false);
  assert.equal(await deliveries.markSent(id, 'm2'), 'm1');
  await deliveries.markAmbiguous(id);
  assert.equal((await deliveries.find(id))?.state, 'sent');
});

test('what stands in a message is noted in place of what was noted before', async () => {
  const { id, sentFiles } = await planned('file-1');
  assert.deepEqual(sentFiles, []);
  await deliveries.noteFiles(id, [{ name: 'vocals', reference: 'first' }]);
  await deliveries.noteFiles(id, [{ name: 'vocals', reference: 'second' }]);
  assert.deepEqual((await deliveries.find(id))?.sentFiles, [{ name: 'vocals', reference: 'second' }]);
});

test('an album is sent once, whatever becomes of it', async () => {
  const { id } = await planned('album');
  assert.equal(await deliveries.beginSend(id, 60_000), true);
  await deliveries.markNotSent(id);
  assert.equal(await deliveries.beginSend(id, 60_000), true, 'nothing was sent');
  await letLeaseRunOut(id);
  assert.equal(await deliveries.beginSend(id, 60_000), false, 'who knows');
});

test('a placeholder is sent again after a dead sender and an unknown outcome, twelve times at most', async () => {
  const { id } = await planned('card');
  assert.equal(await deliveries.beginSend(id, 60_000), true);
  assert.equal(await deliveries.beginSend(id, 60_000), false);
  await letLeaseRunOut(id);
  for (let send = 2; send <= 12; send += 1) {
    assert.equal(await deliveries.beginSend(id, 60_000), true, `send ${String(send)}`);
    await deliveries.markAmbiguous(id);
  }
  assert.equal(await deliveries.beginSend(id, 60_000), false);
  assert.equal((await deliveries.find(id))?.state, 'ambiguous');
});

test('any other slot is never sent again after an unknown outcome', async () => {
  const dead = await planned('result');
  assert.equal(await deliveries.beginSend(dead.id, 60_000), true);
  await letLeaseRunOut(dead.id);
  assert.equal(await deliveries.beginSend(dead.id, 60_000), false);
  assert.equal((await deliveries.find(dead.id))?.state, 'ambiguous');
  const unknown = await planned('result');
  await deliveries.beginSend(unknown.id, 60_000);
  await deliveries.markAmbiguous(unknown.id);
  assert.equal(await deliveries.beginSend(unknown.id, 60_000), false);
});

test('a bot that starts again need not wait for what the one before it was sending; other bots go on', async () => {
  const [card, result] = [await planned('card'), await planned('result')];
  const { id } = await planned('card');
  for (const each of [card.id, result.id, id]) await deliveries.beginSend(each, 60_000);
  const { platform, botId } = testAddress;
  await deliveries.endSendsOf(platform, `another than ${botId}`);
  assert.equal(await deliveries.beginSend(card.id, 60_000), false, 'another bot');
  await deliveries.endSendsOf('slack', null);
  assert.equal(await deliveries.beginSend(card.id, 60_000), false, 'another platform');
  await deliveries.endSendsOf(platform, botId);
  assert.equal(await deliveries.beginSend(card.id, 60_000), true);
  assert.equal(await deliveries.beginSend(result.id, 60_000), false, 'it may be seen, and is shown once');
  await deliveries.endSendsOf(platform, null);
  assert.equal((await deliveries.find(card.id))?.state, 'ambiguous');
  // Its sender lives after all.
  assert.equal(await deliveries.markSent(id, 'm1'), 'm1');
  await deliveries.endSendsOf(platform, null);
  assert.equal((await deliveries.find(id))?.state, 'sent');
});

test('a call that was not executed may be made again at once and does not count', async () => {
  const { id } = await planned('result');
  for (let refusal = 0; refusal < 7; refusal += 1) {
    assert.equal(await deliveries.beginSend(id, 60_000), true);
    await deliveries.markNotSent(id);
  }
  const row = await deliveries.find(id);
  assert.equal(row?.state, 'planned');
  assert.equal(row.attempts, 0);
  assert.notEqual(row.firstTryAt, null);
});

test('a refusal after an unknown outcome does not make that outcome known', async () => {
  const { id } = await planned('card');
  await deliveries.beginSend(id, 60_000);
  await deliveries.markAmbiguous(id);
  await deliveries.beginSend(id, 60_000);
  await deliveries.markNotSent(id);
  assert.equal((await deliveries.find(id))?.state, 'ambiguous');
});

test('nothing is sent where the place is gone', async () => {
  const { id } = await planned();
  await deliveries.markGone(id);
  assert.equal(await deliveries.beginSend(id, 60_000), false);
});

test('a placeholder takes new words until it is sent; another slot refuses other content', async () => {
  const { jobId } = await testJob(database);
  const card = await planned('card', 'c1', jobId);
  assert.equal((await planned('card', 'c2', jobId)).contentSha256, 'c2');
  await deliveries.beginSend(card.id, 60_000);
  await deliveries.markSent(card.id, 'm1');
  assert.equal((await planned('card', 'c3', jobId)).contentSha256, 'c2');
  await planned('result', 'c1', jobId);
  await assert.rejects(planned('result', 'c2', jobId), DeliveryConflictError);
});

test('the table itself refuses a sent delivery without a message id', async () => {
  const { id } = await planned();
  await assert.rejects(client.query("update delivery set state = 'sent' where id = $1", [id]), /delivery_sent_check/);
});

test('places of one job have rows of their own; a file’s placeholder may be sent again like the card', async () => {
  const { jobId, request } = await testJob(database);
  const [origin] = await createJobs(database).surfacesOf(jobId);
  const elsewhere = await createIdentities(database).resolve(
    { ...request.address, threadId: 'other' },
    request.requester,
  );
  const places = [origin?.surfaceId ?? '', elsewhere.surfaceId];
  const plan = async (surfaceId: string, slot: DeliverySlot): Promise<DeliveryRow> =>
    await deliveries.plan({ jobId, surfaceId, slot, target: request.address, contentSha256: 'c1' });
  const rows = [];
  for (const surfaceId of places)
    for (const slot of ['card', 'file-1', 'file-2', 'preview'] as const) {
      rows.push(await plan(surfaceId, slot));
    }
  assert.equal(new Set(rows.map(({ id }) => id)).size, 8);
  assert.equal(new Set(rows.map(({ nonce }) => nonce)).size, 8);
  for (const surfaceId of places) {
    const listed = await deliveries.list(jobId, surfaceId);
    assert.deepEqual(listed.map(({ slot }) => slot).toSorted(), ['card', 'file-1', 'file-2', 'preview']);
  }
  const again = [];
  for (const { id, slot } of rows) {
    assert.equal(await deliveries.beginSend(id, 60_000), true);
    await deliveries.markAmbiguous(id);
    if (await deliveries.beginSend(id, 60_000)) again.push(slot);
  }
  assert.deepEqual(again, ['card', 'file-1', 'file-2', 'card', 'file-1', 'file-2']);
});
