import type { Database } from './orm.ts';

/** As if every first answer was lost right after the server had committed: the work is done again. */
export function repeatingTransactions(database: Database): Database {
  return {
    ...database,
    async transaction(work) {
      await database.transaction(work);
      return await database.transaction(work);
    },
  };
}
