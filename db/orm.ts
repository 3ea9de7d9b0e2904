import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ENTITIES } from './entities.ts';
import { releaseDeadClients } from './pool-repair.ts';
import { retryLostConnection } from './lost-connection.ts';

export interface Database {
  readonly url: string;
  /** Runs `work` on a fresh identity map. It may run again when the connection is lost, so it must bear repetition. */
  use<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** As {@link Database.use}, inside one transaction. */
  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** Waits for what is under way: a pool that ends in the middle of a transaction never gets its connection back. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Gets warnings, such as connections that the server closed. */
  readonly log?: (message: string) => void;
  /** Connections at most; 8 by default. */
  readonly poolSize?: number;
}

/** A song's bytes never pass here: a statement that runs this long hangs. */
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens nothing yet: the first query connects. Migrate before. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const orm = await openOrm(url, options);
  const underWay = new Set<Promise<unknown>>();

  async function run<T>(work: () => Promise<T>): Promise<T> {
    const running = retryLostConnection(work);
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  }

  return {
    url,
    async use(work) {
      return await run(async () => await work(orm.em.fork()));
    },
    async transaction(work) {
      return await run(async () => await orm.em.fork().transactional(work));
    },
    async close() {
      await Promise.allSettled(underWay);
      await orm.close(true);
    },
  };
}

/** For this room alone; the others use {@link openDatabase}. */
export async function openOrm(url: string, { log, poolSize = 8 }: DatabaseOptions = {}): Promise<MikroORM> {
  return await MikroORM.init({
    clientUrl: url,
    entities: ENTITIES,
    extensions: [Migrator],
    // Two of them in one process must not take each other's transaction for their own.
    contextName: randomUUID(),
    pool: { min: 0, max: poolSize },
    driverOptions: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'woodshed',
      onPoolCreated: releaseDeadClients,
    },
    migrations: {
      path: fileURLToPath(new URL('migrations', import.meta.url)),
      tableName: 'migration',
      snapshot: false,
      transactional: true,
      allOrNothing: true,
    },
    logger: (message) => log?.(message),
  });
}
