import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { createAudit } from './audit.repository.ts';
import { createBandLibrary } from './band-library.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createRecordingShares } from './recording-shares.repository.ts';
import type { RecordingShares } from './recording-shares.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { addBand, addMember, addSong } from './test-library.ts';
import type { TestSong } from './test-library.ts';
import { repeatingTransactions } from './test-repetition.ts';

const FOR_EVER: { endsAt: Date | null; showsTitle: boolean } = { endsAt: null, showsTitle: false };

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let shares: RecordingShares;
let member: string;
let stranger: string;
let song: TestSong;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  shares = createRecordingShares(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('truncate band, member, audit_event cascade');
  const band = await addBand(database);
  member = await addMember(client, band.id);
  stranger = await addMember(client, (await addBand(database)).id);
  song = await addSong(database, { chat: band.chat, title: 'Blue Train' });
});

async function share(options = FOR_EVER): Promise<{ id: string; token: string }> {
  const made = await shares.make(member, song.recordingId, options);
  assert.ok(made !== null);
  return made;
}

test('whoever has the link sees the song, and not who worked on it', async () => {
  const { id, token } = await share();
  const opened = await shares.open(token);
  assert.deepEqual([opened?.shareId, opened?.showsTitle, opened?.recording.title], [id, false, 'Blue Train']);
  assert.equal(opened?.recording.separations[0]?.stems.length, 3);
  assert.deepEqual(opened.recording.jobs, []);
  assert.ok(!('shareId' in opened.recording));
});

test('the token has 256 bits and is written down nowhere', async () => {
  const { token } = await share();
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  assert.notEqual((await share()).token, token);
  const { rows } = await client.query<{ all: string }>('select json_agg(share_link)::text as all from share_link');
  const { rows: audited } = await client.query<{ all: string }>(
    'select json_agg(audit_event)::text as all from audit_event',
  );
  for (const text of [rows[0]?.all, audited[0]?.all]) assert.ok(text !== undefined && !text.includes(token));
});

test('a link that is revoked, over, or another leads nowhere', async () => {
  const { id, token } = await share();
  const ended = await share({ endsAt: new Date(Date.now() - 1000), showsTitle: true });
  const lasting = await share({ endsAt: new Date(Date.now() + 3_600_000), showsTitle: true });
  assert.equal((await shares.open(lasting.token))?.showsTitle, true);
  assert.equal(await shares.open(ended.token), null);
  assert.deepEqual(await shares.revoke(member, id), { recordingId: song.recordingId });
  assert.equal(await shares.open(token), null);
  for (const none of ['', 'x', token.toUpperCase(), `${token}=`, id, randomUUID(), "' or true --"]) {
    assert.equal(await shares.open(none), null, none);
  }
});

test('the links of a song are listed while they lead there, with who made them and when', async () => {
  const first = await share();
  const second = await share({ endsAt: new Date(Date.now() + 3_600_000), showsTitle: true });
  await share({ endsAt: new Date(Date.now() - 1000), showsTitle: false });
  await client.query("update share_link set created_at = created_at - interval '1 day' where id = $1", [first.id]);
  const listed = await shares.list(member, song.recordingId);
  assert.deepEqual(
    listed.map(({ id, madeBy, showsTitle }) => [id, madeBy, showsTitle]),
    [
      [second.id, 'Robin', true],
      [first.id, 'Robin', false],
    ],
  );
  assert.ok(listed.every(({ createdAt }) => createdAt instanceof Date) && listed[0]?.endsAt instanceof Date);
  await shares.revoke(member, first.id);
  assert.equal((await shares.list(member, song.recordingId)).length, 1);
});

test('only members of the band make, list and revoke', async () => {
  const { id, token } = await share();
  assert.equal(await shares.make(stranger, song.recordingId, FOR_EVER), null);
  assert.deepEqual(await shares.list(stranger, song.recordingId), []);
  assert.equal(await shares.revoke(stranger, id), null);
  assert.equal(await shares.make(member, randomUUID(), FOR_EVER), null);
  assert.equal(await shares.make(member, 'x', FOR_EVER), null);
  assert.equal(await shares.revoke(member, 'x'), null);
  assert.ok((await shares.open(token)) !== null);
  assert.deepEqual(
    (await createAudit(database).list(9)).map(({ kind }) => kind),
    ['share.made'],
  );
});

test('a deleted song takes its links along', async () => {
  const { token } = await share();
  await createJobs(database).end(song.jobId, { state: 'cancelled' });
  assert.equal(await createBandLibrary(database).remove(member, song.recordingId), 'removed');
  assert.equal(await shares.open(token), null);
});

test('what is made and revoked again, since the answers were lost, is there once, and in the audit log once', async () => {
  const repeated = createRecordingShares(repeatingTransactions(database));
  const made = await repeated.make(member, song.recordingId, FOR_EVER);
  assert.ok(made !== null && (await shares.open(made.token)) !== null);
  assert.deepEqual(await repeated.revoke(member, made.id), { recordingId: song.recordingId });
  assert.deepEqual(
    (await createAudit(database).list(9)).map(({ kind, memberId, facts }) => [kind, memberId, facts?.['shareId']]),
    [
      ['share.revoked', member, made.id],
      ['share.made', member, made.id],
    ],
  );
});
