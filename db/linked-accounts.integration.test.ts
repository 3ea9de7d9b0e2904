import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { createAccountTokens } from './account-tokens.repository.ts';
import type { AccountTokens } from './account-tokens.repository.ts';
import { createIdentities } from './identities.repository.ts';
import { createLinkedAccounts } from './linked-accounts.repository.ts';
import type { LinkedAccounts, SignedIn } from './linked-accounts.repository.ts';
import { createLinking } from './linking.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createSecondFactors, MOST_WRONG_FACTORS } from './second-factors.repository.ts';
import { createSignInStates } from './sign-in-states.repository.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { repeatingTransactions } from './test-repetition.ts';

let testDatabase: TestDatabase;
let database: Database;
let client: Client;
let accounts: LinkedAccounts;
let tokens: AccountTokens;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  accounts = createLinkedAccounts(database);
  tokens = createAccountTokens(database);
});

after(async () => {
  await client.end();
  await database.close();
  await testDatabase.close();
});

function google(subject: string = randomUUID(), mayFound = true): SignedIn {
  return { provider: 'google', subject, displayName: 'Ada', chatUser: null, mayFound };
}

async function signIn(account: SignedIn): Promise<string> {
  return (await accounts.signIn(account))?.memberId ?? assert.fail('nobody was signed in');
}

function seal(text: string): (boundTo: string) => { sealed: string; expiresAt: null; scopes: string[] } {
  return (boundTo) => ({ sealed: `${text} for ${boundTo}`, expiresAt: null, scopes: ['a', 'b'] });
}

test('the first sign-in founds a member, the next ones find it, twenty at once found one', async () => {
  const account = google();
  const founded = await Promise.all(Array.from({ length: 20 }, async () => await signIn(account)));
  assert.equal(new Set(founded).size, 1);
  assert.notEqual(await signIn(google()), founded[0]);
  assert.equal(await accounts.isKnown(account), true);
  const twice = await createLinkedAccounts(repeatingTransactions(database)).signIn(google());
  assert.notEqual(twice, null);
});

test('nobody is founded where nobody may be', async () => {
  const account = google(randomUUID(), false);
  assert.equal(await accounts.signIn(account), null);
  assert.equal(await accounts.isKnown(account), false);
  await signIn({ ...account, mayFound: true });
  assert.notEqual(await accounts.signIn(account), null, 'who is known comes in');
});

test('signing in with a chat’s own provider is the member of that chat user, who is linked by it', async () => {
  const who = { platform: 'discord', userId: '4711', displayName: 'Ada' } as const;
  const address = { platform: 'discord', botId: 'bot', chatId: 'c', threadId: null } as const;
  const { memberId, bandId } = await createIdentities(database).resolve(address, who);
  const account: SignedIn = {
    provider: 'discord',
    subject: '4711',
    displayName: 'Ada',
    chatUser: { platform: 'discord', userId: '4711' },
    mayFound: false,
  };
  assert.equal(await signIn(account), memberId);
  assert.equal(await createLinking(database).isLinked(who), true);
  const { rows } = await client.query('select from membership where member_id = $1 and band_id = $2', [
    memberId,
    bandId,
  ]);
  assert.equal(rows.length, 1);
  assert.deepEqual(
    (await accounts.chatUsers(memberId)).map(({ userId }) => userId),
    ['4711'],
  );
});

test('an account belongs to one member; again it gets new tokens', async () => {
  const [ada, eve] = [await signIn(google()), await signIn(google())];
  const spotify = { provider: 'spotify', subject: 's1', displayName: 'ada' } as const;
  assert.equal(await accounts.connect(ada, spotify, seal('one')), 'connected');
  assert.equal(await accounts.connect(eve, spotify, seal('hers')), 'taken');
  assert.equal(await accounts.connect(ada, spotify, seal('two')), 'connected');
  const row = (await accounts.list(ada)).find(({ provider }) => provider === 'spotify');
  assert.deepEqual([row?.hasTokens, row?.scopes], [true, ['a', 'b']]);
  assert.equal((await tokens.read(row?.id ?? ''))?.sealed, `two for linked_account|${row?.id ?? ''}|${ada}|spotify|v1`);
  assert.deepEqual(
    (await accounts.list(eve)).map(({ provider }) => provider),
    ['google'],
  );
  assert.equal(await accounts.hasAny(ada, [{ provider: 'spotify', subject: 's1' }]), true);
  assert.equal(await accounts.hasAny(eve, [{ provider: 'spotify', subject: 's1' }]), false);
});

test('tokens change under a lock, one after the other, and what was decided is written when it returns', async () => {
  const ada = await signIn(google());
  await accounts.connect(ada, { provider: 'spotify', subject: 's2', displayName: 'ada' }, seal('0'));
  const id = (await accounts.list(ada)).find(({ provider }) => provider === 'spotify')?.id ?? '';
  let inside = 0;
  await Promise.all(
    Array.from(
      { length: 20 },
      async () =>
        await tokens.change(id, async (row) => {
          assert.equal((inside += 1), 1);
          const count = Number.parseInt(row?.sealed ?? '', 10) + 1;
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
          return { change: { kind: 'replace', sealed: String(count), expiresAt: null }, result: null };
        }),
    ),
  );
  assert.equal((await tokens.read(id))?.sealed, '20');
  await tokens.change(id, async () => ({ change: { kind: 'relink' }, result: null }));
  assert.equal(await tokens.read(id), null);
  assert.equal((await accounts.list(ada)).find((row) => row.id === id)?.needsRelink, true);
});

test('erased, the tokens are gone, for the member alone who has them; the row stays where it is told to', async () => {
  const [ada, eve] = [await signIn(google()), await signIn(google())];
  await accounts.connect(ada, { provider: 'spotify', subject: 's3', displayName: 'ada' }, seal('secret'));
  const id = (await accounts.list(ada)).find(({ provider }) => provider === 'spotify')?.id ?? '';
  assert.equal(await tokens.erase({ id, memberId: eve, keepRow: false }, async () => 'revoked'), null);
  assert.notEqual(await tokens.read(id), null);
  const kept = await tokens.erase({ id, memberId: ada, keepRow: true }, async (row) => row?.sealed.slice(0, 6));
  assert.equal(kept, 'secret');
  assert.equal(await tokens.read(id), null);
  assert.equal((await accounts.list(ada)).length, 2);
  await tokens.erase({ id, memberId: ada, keepRow: false }, async () => null);
  assert.equal((await accounts.list(ada)).length, 1);
});

test('a state comes back once, to its browser alone, and not late', async () => {
  const states = createSignInStates(database);
  const base = { provider: 'google', redirectUri: 'r', purpose: 'link', memberId: null, sealed: 'x' } as const;
  const { provider, redirectUri, purpose, memberId, sealed } = base;
  await states.save({ ...base, state: 'one', browser: 'mine' });
  assert.deepEqual(await states.take('one', 'mine'), { provider, redirectUri, purpose, memberId, sealed });
  assert.equal(await states.take('one', 'mine'), null);
  await states.save({ ...base, state: 'two', browser: 'mine' });
  assert.equal(await states.take('two', 'another'), null);
  assert.equal(await states.take('two', 'mine'), null, 'it is gone as it was read');
  await states.save({ ...base, state: 'three', browser: 'mine' });
  await client.query("update sign_in_state set expires_at = now() - interval '1 second'");
  assert.equal(await states.take('three', 'mine'), null);
  await states.save({ ...base, state: 'four', browser: 'mine' });
  const taken = await Promise.all(Array.from({ length: 50 }, async () => await states.take('four', 'mine')));
  assert.equal(taken.filter((state) => state !== null).length, 1);
  const { rows } = await client.query<{ row: string }>('select sign_in_state::text as row from sign_in_state');
  assert.ok(!rows.some(({ row }) => row.includes('mine')));
  assert.deepEqual([await states.spend('data'), await states.spend('data')], [true, false]);
});

test('a code of a step counts once, and a few wrong ones end the trying', async () => {
  const factors = createSecondFactors(database);
  const ada = await signIn(google());
  assert.equal(await factors.check(ada, () => 1), 'wrong', 'there is none yet');
  await factors.begin(ada, 'first');
  await factors.begin(ada, 'second');
  assert.deepEqual(await factors.find(ada), { sealed: 'second', isConfirmed: false });
  assert.equal(await factors.check(ada, (sealed) => (sealed === 'second' ? 100 : null)), 'right');
  await factors.begin(ada, 'third');
  assert.deepEqual(await factors.find(ada), { sealed: 'second', isConfirmed: true });
  const replayed = await Promise.all(Array.from({ length: 10 }, async () => await factors.check(ada, () => 100)));
  assert.equal(replayed.filter((outcome) => outcome === 'wrong').length, MOST_WRONG_FACTORS);
  assert.equal(await factors.check(ada, () => 101), 'too-many', 'the right one too');
  await client.query("update second_factor set wrong_since = now() - interval '16 minutes'");
  assert.equal(await factors.check(ada, () => 101), 'right');
});
