/** Nobody reads across: random members ask for random artefacts, by every way that leads to one. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { createBandLibrary } from './band-library.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { addBand, addMember, addSong } from './test-library.ts';

const PAIRS = 10_000;
const AT_ONCE = 8;

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

/** Small and even enough for drawing pairs; the seed is printed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Held {
  readonly recordingId: string;
  readonly bandId: string;
  readonly keys: readonly string[];
}

test('10,000 random members and artefacts: whoever is in the band gets it, nobody else, and never more', async (context) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  context.diagnostic(`SEED=${String(seed)}`);
  const draw = generator(seed);
  const bands = [];
  for (let index = 0; index < 12; index += 1) bands.push(await addBand(database));
  const memberships = new Map<string, ReadonlySet<string>>();
  for (let index = 0; index < 30; index += 1) {
    const mine = new Set(bands.filter(() => draw(6) === 0).map(({ id }) => id));
    memberships.set(await addMember(client, ...mine), mine);
  }
  const songs: Held[] = [];
  for (let index = 0; index < 48; index += 1) {
    const band = bands[index % bands.length];
    assert.ok(band !== undefined);
    // Two bands that sent the same song hold the same blobs.
    const { recordingId, result } = await addSong(database, { chat: band.chat, content: `song-${String(index >> 1)}` });
    const { stems, residual } = result.finished;
    songs.push({ recordingId, bandId: band.id, keys: [...stems, residual].map(({ pcm }) => pcm.key) });
  }
  const library = createBandLibrary(database);
  const members = [...memberships.keys()];
  let granted = 0;

  async function ask(): Promise<void> {
    const memberId = members[draw(members.length)] ?? '';
    const { recordingId, bandId, keys } = songs[draw(songs.length)] ?? { recordingId: '', bandId: '', keys: [] };
    const key = keys[draw(keys.length)] ?? '';
    const isTheirs = memberships.get(memberId)?.has(bandId) === true;
    const view = await library.recordingFor(memberId, recordingId);
    const found = view?.separations.flatMap(({ stems }) => stems.map(({ pcm }) => pcm.key)).includes(key) === true;
    assert.equal(found, isTheirs, `${memberId} ${recordingId}`);
    assert.ok(view === null || (view.bandId === bandId && view.id === recordingId));
    granted += found ? 1 : 0;
  }

  for (let asked = 0; asked < PAIRS; asked += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, ask));
  context.diagnostic(`${String(granted)} of ${String(PAIRS)} pairs were a member and their own band's`);
  assert.ok(granted > PAIRS / 50 && granted < PAIRS / 2);

  for (const [memberId, mine] of memberships) {
    assert.deepEqual(new Set((await library.bandsOf(memberId)).map(({ id }) => id)), mine);
    for (const { id: bandId } of bands) {
      const { recordings } = await library.listRecordings(memberId, { bandId, limit: 100 });
      const own = songs.filter((song) => song.bandId === bandId).map((song) => song.recordingId);
      assert.deepEqual(recordings.map(({ id }) => id).toSorted(), mine.has(bandId) ? own.toSorted() : []);
      assert.equal(
        (await library.listJobs(memberId, { bandId, limit: 100 })).length,
        mine.has(bandId) ? own.length : 0,
      );
    }
  }
});

test('whoever leaves a band has nothing of it at once', async () => {
  const band = await addBand(database);
  const memberId = await addMember(client, band.id);
  const { recordingId } = await addSong(database, { chat: band.chat });
  const library = createBandLibrary(database);
  assert.ok((await library.recordingFor(memberId, recordingId)) !== null);
  await client.query('delete from membership where member_id = $1', [memberId]);
  assert.equal(await library.recordingFor(memberId, recordingId), null);
});
