import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { MadeChords } from '../workflows/contract/sheets.ts';
import type { Database } from './orm.ts';
import { openDatabase } from './orm.ts';
import { createRecordingShares } from './recording-shares.repository.ts';
import { createRecordingSheets, newestOf } from './recording-sheets.repository.ts';
import { createSheets } from './sheets.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { addBand, addMember, addSong } from './test-library.ts';
import type { TestSong } from './test-library.ts';
import { testBlob } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let song: TestSong;
let memberId: string;

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

async function newSong(): Promise<void> {
  const band = await addBand(database);
  song = await addSong(database, { chat: band.chat });
  memberId = await addMember(client, band.id);
}

function chart(name: string): MadeChords {
  return {
    summary: {
      key: null,
      capo: 0,
      transpose: 0,
      detail: 'simple',
      easiestCapo: null,
      playedIn: null,
      sections: [],
      modulations: [],
      opening: name,
    },
    files: [{ name: 'chords', fileName: 'chords.png', blob: testBlob(`${song.recordingId} ${name}.png`) }],
    blobs: { analysis: testBlob(`${song.recordingId} ${name}.analysis`) },
  };
}

async function save(name: string): Promise<MadeChords> {
  const made = chart(name);
  const { jobId } = song;
  await createSheets(database).save({
    jobId,
    kind: 'chords',
    version: 1,
    parameters: { name },
    made,
    files: made.files,
  });
  return made;
}

test('members see what is written down of their songs, newest first; nobody else sees anything', async () => {
  await newSong();
  const sheets = createRecordingSheets(database);
  const viewer = { memberId, shareId: null };
  assert.deepEqual(await sheets.list(viewer, song.recordingId), []);
  await save('first');
  const second = await save('second');
  const found = await sheets.list(viewer, song.recordingId);
  assert.deepEqual(
    found.map(({ made }) => ('opening' in made.summary ? made.summary.opening : null)),
    ['second', 'first'],
  );
  assert.deepEqual(newestOf(found, 'chords')?.made, second);
  assert.equal(newestOf(found, 'tab'), null);

  const stranger = await addMember(client, (await addBand(database)).id);
  for (const other of [
    { memberId: stranger, shareId: null },
    { memberId: null, shareId: null },
    { memberId: null, shareId: memberId },
  ]) {
    assert.deepEqual(await sheets.list(other, song.recordingId), []);
  }
  assert.deepEqual(await sheets.list(viewer, 'no-id'), []);
});

test('a shared link shows them until it is revoked', async () => {
  await newSong();
  await save('shared');
  const shares = createRecordingShares(database);
  const link = await shares.make(memberId, song.recordingId, { endsAt: null, showsTitle: false });
  const viewer = { memberId: null, shareId: link?.id ?? '' };
  const sheets = createRecordingSheets(database);
  assert.equal((await sheets.list(viewer, song.recordingId)).length, 1);
  await shares.revoke(memberId, viewer.shareId);
  assert.deepEqual(await sheets.list(viewer, song.recordingId), []);
});

test('what has lost a file is not there any more', async () => {
  await newSong();
  const whole = await save('whole');
  const broken = await save('broken');
  const viewer = { memberId, shareId: null };
  const sheets = createRecordingSheets(database);
  for (const { key } of [broken.files[0]?.blob ?? testBlob(''), whole.blobs.analysis]) {
    assert.notEqual((await sheets.list(viewer, song.recordingId)).length, 0);
    await client.query(`update artefact set expires_at = now() - interval '1 second' where blob_key = $1`, [key]);
  }
  assert.deepEqual(await sheets.list(viewer, song.recordingId), []);
});
