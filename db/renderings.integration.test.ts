/** Renderings on a real database: one for equal wishes, kept as long as their artefacts. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { RenderingRecipe } from '../workflows/contract/rendering.ts';
import { createLibrary } from './library.repository.ts';
import { openListener } from './listen.ts';
import { RENDERING_CHANNEL } from './notify.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createRenderings } from './renderings.repository.ts';
import type { Renderings } from './renderings.repository.ts';
import { createRetention } from './retention.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testBlob, testJob, testPlan, testRecording, testResult } from './test-rows.ts';

const PLAYER: RenderingRecipe = { kind: 'player' };
const SONG = testBlob('song').sha256;
const PACK = testBlob('player/manifests/a.json');
const STEM = testBlob('player/a/segments.bin');

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let renderings: Renderings;
let separationId: string;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  renderings = createRenderings(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

beforeEach(async () => {
  await client.query('truncate band, doomed_blob cascade');
  const { jobId } = await testJob(database);
  const library = createLibrary(database);
  const recording = testRecording(SONG, 'song');
  await library.saveRecording({ jobId, source: { ...testBlob('sources/x'), title: 'Song' }, recording });
  await library.saveResult({ jobId, plan: testPlan, result: testResult(SONG) });
  const { rows } = await client.query<{ id: string }>('select id from separation');
  separationId = rows[0]?.id ?? '';
});

test('equal wishes have one rendering, whoever comes first and in whatever order the levels stand', async () => {
  const many = await Promise.all(Array.from({ length: 8 }, () => renderings.want({ separationId, recipe: PLAYER })));
  assert.equal(new Set(many.map(({ id }) => id)).size, 1);
  const mix = (gains: Record<string, number>): RenderingRecipe => ({ kind: 'mix', gains, format: 'flac' });
  const a = await renderings.want({ separationId, recipe: mix({ vocals: 0.5, drums: 1 }) });
  const b = await renderings.want({ separationId, recipe: mix({ drums: 1, vocals: 0.5 }) });
  const c = await renderings.want({ separationId, recipe: mix({ drums: 1, vocals: 0.51 }) });
  assert.equal(a.id, b.id);
  assert.equal(new Set([many[0]?.id, a.id, c.id]).size, 3);
});

test('what is to be made comes with the stems, the residual last; once made there is nothing to make', async () => {
  const { id, state, fraction } = await renderings.want({ separationId, recipe: PLAYER });
  assert.deepEqual([state, fraction], ['making', 0]);
  const wanted = await renderings.open(id);
  assert.deepEqual(wanted?.recipe, PLAYER);
  assert.deepEqual(
    wanted?.stems.map(({ name }) => name),
    ['vocals', 'accompaniment', 'residual'],
  );
  await renderings.report(id, 0.5);
  await renderings.report(id, 0.25);
  assert.equal((await renderings.find(id))?.fraction, 0.5);
  await renderings.save(id, { blob: PACK, held: [PACK, STEM] });
  assert.equal(await renderings.open(id), null);
  const made = await renderings.want({ separationId, recipe: PLAYER });
  assert.deepEqual([made.id, made.state, made.blob], [id, 'made', PACK]);
  await renderings.report(id, 0.9);
  await renderings.fail(id, 'internal');
  assert.equal((await renderings.find(id))?.state, 'made');
  const { rows } = await client.query<{ kind: string; kept: boolean }>(
    `select kind, expires_at is not distinct from (select expires_at from artefact where kind = 'stem' limit 1) as kept
     from artefact where blob_key = any($1)`,
    [[PACK.key, STEM.key]],
  );
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['player', 'player'],
  );
});

test('everybody who looks hears of each change that is one', async () => {
  const listener = await openListener(testDatabase.url);
  const heard: (string | null)[] = [];
  await listener.watch(RENDERING_CHANNEL, (id) => heard.push(id));
  const { id } = await renderings.want({ separationId, recipe: PLAYER });
  await renderings.report(id, 0.5);
  await renderings.report(id, 0.5);
  await renderings.save(id, { blob: PACK, held: [PACK] });
  while (heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(heard, [id, id]);
  await listener.close();
});

test('what is not kept any more is made again when it is wanted again', async () => {
  const { id } = await renderings.want({ separationId, recipe: PLAYER });
  await renderings.save(id, { blob: PACK, held: [PACK, STEM] });
  await client.query(`update artefact set expires_at = now() - interval '1 second' where kind = 'player'`);
  await createRetention(database).takeExpired(100);
  const again = await renderings.want({ separationId, recipe: PLAYER });
  assert.deepEqual([again.id, again.state, again.blob, again.fraction], [id, 'making', null, 0]);
  assert.notEqual(await renderings.open(id), null);
});

test('a failure stands for a minute, then it is tried again', async () => {
  const { id } = await renderings.want({ separationId, recipe: PLAYER });
  await renderings.fail(id, 'no-space');
  const failed = await renderings.want({ separationId, recipe: PLAYER });
  assert.deepEqual([failed.state, failed.failure], ['failed', 'no-space']);
  await client.query('alter table rendering disable trigger rendering_touch');
  await client.query(`update rendering set updated_at = now() - interval '61 seconds'`);
  await client.query('alter table rendering enable trigger rendering_touch');
  assert.equal((await renderings.want({ separationId, recipe: PLAYER })).state, 'making');
});

test('goes with its separation, and what comes too late for it is nobody’s', async () => {
  const { id } = await renderings.want({ separationId, recipe: PLAYER });
  await client.query('delete from separation');
  assert.equal(await renderings.open(id), null);
  await renderings.save(id, { blob: PACK, held: [PACK] });
  assert.equal(await renderings.find(id), null);
  assert.equal(await renderings.find('no id'), null);
  const { rowCount } = await client.query(`select from artefact where kind = 'player'`);
  assert.equal(rowCount, 0);
});
