/** A database of an earlier version, with what people had in it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Client } from 'pg';
import { createDeliveries } from './deliveries.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { migrateDatabase } from './migrate.ts';
import { openDatabase, openOrm } from './orm.ts';
import { createTestDatabase } from './test-database.ts';

const BEFORE_BANDS = 'Migration20261121042544_init';
const BANDS = 'Migration20261121083311_bands_shares_places';
const BEFORE_RESTING = 'Migration20261121171009_sheets_to_play_from';

test('jobs and deliveries of before keep their place, and every chat has one home', async (t) => {
  const { url, close } = await createTestDatabase({ migrate: false });
  const client = new Client({ connectionString: url });
  await client.connect();
  t.after(async () => {
    await client.end();
    await close();
  });
  await migrateTo(url, BEFORE_BANDS);
  const job = await insertOldJob(client);
  await insertOldCard(client, job.id);
  await migrateTo(url, BANDS);
  // What that version could leave behind where two threads joined at once.
  await client.query('update surface set is_home = true');
  await migrateDatabase(url);

  const database = await openDatabase(url);
  t.after(async () => await database.close());
  const [origin, ...mirrors] = await createJobs(database).surfacesOf(job.id);
  assert.deepEqual([origin?.surfaceId, origin?.address.threadId, mirrors], [job.surfaceId, 'second', []]);
  const [card] = await createDeliveries(database).list(job.id, job.surfaceId);
  assert.deepEqual([card?.slot, card?.messageId], ['card', 'm1']);
  const { rows } = await client.query<{ home: string }>('select thread_id as home from surface where is_home');
  assert.deepEqual(rows, [{ home: '' }], 'where the chat first spoke');
});

test('a result of before that waits for its asker has rested since it last moved', async (t) => {
  const { url, close } = await createTestDatabase({ migrate: false });
  const client = new Client({ connectionString: url });
  await client.connect();
  t.after(async () => {
    await client.end();
    await close();
  });
  await migrateTo(url, BEFORE_RESTING);
  const { id } = await insertOldJob(client);
  await client.query(`update job set awaits_link = 'result' where id = $1`, [id]);
  const { rows: before } = await client.query<{ at: Date }>('select updated_at as at from job');
  await migrateDatabase(url);
  const { rows } = await client.query<{ at: Date }>('select resting_at as at from job');
  assert.deepEqual(rows, before);
});

async function migrateTo(url: string, name: string): Promise<void> {
  const orm = await openOrm(url, { poolSize: 1 });
  try {
    await orm.migrator.up({ to: name });
  } finally {
    await orm.close(true);
  }
}

/** In the second place of a chat. */
async function insertOldJob(client: Client): Promise<{ readonly id: string; readonly surfaceId: string }> {
  const ids = { band: randomUUID(), member: randomUUID(), identity: randomUUID(), event: randomUUID() };
  const [home, surfaceId, id] = [randomUUID(), randomUUID(), randomUUID()];
  await client.query("insert into band (id, name) values ($1, 'Band')", [ids.band]);
  await client.query("insert into member (id, display_name) values ($1, 'Ana')", [ids.member]);
  await client.query(
    "insert into chat_identity (id, member_id, platform, user_id, display_name) values ($1, $2, 'slack', 'U1', 'Ana')",
    [ids.identity, ids.member],
  );
  for (const [place, thread, minutesAgo] of [
    [home, '', 2],
    [surfaceId, 'second', 1],
  ] as const) {
    await client.query(
      `insert into surface (id, band_id, platform, bot_id, chat_id, thread_id, created_at)
       values ($1, $2, 'slack', 'b', 'c', $3, now() - make_interval(mins => $4))`,
      [place, ids.band, thread, minutesAgo],
    );
  }
  await client.query(
    "insert into inbound_event (id, platform, bot_id, event_key, kind, payload) values ($1, 'slack', 'b', 'e', 'cancel', '{}')",
    [ids.event],
  );
  await client.query(
    `insert into job (id, workflow_id, code, band_id, requester_id, surface_id, inbound_event_id, request, strategy, quality)
     values ($1, 'w', 'ABCDEF', $2, $3, $4, $5, '{}', 'vocals', 'fast')`,
    [id, ids.band, ids.identity, surfaceId, ids.event],
  );
  return { id, surfaceId };
}

async function insertOldCard(client: Client, jobId: string): Promise<void> {
  const address = { platform: 'slack', botId: 'b', chatId: 'c', threadId: 'second' };
  await client.query(
    `insert into delivery (job_id, slot, platform, target, content_sha256, nonce, state, message_id)
     values ($1, 'card', 'slack', $2, 'c', 'n', 'sent', 'm1')`,
    [jobId, JSON.stringify(address)],
  );
}
