import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { ChatAddress, Platform, Requester } from '../workflows/contract/request.ts';
import { createBands } from './bands.repository.ts';
import { createIdentities } from './identities.repository.ts';
import { createJobs } from './jobs.repository.ts';
import { createLinking, MOST_WRONG_TRIES } from './linking.repository.ts';
import type { Linking } from './linking.repository.ts';
import { LINK_CHANNEL } from './notify.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { repeatingTransactions } from './test-repetition.ts';
import { testJob } from './test-rows.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let linking: Linking;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  linking = createLinking(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

function person(platform: Platform = 'discord', userId: string = randomUUID()): Requester {
  return { platform, userId, displayName: 'Ada' };
}

function room(platform: Platform = 'discord'): ChatAddress {
  return { platform, botId: 'bot', chatId: randomUUID(), threadId: null };
}

async function newMember(): Promise<string> {
  const { rows } = await client.query<{ id: string }>("insert into member (display_name) values ('Ada') returning id");
  return rows[0]?.id ?? '';
}

async function ownedBand(address: ChatAddress, who: Requester): Promise<string> {
  const { bandId, memberId } = await createIdentities(database).resolve(address, who);
  await client.query("update membership set role = 'owner' where band_id = $1 and member_id = $2", [bandId, memberId]);
  return bandId;
}

async function memberOf({ platform, userId }: Requester): Promise<string> {
  const { rows } = await client.query<{ member: string }>(
    'select member_id as member from chat_identity where platform = $1 and user_id = $2',
    [platform, userId],
  );
  return rows[0]?.member ?? '';
}

async function rolesOf(memberId: string): Promise<Record<string, string>> {
  const { rows } = await client.query<{ band_id: string; role: string }>(
    'select band_id, role from membership where member_id = $1',
    [memberId],
  );
  return Object.fromEntries(rows.map(({ band_id: band, role }) => [band, role]));
}

test('of a thousand that redeem one link at once, one wins', async () => {
  const who = person();
  const { token } = await linking.makeToken(who);
  const members: string[] = [];
  for (let count = 0; count < 10; count++) members.push(await newMember());
  const outcomes = await Promise.all(
    Array.from({ length: 1000 }, async (_, index) => await linking.redeem(token, members[index % 10] ?? '')),
  );
  assert.equal(outcomes.filter((outcome) => outcome === 'linked').length, 1);
  assert.equal(outcomes.filter((outcome) => outcome === 'gone').length, 999);
  const { rows } = await client.query<{ count: number }>(
    "select count(*)::int as count from audit_event where kind = 'identity.linked' and member_id = $1",
    [await memberOf(who)],
  );
  assert.equal(rows[0]?.count, 1);
  assert.ok(members.includes(await memberOf(who)));
});

test('a link is looked at as often as one likes, and says who asked', async () => {
  const who = person('telegram');
  const { token, endsAt } = await linking.makeToken(who);
  const minutes = (endsAt.getTime() - Date.now()) / 60_000;
  assert.ok(minutes > 8 && minutes <= 10.1, String(minutes));
  for (let looks = 0; looks < 3; looks++) {
    const seen = await linking.look(token);
    assert.deepEqual({ ...seen, identityId: '' }, { ...who, identityId: '' });
  }
  assert.equal(await linking.isLinked(who), false);
  assert.equal(await linking.redeem(token, await newMember()), 'linked');
  assert.equal(await linking.isLinked(who), true);
});

test('the token itself is not in the database', async () => {
  const { token } = await linking.makeToken(person());
  const { rows } = await client.query<{ row: string }>('select link_token::text as row from link_token');
  const all = rows.map(({ row }) => row).join('\n');
  assert.ok(!all.includes(token));
  assert.ok(all.includes(createHash('sha256').update(token).digest('hex')), 'its hash is');
  assert.equal(Buffer.from(token, 'base64url').length, 32);
});

test('a link that is used, over or guessed leads nowhere', async () => {
  const memberId = await newMember();
  const used = (await linking.makeToken(person())).token;
  assert.equal(await linking.redeem(used, memberId), 'linked');
  const over = (await linking.makeToken(person())).token;
  await client.query("update link_token set expires_at = now() - interval '1 second' where token_sha256 = $1", [
    createHash('sha256').update(over).digest('hex'),
  ]);
  const guessed = `${used.startsWith('A') ? 'B' : 'A'}${used.slice(1)}`;
  for (const token of [used, over, guessed, '', 'x', `${used}=`, "' or true --", '\0'.repeat(43)]) {
    assert.equal(await linking.look(token), null);
    assert.equal(await linking.redeem(token, memberId), 'gone');
    assert.equal(await linking.park(token, memberId), null);
  }
});

test('another member’s identity is taken; one’s own again is linked', async () => {
  const who = person();
  const [ada, eve] = [await newMember(), await newMember()];
  assert.equal(await linking.redeem((await linking.makeToken(who)).token, ada), 'linked');
  assert.equal(await linking.redeem((await linking.makeToken(who)).token, eve), 'taken');
  assert.equal(await linking.park((await linking.makeToken(who)).token, eve), null);
  assert.equal(await linking.redeem((await linking.makeToken(who)).token, ada), 'linked');
  assert.equal(await memberOf(who), ada);
});

test('bands and shares of the chat’s own member move to whoever links it, the higher role wins', async () => {
  const identities = createIdentities(database);
  const who = person();
  const [owned, played] = [room(), room()];
  const ownBand = await ownedBand(owned, who);
  const { bandId } = await identities.resolve(played, who);
  const earlier = await memberOf(who);
  const ada = await newMember();
  await client.query("insert into membership (band_id, member_id, role) values ($1, $2, 'member')", [ownBand, ada]);
  assert.equal(await linking.redeem((await linking.makeToken(who)).token, ada), 'linked');
  assert.deepEqual(await rolesOf(ada), { [ownBand]: 'owner', [bandId]: 'member' });
  assert.deepEqual(await rolesOf(earlier), {});
  assert.equal((await identities.resolve(played, who)).memberId, ada);
});

test('unlinked, the chat goes on with a member of its own, and the person keeps what other chats lead to', async () => {
  const identities = createIdentities(database);
  const [onDiscord, onSlack] = [person('discord'), person('slack')];
  const ada = await newMember();
  const ownBand = await ownedBand(room('discord'), onDiscord);
  const { bandId } = await identities.resolve(room('slack'), onSlack);
  for (const who of [onDiscord, onSlack]) {
    assert.equal(await linking.redeem((await linking.makeToken(who)).token, ada), 'linked');
  }
  assert.equal(await linking.unlink(onDiscord), true);
  assert.equal(await linking.isLinked(onDiscord), false);
  assert.equal(await linking.isLinked(onSlack), true);
  const alone = await memberOf(onDiscord);
  assert.notEqual(alone, ada);
  assert.deepEqual(await rolesOf(alone), { [ownBand]: 'owner' });
  assert.deepEqual(await rolesOf(ada), { [bandId]: 'member' });
  assert.equal(await linking.unlink(onDiscord), false, 'once');
  assert.equal(await linking.redeem((await linking.makeToken(onDiscord)).token, ada), 'linked');
  assert.deepEqual(await rolesOf(ada), { [bandId]: 'member', [ownBand]: 'owner' });
});

test('a code links when the same chat user types it, in any case, once', async () => {
  const [who, other] = [person(), person()];
  const ada = await newMember();
  const { token } = await linking.makeToken(who);
  const parked = await linking.park(token, ada);
  assert.match(parked?.code ?? '', /^[A-Z2-9]{8}$/u);
  assert.equal(await linking.look(token), null, 'the link is used up');
  assert.equal(await linking.isLinked(who), false, 'and nothing is linked yet');
  assert.equal(await linking.confirm(other, parked?.code ?? ''), 'wrong', 'it is nobody else’s code');
  assert.equal(await linking.confirm(who, ` ${parked?.code.toLowerCase() ?? ''} `), 'linked');
  assert.equal(await memberOf(who), ada);
  assert.equal(await linking.confirm(who, parked?.code ?? ''), 'wrong', 'once');
  assert.equal(await linking.isLinked(other), false);
});

test('a code is dead after a few wrong ones, all at once too; a new link makes a new one', async () => {
  const who = person();
  const ada = await newMember();
  const first = await linking.park((await linking.makeToken(who)).token, ada);
  const guesses = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => await linking.confirm(who, `WRONG${String(index)}`)),
  );
  assert.equal(guesses.filter((outcome) => outcome === 'wrong').length, MOST_WRONG_TRIES - 1);
  assert.equal(guesses.filter((outcome) => outcome === 'too-many').length, 51 - MOST_WRONG_TRIES);
  assert.equal(await linking.confirm(who, first?.code ?? ''), 'too-many', 'the right one too');
  const second = await linking.park((await linking.makeToken(who)).token, ada);
  assert.equal(await linking.confirm(who, first?.code ?? ''), 'wrong', 'the earlier one stays dead');
  assert.equal(await linking.confirm(who, second?.code ?? ''), 'linked');
});

test('a code that is over is wrong', async () => {
  const who = person();
  const parked = await linking.park((await linking.makeToken(who)).token, await newMember());
  await client.query("update link_code set expires_at = now() - interval '1 second'");
  assert.equal(await linking.confirm(who, parked?.code ?? ''), 'wrong');
  assert.equal(await linking.isLinked(who), false);
});

test('whoever linked in between keeps the identity from a parked sign-in', async () => {
  const who = person();
  const [ada, eve] = [await newMember(), await newMember()];
  const parked = await linking.park((await linking.makeToken(who)).token, eve);
  assert.equal(await linking.redeem((await linking.makeToken(who)).token, ada), 'linked');
  assert.equal(await linking.confirm(who, parked?.code ?? ''), 'wrong');
  assert.equal(await memberOf(who), ada);
});

test('a lost answer changes nothing about who won', async () => {
  const twice = createLinking(repeatingTransactions(database));
  const who = person();
  const ada = await newMember();
  assert.equal(await twice.redeem((await twice.makeToken(who)).token, ada), 'linked');
  assert.equal(await twice.unlink(who), true);
  const parked = await twice.park((await twice.makeToken(who)).token, ada);
  assert.equal(await twice.confirm(who, parked?.code ?? ''), 'linked');
  assert.equal(await memberOf(who), ada);
});

test('a link is announced when it is there, by the identity’s id', async () => {
  const who = person();
  await client.query(`listen ${LINK_CHANNEL}`);
  const heard = new Promise<string | undefined>((resolve) => {
    client.on('notification', ({ channel, payload }) => {
      if (channel === LINK_CHANNEL) resolve(payload);
    });
  });
  const { token } = await linking.makeToken(who);
  const asker = await linking.look(token);
  await linking.redeem(token, await newMember());
  assert.equal(await heard, asker?.identityId);
});

test('the console is linked by itself', async () => {
  assert.equal(await linking.isLinked(person('console')), true);
});

test('accounts that are linked to one member are one person, whose jobs are found by each of them', async () => {
  const [bands, jobs] = [createBands(database), createJobs(database)];
  const [here, there, stranger] = [person('discord'), person('telegram'), person('slack')];
  const address = room('discord');
  const { jobId } = await testJob(database, { address, requester: here });
  await testJob(database, { address, requester: stranger });
  for (const who of [there, stranger]) await createIdentities(database).resolve(room(who.platform), who);
  const foundBy = async (askedBy: Requester): Promise<string[]> =>
    (await jobs.list({ limit: 10, askedBy })).map(({ id }) => id);

  assert.equal(await bands.isSamePerson(here, here), true);
  assert.equal(await bands.isSamePerson(here, there), false);
  assert.deepEqual(await foundBy(there), []);
  const memberId = await newMember();
  for (const who of [here, there]) {
    const { token } = await linking.makeToken(who);
    assert.equal(await linking.redeem(token, memberId), 'linked');
  }
  assert.equal(await bands.isSamePerson(here, there), true);
  assert.equal(await bands.isSamePerson(here, stranger), false);
  assert.equal(await bands.isSamePerson(person(), person()), false, 'who never spoke is nobody');
  assert.deepEqual(await foundBy(there), [jobId]);
  assert.deepEqual(await foundBy(person()), []);
});
