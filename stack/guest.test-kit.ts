/** A second process of the same person, on the stack that runs on a place's data folder. */
import assert from 'node:assert/strict';
import { incoming } from '../bots/console/inbound.ts';
import { consoleDeps, consoleRoom } from '../bots/console/main.ts';
import { answerCommand } from '../bots/core/answer-command.ts';
import { readCommand } from '../bots/core/read-command.ts';
import { strategiesOf } from '../bots/core/strategies.ts';
import { openStore } from '../db/open-store.ts';
import type { Store } from '../db/open-store.ts';
import { loadConfig } from '../runtime/config.ts';
import { acquireStack } from '../runtime/data-folder.ts';
import type { Place } from './stack.test-kit.ts';

/** Opens the running stack's store; the stack must have been published. */
export async function visit<T>(place: Place, use: (store: Store) => Promise<T>): Promise<T> {
  const role = await acquireStack(place.data);
  assert.equal(role.role, 'guest');
  if (role.role !== 'guest') {
    throw new Error('nothing runs here');
  }
  const store = await openStore(role.info.databaseUrl, { s3: null, folder: role.folder.blobs }, () => undefined);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Types a line such as `cancel K7QF2M` into the console; returns what it answers. */
export async function type(
  place: Place,
  verb: 'cancel' | 'jobs',
  ...words: readonly string[]
): Promise<readonly string[]> {
  const config = loadConfig({ env: place.env });
  return await visit(place, async (store) => {
    const parsed = readCommand([verb, ...words], strategiesOf(config.strategies));
    const read = await incoming(parsed, consoleRoom(config, place.data));
    assert.ok(typeof read !== 'string');
    const answer = await answerCommand(read, consoleDeps(config, store));
    return answer.kind === 'text' ? answer.lines : [];
  });
}

export async function countRows(place: Place, tables: readonly string[]): Promise<Record<string, number>> {
  return await visit(place, async ({ database }) => {
    const counts: [string, number][] = [];
    for (const table of tables) {
      const [row] = await database.use(
        async (em) => await em.execute<{ count: number }[]>(`select count(*)::int as count from ${table}`),
      );
      counts.push([table, row?.count ?? 0]);
    }
    return Object.fromEntries(counts);
  });
}
