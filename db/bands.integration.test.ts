import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { DeliverySlot } from '../workflows/contract/ids.ts';
import type { ChatAddress, Requester } from '../workflows/contract/request.ts';
import { createBands } from './bands.repository.ts';
import type { Bands } from './bands.repository.ts';
import { createDeliveries } from './deliveries.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { repeatingTransactions } from './test-repetition.ts';
import { testJob } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let bands: Bands;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  bands = createBands(database);
});
after(async () => {
  await database.close();
  await testDatabase.close();
});

function person(platform: ChatAddress['platform'] = 'discord'): Requester {
  return { platform, userId: randomUUID(), displayName: 'Ana' };
}

function chat(platform: ChatAddress['platform'] = 'discord', threadId: string | null = null): ChatAddress {
  return { platform, botId: 'bot', chatId: randomUUID(), threadId };
}

test('a chat has its band from its first message, threads and all', async () => {
  const address = chat();
  const ana = person();
  const band = await bands.of(address, ana);
  assert.deepEqual(await bands.of({ ...address, threadId: '7' }, person()), band);
  assert.notEqual((await bands.of(chat(), ana)).id, band.id);
  assert.equal(await bands.isMember(band.id, ana), true);
  assert.equal(await bands.isMember(band.id, person()), false);
});

test('a founded band is its founder’s', async () => {
  const address = chat();
  const ana = person();
  const earlier = await bands.of(address, ana);
  const band = await bands.create(address, ana, 'The Back Porch');
  assert.notEqual(band.id, earlier.id);
  assert.deepEqual([band.name, band.chats], ['The Back Porch', 1]);
  assert.equal((await bands.of(address, person())).id, band.id);
  assert.equal(await bands.isOwner(band.id, ana), true);
  assert.equal(await bands.isOwner(earlier.id, ana), false);
});

test('chats of three platforms join by a code each, and see each other’s jobs', async () => {
  const home = chat('discord');
  const ana = person('discord');
  const band = await bands.create(home, ana, 'Band');
  const others = [chat('slack', '1.2'), chat('telegram')];
  for (const other of others) {
    const { code, expiresAt } = await bands.invite(home, ana);
    assert.match(code, /^[A-HJ-NP-Z2-9]{8}$/);
    assert.ok(Math.abs(expiresAt.getTime() - Date.now() - 600_000) < 60_000);
    const joined = await bands.join(other, person(other.platform), ` ${code.toLowerCase()} `);
    assert.equal(joined.kind, 'joined');
  }
  assert.equal((await bands.of(home, ana)).chats, 3);
  const { jobId } = await testJob(database, { address: home });
  const surfaces = await createJobs(database).surfacesOf(jobId);
  assert.deepEqual(
    surfaces.map(({ address, isOrigin }) => [address, isOrigin]),
    [
      [home, true],
      [others[0], false],
      [others[1], false],
    ],
  );
  // From a thread of one chat: that thread, and the homes of the others.
  const inThread = await testJob(database, { address: { ...home, threadId: '9' } });
  const seen = await createJobs(database).surfacesOf(inThread.jobId);
  assert.deepEqual(
    seen.map(({ address }) => address),
    [{ ...home, threadId: '9' }, ...others],
  );
  assert.equal(band.id, (await bands.of(others[1] ?? home, person('telegram'))).id);
});

test('a code is for one chat, even when two type it at once', async () => {
  const home = chat();
  const { code } = await bands.invite(home, person());
  const joined = await Promise.all(
    Array.from({ length: 8 }, async () => await bands.join(chat('telegram'), person('telegram'), code)),
  );
  assert.deepEqual(joined.map(({ kind }) => kind).toSorted(), ['joined', ...Array.from({ length: 7 }, () => 'used')]);
});

test('a code that is old, unknown or the own band’s lets nobody in', async () => {
  const home = chat();
  const ana = person();
  const { code } = await bands.invite(home, ana);
  assert.equal((await bands.join(home, ana, code)).kind, 'already');
  assert.equal((await bands.join(chat(), ana, 'ABCD2345')).kind, 'unknown');
  const client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  await client.query("update band_invite set expires_at = now() - interval '1 second'");
  const { rows } = await client.query<{ text: string }>('select band_invite::text as text from band_invite');
  await client.end();
  assert.equal((await bands.join(chat(), ana, code)).kind, 'expired');
  assert.ok(
    rows.every(({ text }) => !text.includes(code)),
    'no code stands in the table',
  );
});

test('a chat that leaves goes its own way, and what it made stays', async () => {
  const home = chat();
  const other = chat('slack');
  const ana = person();
  const band = await bands.of(home, ana);
  const { code } = await bands.invite(home, ana);
  await bands.join(other, person('slack'), code);
  const { jobId } = await testJob(database, { address: other });
  const own = await bands.leave(other, person('slack'));
  assert.notEqual(own.id, band.id);
  assert.equal((await bands.of(home, ana)).chats, 1);
  const jobs = createJobs(database);
  assert.equal((await jobs.find(jobId))?.bandId, band.id);
  assert.deepEqual(
    (await jobs.surfacesOf(jobId)).map(({ address }) => address),
    [other],
  );
});

test('what a band chooses is kept, choice by choice', async () => {
  const { id, settings } = await bands.of(chat(), person());
  assert.deepEqual(settings, { strategy: null, quality: null, format: null, language: null, inviteOnly: false });
  await bands.saveSettings(id, { language: 'de', format: 'flac' });
  const saved = await bands.saveSettings(id, { format: null });
  assert.deepEqual(saved.settings, { strategy: null, quality: null, format: null, language: 'de', inviteOnly: false });
});

test('a chat that got another id takes its jobs and deliveries along, also where somebody spoke there first', async () => {
  const old = chat('telegram');
  const ana = person('telegram');
  const { jobId } = await testJob(database, { address: old });
  const jobs = createJobs(database);
  const [surface] = await jobs.surfacesOf(jobId);
  const deliveries = createDeliveries(database);
  await deliveries.plan({
    jobId,
    surfaceId: surface?.surfaceId ?? '',
    slot: 'card',
    target: old,
    contentSha256: 'c',
  });
  const band = await bands.of(old, ana);
  const to = { ...old, chatId: randomUUID() };
  await bands.of(to, ana);
  await bands.moveChat(old, to.chatId);
  await bands.moveChat(old, to.chatId);
  const [moved, ...more] = await jobs.surfacesOf(jobId);
  assert.deepEqual([moved?.address, more], [to, []]);
  assert.equal((await deliveries.list(jobId, moved?.surfaceId ?? '')).length, 1);
  assert.equal((await bands.of(to, ana)).id, band.id);
});

test('of a chat that moves the cards of finished jobs stand where they did, and those of others nowhere', async () => {
  const old = chat('telegram');
  const jobs = createJobs(database);
  const deliveries = createDeliveries(database);
  async function delivered(slots: readonly DeliverySlot[]): Promise<() => Promise<string[]>> {
    const { jobId } = await testJob(database, { address: old });
    const surfaceId = (await jobs.surfacesOf(jobId))[0]?.surfaceId ?? '';
    for (const slot of slots) {
      const { id } = await deliveries.plan({ jobId, surfaceId, slot, target: old, contentSha256: slot });
      await deliveries.beginSend(id, 60_000);
      await deliveries.markSent(id, `${slot} of ${jobId}`);
    }
    return async () => (await deliveries.list(jobId, surfaceId)).map(({ slot }) => slot).toSorted();
  }
  const finished = await delivered(['card', 'file-1', 'result']);
  const halfway = await delivered(['card', 'file-1', 'ready']);
  await bands.moveChat(old, randomUUID());
  assert.deepEqual(await finished(), ['card', 'file-1', 'result']);
  assert.deepEqual(await halfway(), ['ready'], 'what is seen once is not posted again');
});

test('a place that takes less is remembered by the least that it took', async () => {
  const { jobId } = await testJob(database);
  const jobs = createJobs(database);
  const surfaceId = (await jobs.surfacesOf(jobId))[0]?.surfaceId ?? '';
  await jobs.learnSurface({ surfaceId, fileLimitBytes: 9_000_000_000 });
  await jobs.learnSurface({ surfaceId, fileLimitBytes: 8_000_000 });
  await jobs.learnSurface({ surfaceId, fileLimitBytes: 9_000_000 });
  assert.equal((await jobs.surfacesOf(jobId))[0]?.learnedFileLimitBytes, 8_000_000);
});

test('somebody’s bands are found from anywhere, the busiest first', async () => {
  const ana = person();
  const [one, two] = [chat(), chat()];
  const first = await bands.of(one, ana);
  const second = await bands.of(two, ana);
  await testJob(database, { address: one });
  assert.deepEqual(
    (await bands.ofPerson(ana)).map(({ id }) => id),
    [first.id, second.id],
  );
  assert.deepEqual(await bands.ofPerson(person()), []);
});

test('whoever guesses codes is stopped, however many guesses come at once, and a right one does not help then', async () => {
  const home = chat();
  const guesser = person('telegram');
  const { code } = await bands.invite(home, person());
  const from = chat('telegram');
  await bands.of(from, guesser);
  // From a chat each: it is the person that is stopped.
  const guesses = await Promise.all(
    Array.from({ length: 30 }, async () => await bands.join(chat('telegram'), guesser, 'WR0NGGGG')),
  );
  assert.equal(guesses.filter(({ kind }) => kind === 'unknown').length, 10);
  assert.equal(guesses.filter(({ kind }) => kind === 'wait').length, 20);
  const told = await bands.join(from, guesser, code);
  assert.equal(told.kind, 'wait');
  assert.ok(told.freeInSeconds > 500 && told.freeInSeconds <= 600, String(told.freeInSeconds));
  await changed("update chat_identity set wrong_codes_since = now() - interval '11 minutes' where user_id = $1", [
    guesser.userId,
  ]);
  assert.equal((await bands.join(from, guesser, 'WR0NGGGG')).kind, 'unknown');
  assert.equal((await bands.join(from, guesser, code)).kind, 'joined');
});

test('a chat joins with all its threads, also with one in which somebody speaks for the first time meanwhile', async () => {
  for (let round = 0; round < 12; round += 1) {
    const home = chat();
    const other = chat('slack');
    const ana = person();
    const band = await bands.of(home, ana);
    await bands.of(other, person('slack'));
    const { code } = await bands.invite(home, ana);
    const speak = async (threadId: string): Promise<unknown> => await bands.of({ ...other, threadId }, person('slack'));
    const [joined] = await Promise.all([bands.join(other, person('slack'), code), speak('a'), speak('b'), speak('c')]);
    assert.equal(joined.kind, 'joined');
    for (const threadId of [null, 'a', 'b', 'c']) {
      assert.equal((await bands.of({ ...other, threadId }, ana)).id, band.id, `thread ${String(threadId)}`);
    }
    const { jobId } = await testJob(database, { address: home });
    const surfaces = await createJobs(database).surfacesOf(jobId);
    assert.deepEqual(
      surfaces.map(({ address }) => address),
      [home, other],
    );
  }
});

test('a chat that moves onto one of its own band keeps one home, and of two cards the one that stands there', async () => {
  const [old, next] = [chat('telegram'), chat('telegram', '5')];
  const ana = person('telegram');
  const band = await bands.of(old, ana);
  await bands.of({ ...old, threadId: '5' }, ana);
  const { code } = await bands.invite(old, ana);
  await bands.join(next, ana, code);
  const { jobId } = await testJob(database, { address: { ...old, threadId: '5' } });
  const jobs = createJobs(database);
  const deliveries = createDeliveries(database);
  const [origin, mirror] = await jobs.surfacesOf(jobId);
  assert.deepEqual(mirror?.address, next);
  for (const surface of [origin, mirror]) {
    assert.ok(surface !== undefined);
    const { surfaceId, address } = surface;
    const { id } = await deliveries.plan({ jobId, surfaceId, slot: 'card', target: address, contentSha256: 'c' });
    await deliveries.beginSend(id, 60_000);
    await deliveries.markSent(id, `in ${address.chatId}`);
  }
  await bands.moveChat(old, next.chatId);
  const surfaces = await jobs.surfacesOf(jobId);
  assert.deepEqual(
    surfaces.map(({ surfaceId, address }) => [surfaceId, address]),
    [[origin?.surfaceId, next]],
    'whoever works on the job knows the place by its id',
  );
  assert.deepEqual(
    (await deliveries.list(jobId, origin?.surfaceId ?? '')).map(({ messageId }) => messageId),
    [`in ${next.chatId}`],
  );
  assert.deepEqual([(await bands.of(next, ana)).id, (await bands.of(next, ana)).chats], [band.id, 1]);
  const other = chat('telegram');
  await bands.join(other, ana, (await bands.invite(next, ana)).code);
  const elsewhere = await testJob(database, { address: other });
  assert.deepEqual(
    (await jobs.surfacesOf(elsewhere.jobId)).map(({ address }) => address),
    [other, { ...next, threadId: null }],
  );
});

test('a chat that two moves are told of at once is moved once', async () => {
  const old = chat('telegram');
  const ana = person('telegram');
  const band = await bands.of(old, ana);
  const to = { ...old, chatId: randomUUID() };
  await Promise.all([
    bands.moveChat(old, to.chatId),
    bands.moveChat(old, to.chatId),
    bands.of(to, ana),
    bands.moveChat(old, old.chatId),
  ]);
  await bands.moveChat(old, to.chatId);
  assert.equal((await bands.of(to, ana)).id, band.id);
});

test('a band whose founding is repeated, since its answer was lost, is founded once', async () => {
  const forgetful = createBands(repeatingTransactions(database));
  const address = chat();
  const ana = person();
  const { id } = await forgetful.create(address, ana, 'Once');
  const own = await forgetful.leave(address, ana);
  assert.deepEqual((await bands.ofPerson(ana)).map((band) => band.name).toSorted(), [
    'Once',
    `discord ${address.chatId}`,
    `discord ${address.chatId}`,
  ]);
  assert.notEqual(own.id, id);
  assert.equal(await bands.isOwner(id, ana), true);
});

async function changed(statement: string, values: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  const { rowCount } = await client.query(statement, [...values]);
  await client.end();
  assert.equal(rowCount, 1);
}
