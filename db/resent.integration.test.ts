import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { fileSlot } from '../workflows/contract/ids.ts';
import type { DeliverySlot } from '../workflows/contract/ids.ts';
import type { ChatAddress } from '../workflows/contract/request.ts';
import { createDeliveries } from './deliveries.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createResent } from './resent.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testAddress, testJob } from './test-rows.ts';

const MINUTE_MS = 60_000;
let testDatabase: TestDatabase;
let database: Database;
let client: Client;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

/** A placeholder of a job of its own, of which so many sends were lost before the one that stands; @returns its row's id. */
async function sent(address: ChatAddress, lost: number, slot: DeliverySlot = 'card', stands = true): Promise<string> {
  const deliveries = createDeliveries(database);
  const { jobId } = await testJob(database, { address });
  const surfaceId = (await createJobs(database).surfacesOf(jobId))[0]?.surfaceId ?? '';
  const { id } = await deliveries.plan({ jobId, surfaceId, slot, target: address, contentSha256: 'c1' });
  for (let count = 0; count < lost; count += 1) {
    assert.equal(await deliveries.beginSend(id, MINUTE_MS), true);
    await deliveries.markAmbiguous(id);
  }
  if (stands) {
    // A try that did nothing is none.
    assert.equal(await deliveries.beginSend(id, MINUTE_MS), true);
    await deliveries.markNotSent(id);
    assert.equal(await deliveries.beginSend(id, MINUTE_MS), true);
    await deliveries.markSent(id, `message-${id}`);
  }
  return id;
}

function somewhere(): ChatAddress {
  return { ...testAddress, chatId: randomUUID() };
}

async function sweepAll(standingForMs = 0): Promise<(readonly string[])[]> {
  const resent = createResent(database, testAddress.platform);
  const places = [];
  for (;;) {
    const place = await resent.next(standingForMs);
    if (place === null) return places;
    await resent.markSwept(place);
    places.push(place.rows.map(({ id }) => id));
  }
}

async function age(id: string, minutes: number): Promise<void> {
  await client.query('alter table delivery disable trigger delivery_touch');
  await client.query(
    `update delivery set first_try_at = first_try_at - make_interval(mins => $2), updated_at = updated_at - make_interval(mins => $2)
     where id = $1`,
    [id, minutes],
  );
  await client.query('alter table delivery enable trigger delivery_touch');
}

test('placeholders that may have been sent twice come once, by place, the oldest first', async () => {
  const [here, there] = [somewhere(), somewhere()];
  const first = await sent(here, 1);
  const second = await sent(there, 2, fileSlot(1));
  const third = await sent(here, 3);
  await sent(here, 0);
  assert.deepEqual(await sweepAll(), [[first, third], [second]]);
  assert.deepEqual(await sweepAll(), []);
});

test('each comes with its nonce, what stands, and how long it was tried', async () => {
  const address = somewhere();
  const id = await sent(address, 1);
  await client.query("update delivery set first_try_at = first_try_at - interval '40 seconds' where id = $1", [id]);
  const place = await createResent(database, address.platform).next(0);
  assert.deepEqual(place?.address, address);
  const [row] = place.rows;
  const deliveries = createDeliveries(database);
  assert.equal(row?.nonce, (await deliveries.find(id))?.nonce);
  assert.equal(row?.messageId, `message-${id}`);
  assert.ok(row.triedForSeconds >= 40, String(row.triedForSeconds));
  assert.deepEqual(await sweepAll(), [[id]]);
});

test('what does not stand yet, has stood too short, is too old, elsewhere, or no placeholder, does not come', async () => {
  await sent(somewhere(), 2, 'card', false);
  await sent(somewhere(), 0, 'ready');
  const ripe = await sent(somewhere(), 1);
  await age(ripe, 2);
  const old = await sent(somewhere(), 1);
  await age(old, 25 * 60);
  const fresh = await sent(somewhere(), 1);
  assert.equal(await createResent(database, 'slack').next(0), null);
  assert.deepEqual(await sweepAll(MINUTE_MS), [[ripe]]);
  assert.deepEqual(await sweepAll(), [[fresh]]);
});

test('tries far apart are looked for apart', async () => {
  const address = somewhere();
  const [early, late] = [await sent(address, 1), await sent(address, 1)];
  await age(early, 6);
  assert.deepEqual(await sweepAll(), [[early], [late]]);
});
