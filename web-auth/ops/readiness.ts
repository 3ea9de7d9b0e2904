/** Whether everything that Woodshed stands on answers, part by part. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../db/orm.ts';
import { createRoomBeats } from '../../db/room-beats.repository.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';

export interface Part {
  /** Such as `database` or `discord`. */
  readonly name: string;
  readonly isWell: boolean;
}

export interface ReadinessOptions {
  readonly database: Database;
  readonly blobs: Pick<BlobStore, 'head'>;
  /** Rejects where the server does not answer. */
  readonly askTemporal: () => Promise<void>;
  /** Chats that are configured, such as `discord`. */
  readonly chats: readonly string[];
}

/** Of one look at one part; probes want an answer soon. */
const LOOK_LIMIT_MS = 2000;
/** Beats come every second and a half. */
const OLDEST_BEAT_SECONDS = 4;
const LATELY_SECONDS = 3600;

/** Looks at all parts side by side; never rejects. */
export async function lookAtParts({ database, blobs, askTemporal, chats }: ReadinessOptions): Promise<readonly Part[]> {
  const looks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['database', async () => await database.use(async (em) => await em.execute('select 1'))],
    ['blobs', async () => await blobs.head('readyz')],
    ['temporal', askTemporal],
  ];
  const [parts, rooms] = await Promise.all([
    Promise.all(looks.map(async ([name, look]) => ({ name, isWell: await succeeds(look) }))),
    within(async () => await createRoomBeats(database).list()).catch(() => []),
  ]);
  // Bots elsewhere, whose tokens are none of this process's, count for as long as they were here lately.
  const lately = rooms.filter(({ ageSeconds }) => ageSeconds < LATELY_SECONDS).map(({ room }) => room);
  return [
    ...parts,
    ...[...new Set([...chats, ...lately])].map((chat) => {
      const stand = rooms.find(({ room }) => room === chat);
      return { name: chat, isWell: stand?.isConnected === true && stand.ageSeconds < OLDEST_BEAT_SECONDS };
    }),
  ];
}

async function succeeds(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await within(look);
    return true;
  } catch {
    return false;
  }
}

async function within<T>(look: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([
      look(),
      pause(LOOK_LIMIT_MS, null, { signal: over.signal, ref: false }).then(() => {
        throw new Error('no answer in time');
      }),
    ]);
  } finally {
    over.abort();
  }
}
