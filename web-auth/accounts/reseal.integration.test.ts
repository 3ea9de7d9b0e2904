import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountBinding } from '../../db/linked-accounts.repository.ts';
import { createAccountTokens } from '../../db/account-tokens.repository.ts';
import { createSecondFactors } from '../../db/second-factors.repository.ts';
import { createSeal } from '../../runtime/seal.ts';
import { openSignInBench } from '../sign-in/sign-in.test-kit.ts';
import type { SignInBench } from '../sign-in/sign-in.test-kit.ts';
import { factorBinding } from '../sign-in/second-factor-pages.ts';
import { resealAll } from './reseal.ts';
import { openTokens, sealTokens } from './seal-tokens.ts';

const ROWS = 10_000;
const READS_PER_SECOND = 50;
const [OLD, NEW] = ['0f'.repeat(16), 'ab'.repeat(16)];

let bench: SignInBench;
before(async () => {
  bench = await openSignInBench();
});
after(async () => {
  await bench.close();
});

test('ten thousand accounts are sealed under a new secret while they are read', async () => {
  const { client, database } = bench;
  const old = createSeal([OLD], 'accounts');
  const { rows: members } = await client.query<{ id: string }>(
    "insert into member (display_name) values ('Ada') returning id",
  );
  const memberId = members[0]?.id ?? '';
  const { rows } = await client.query<{ id: string }>('select gen_random_uuid() as id from generate_series(1, $1)', [
    ROWS,
  ]);
  const ids = rows.map(({ id }) => id);
  const sealed = ids.map((id) => {
    const tokens = { accessToken: `access ${id}`, refreshToken: null, expiresAt: null, scopes: [] };
    return sealTokens(old, tokens, accountBinding({ id, memberId, provider: 'spotify' })).sealed;
  });
  await client.query(
    `insert into linked_account (id, member_id, provider, subject, display_name, sealed)
     select id, $1, 'spotify', id::text, 'ada', sealed from unnest($2::uuid[], $3::text[]) as row (id, sealed)`,
    [memberId, ids, sealed],
  );
  const factors = createSecondFactors(database);
  await factors.begin(memberId, old.close('KEY', factorBinding(memberId)));

  const tokens = createAccountTokens(database);
  const both = createSeal([NEW, OLD], 'accounts');
  let [done, reads] = [false, 0];
  const reader = (async () => {
    for (let at = 0; !done; at = (at + 7919) % ROWS) {
      const id = ids[at] ?? '';
      const row = (await tokens.read(id)) ?? assert.fail('a row has no tokens');
      assert.equal(openTokens(both, row.sealed, accountBinding(row)).accessToken, `access ${id}`);
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 1000 / READS_PER_SECOND));
    }
  })();
  assert.equal(await resealAll(both, { tokens, factors }), ROWS + 1);
  done = true;
  await reader;
  assert.ok(reads > 0);

  const { rows: sealedAnew } = await client.query<{ id: string; sealed: string }>(
    'select id, sealed from linked_account',
  );
  const alone = createSeal([NEW], 'accounts');
  for (const row of sealedAnew) {
    const opened = openTokens(alone, row.sealed, accountBinding({ id: row.id, memberId, provider: 'spotify' }));
    assert.equal(opened.accessToken, `access ${row.id}`);
  }
  assert.equal(alone.open((await factors.find(memberId))?.sealed ?? '', factorBinding(memberId)), 'KEY');
  assert.equal(await resealAll(both, { tokens, factors }), 0, 'again, there is nothing to do');
});

test('a text of another row, member or provider, with a short tag, or of an unknown key does not open', async () => {
  const row = { id: 'row', memberId: 'ada', provider: 'spotify' };
  const seal = createSeal([NEW], 'accounts');
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] };
  const { sealed } = sealTokens(seal, tokens, accountBinding(row));
  assert.equal(openTokens(seal, sealed, accountBinding(row)).refreshToken, 'r');
  for (const other of [
    { ...row, id: 'other' },
    { ...row, memberId: 'eve' },
    { ...row, provider: 'google' },
  ]) {
    assert.throws(() => openTokens(seal, sealed, accountBinding(other)));
  }
  const parts = sealed.split('.');
  const short = Buffer.from(parts[4] ?? '', 'base64url')
    .subarray(0, 4)
    .toString('base64url');
  for (const wrong of [
    [...parts.slice(0, 4), short],
    ['v1', 'AAAAAAAA', ...parts.slice(2)],
    ['v2', ...parts.slice(1)],
  ]) {
    assert.throws(() => openTokens(seal, wrong.join('.'), accountBinding(row)));
  }
  assert.throws(() => openTokens(createSeal([OLD], 'accounts'), sealed, accountBinding(row)), /key/u);
  assert.throws(() => openTokens(createSeal([NEW], 'slack'), sealed, accountBinding(row)));
});
