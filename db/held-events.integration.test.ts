/** Events that belong together, such as the songs of an album, which come one by one. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { InboundPayload } from '../workflows/contract/inbound.ts';
import { createInbox } from './inbox.repository.ts';
import type { HeldItem, Inbox } from './inbox.repository.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { startTestProxy } from './test-proxy.ts';

let testDatabase: TestDatabase;
let database: Database;
let other: Database;
let client: Client;
let inbox: Inbox;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  other = await openDatabase(testDatabase.url);
  client = new Client({ connectionString: testDatabase.url });
  await client.connect();
  inbox = createInbox(database);
});

after(async () => {
  await client.end();
  await Promise.all([database.close(), other.close()]);
  await testDatabase.close();
});

const PLACE = { platform: 'telegram', botId: 'b' } as const;
const AT_ONCE = 0;
const NEVER_QUIET = 3_600_000;

function part(groupKey: string, item: string): HeldItem {
  return { ...PLACE, eventKey: `${groupKey}/${item}`, groupKey, item: { song: item } };
}

/** Stands for the decision: its text is what it was given. */
function cancelAll(items: readonly unknown[]): InboundPayload {
  return { kind: 'cancel', jobId: JSON.stringify(items) };
}

async function accepted(groupKey: string): Promise<readonly InboundPayload[]> {
  const { rows } = await client.query<{ payload: InboundPayload }>(
    'select payload from inbound_event where event_key = $1',
    [groupKey],
  );
  return rows.map(({ payload }) => payload);
}

test('what is held is one event, in the order of its arrival, with redeliveries left out', async () => {
  const groupKey = randomUUID();
  for (const song of ['c', 'a', 'b']) assert.equal((await inbox.hold(part(groupKey, song))).isNew, true);
  assert.equal((await inbox.hold({ ...part(groupKey, 'a'), item: 'changed' })).isNew, false);
  const settled = await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll);
  assert.notEqual(settled, null);
  assert.deepEqual(await accepted(groupKey), [cancelAll([{ song: 'c' }, { song: 'a' }, { song: 'b' }])]);
  assert.equal(await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll), null);
});

test('waits until nothing was added for a while', async () => {
  const groupKey = randomUUID();
  const settle = async (): Promise<unknown> =>
    await inbox.settle({ ...PLACE, groupKey, quietMs: NEVER_QUIET }, cancelAll);
  await inbox.hold(part(groupKey, 'a'));
  await inbox.hold(part(groupKey, 'b'));
  assert.equal(await settle(), null);
  const age = async (song: string): Promise<unknown> =>
    await client.query("update held_event set created_at = created_at - interval '2 hours' where event_key = $1", [
      `${groupKey}/${song}`,
    ]);
  await age('a');
  assert.equal(await settle(), null, 'the last one was just added');
  await age('b');
  assert.notEqual(await settle(), null);
});

test('a group that is decided against leaves nothing', async () => {
  const groupKey = randomUUID();
  await inbox.hold(part(groupKey, 'a'));
  assert.equal(await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, () => null), null);
  assert.deepEqual(await accepted(groupKey), []);
  assert.equal((await inbox.heldGroups('telegram', 'b')).includes(groupKey), false);
});

test('a decision that fails leaves all of it held', async () => {
  const groupKey = randomUUID();
  await inbox.hold(part(groupKey, 'a'));
  const failing = inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, () => {
    throw new RangeError('no');
  });
  await assert.rejects(failing, RangeError);
  assert.notEqual(await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll), null);
});

test('of several processes that settle a group one does, and all of its songs are in it', async () => {
  const doors = [inbox, createInbox(other)];
  for (let round = 0; round < 15; round += 1) {
    const groupKey = randomUUID();
    const songs = Array.from({ length: 10 }, (_, index) => String(index));
    await Promise.all(songs.map(async (song, index) => await doors[index % 2]?.hold(part(groupKey, song))));
    const settled = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        return await doors[index % 2]?.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll);
      }),
    );
    assert.equal(settled.filter((one) => one !== null).length, 1);
    const [payload] = await accepted(groupKey);
    const items = JSON.parse(payload?.kind === 'cancel' ? payload.jobId : '[]') as { song: string }[];
    assert.deepEqual(items.map(({ song }) => song).toSorted(), songs);
  }
});

test('what is delivered again after it was settled is nothing new', async () => {
  const groupKey = randomUUID();
  await inbox.hold(part(groupKey, 'a'));
  await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll);
  assert.equal((await inbox.hold(part(groupKey, 'a'))).isNew, false);
  assert.equal(await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll), null);
  assert.deepEqual(await accepted(groupKey), [cancelAll([{ song: 'a' }])]);
  assert.equal((await inbox.heldGroups('telegram', 'b')).includes(groupKey), false);
});

test('what comes after its group was settled is an event of its own, and what came before is told', async () => {
  const groupKey = randomUUID();
  const settle = async (): Promise<readonly unknown[]> => {
    let earlier: readonly unknown[] = [];
    await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, (items, settled) => {
      earlier = settled;
      return cancelAll(items);
    });
    return earlier;
  };
  for (const song of ['a', 'b']) await inbox.hold(part(groupKey, song));
  assert.deepEqual(await settle(), []);
  // One that is late, among others that are only delivered again.
  for (const song of ['b', 'c', 'a']) await inbox.hold(part(groupKey, song));
  assert.deepEqual(await settle(), [{ song: 'a' }, { song: 'b' }]);
  await inbox.hold(part(groupKey, 'd'));
  assert.deepEqual(await settle(), [{ song: 'a' }, { song: 'b' }, { song: 'c' }]);
  assert.deepEqual(await accepted(groupKey), [cancelAll([{ song: 'a' }, { song: 'b' }])]);
  assert.deepEqual(await accepted(`${groupKey}-${groupKey}/c`), [cancelAll([{ song: 'c' }])]);
  assert.deepEqual(await accepted(`${groupKey}-${groupKey}/d`), [cancelAll([{ song: 'd' }])]);
});

test('what was settled is forgotten once it cannot be delivered again', async () => {
  const [old, young] = [randomUUID(), randomUUID()];
  for (const groupKey of [old, young]) {
    await inbox.hold(part(groupKey, 'a'));
    await inbox.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, cancelAll);
  }
  await client.query('alter table held_event disable trigger held_event_touch');
  await client.query("update held_event set updated_at = now() - interval '3 days' where event_key = $1", [`${old}/a`]);
  await client.query('alter table held_event enable trigger held_event_touch');
  await inbox.hold(part(young, 'b'));
  await inbox.settle({ ...PLACE, groupKey: young, quietMs: AT_ONCE }, cancelAll);
  const { rows } = await client.query<{ key: string }>(
    'select event_key as key from held_event where event_key like any($1) order by key',
    [[`${old}%`, `${young}%`]],
  );
  assert.deepEqual(
    rows.map(({ key }) => key),
    [`${young}/a`, `${young}/b`],
  );
});

test('what a process left is found by the next, for its own bot', async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  await inbox.hold(part(one, 'a'));
  await inbox.hold(part(one, 'b'));
  await inbox.hold({ ...part(two, 'a'), botId: 'another' });
  const left = await createInbox(other).heldGroups('telegram', 'b');
  assert.equal(left.filter((groupKey) => groupKey === one).length, 1);
  assert.equal(left.includes(two), false);
});

test('holds and settles while the server restarts', async (t) => {
  const proxy = await startTestProxy(testDatabase.url);
  const shaky = await openDatabase(proxy.url, { poolSize: 3 });
  t.after(async () => {
    await shaky.close();
    await proxy.down();
  });
  const door = createInbox(shaky);
  for (let round = 0; round < 3; round += 1) {
    const groupKey = randomUUID();
    await door.hold(part(groupKey, 'a'));
    await proxy.down();
    const holding = ['b', 'c', 'd'].map(async (song) => await door.hold(part(groupKey, song)));
    await proxy.up();
    await Promise.all(holding);
    const settling = door.settle({ ...PLACE, groupKey, quietMs: AT_ONCE }, (items) => ({
      kind: 'cancel',
      jobId: String(items.length),
    }));
    await proxy.down();
    await proxy.up();
    await settling;
    assert.deepEqual(await accepted(groupKey), [{ kind: 'cancel', jobId: '4' }]);
  }
});
