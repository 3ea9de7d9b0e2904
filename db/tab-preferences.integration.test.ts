import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { ChatAddress, Requester } from '../workflows/contract/request.ts';
import { NO_TAB_PREFERENCES } from '../workflows/contract/tab.ts';
import { createBands } from './bands.repository.ts';
import type { Database } from './orm.ts';
import { openDatabase } from './orm.ts';
import { createTabPreferences } from './tab-preferences.repository.ts';
import type { TabPreferencesStore } from './tab-preferences.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { testAddress } from './test-rows.ts';

const DADGAD = [38, 45, 50, 55, 57, 62];

let testDatabase: TestDatabase;
let database: Database;
let tabs: TabPreferencesStore;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  tabs = createTabPreferences(database);
});
after(async () => {
  await database.close();
  await testDatabase.close();
});

interface Place {
  readonly address: ChatAddress;
  readonly requester: Requester;
  readonly bandId: string;
}

/** Somebody in a chat of their own. */
async function place(requester = somebody()): Promise<Place> {
  const address = { ...testAddress, chatId: randomUUID() };
  const { id } = await createBands(database).of(address, requester);
  return { address, requester, bandId: id };
}

function somebody(): Requester {
  return { platform: testAddress.platform, userId: randomUUID(), displayName: 'Ana' };
}

test('nobody has said anything at first, nor has a stranger', async () => {
  const nothing = { member: NO_TAB_PREFERENCES, band: NO_TAB_PREFERENCES };
  assert.deepEqual(await tabs.usual(await place()), nothing);
  assert.deepEqual(
    await tabs.usual({ requester: somebody(), address: { ...testAddress, chatId: 'nowhere' } }),
    nothing,
  );
});

test('what is said is kept, piece by piece, and taken back by null', async () => {
  const here = await place();
  await tabs.saveMember(here.requester, { tuning: DADGAD, level: 'easy' });
  assert.deepEqual(await tabs.saveMember(here.requester, { capo: 0, level: null }), {
    level: null,
    tuning: DADGAD,
    capo: 0,
    frets: null,
  });
  await tabs.saveBand(here.bandId, { frets: 22 });
  assert.deepEqual(await tabs.usual(here), {
    member: { level: null, tuning: DADGAD, capo: 0, frets: null },
    band: { ...NO_TAB_PREFERENCES, frets: 22 },
  });
});

test('a bass in place of a guitar does not get its capo and frets', async () => {
  const here = await place();
  await tabs.saveMember(here.requester, { tuning: DADGAD, capo: 2, frets: 19, level: 'easy' });
  const bass = { level: 'easy', tuning: [28, 33, 38, 43], capo: null, frets: null };
  assert.deepEqual(await tabs.saveMember(here.requester, { tuning: bass.tuning }), bass);
  assert.deepEqual((await tabs.usual(here)).member, bass);
  await tabs.saveBand(here.bandId, { tuning: bass.tuning, capo: 1 });
  await tabs.saveBand(here.bandId, { tuning: DADGAD, frets: 20 });
  assert.deepEqual((await tabs.usual(here)).band, { level: null, tuning: DADGAD, capo: null, frets: 20 });
});

test('nobody is kept who is not known', async () => {
  assert.deepEqual(await tabs.saveMember(somebody(), { capo: 2 }), NO_TAB_PREFERENCES);
});

test('a member’s goes along to other chats; a band’s stays in its own', async () => {
  const here = await place();
  await tabs.saveMember(here.requester, { capo: 3 });
  await tabs.saveBand(here.bandId, { level: 'intermediate' });
  const elsewhere = await place(here.requester);
  assert.deepEqual(await tabs.usual(elsewhere), {
    member: { ...NO_TAB_PREFERENCES, capo: 3 },
    band: NO_TAB_PREFERENCES,
  });
  const { member, band } = await tabs.usual({ address: here.address, requester: somebody() });
  assert.deepEqual([member, band.level], [NO_TAB_PREFERENCES, 'intermediate']);
});

test('others keep theirs', async () => {
  const [ana, ben] = [await place(), await place()];
  await tabs.saveMember(ana.requester, { frets: 20 });
  await tabs.saveBand(ana.bandId, { frets: 19 });
  assert.deepEqual(await tabs.usual(ben), { member: NO_TAB_PREFERENCES, band: NO_TAB_PREFERENCES });
});

test('two changes at once both hold', async () => {
  const { requester } = await place();
  await Promise.all([
    tabs.saveMember(requester, { capo: 1 }),
    tabs.saveMember(requester, { frets: 21 }),
    tabs.saveMember(requester, { level: 'easy' }),
  ]);
  assert.deepEqual(await tabs.saveMember(requester, {}), { level: 'easy', tuning: null, capo: 1, frets: 21 });
});
