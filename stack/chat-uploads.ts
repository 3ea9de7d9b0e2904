import type { Uploads } from '../bots/core/jobs.ts';
import type { Database } from '../db/orm.ts';
import { createUploads } from '../db/uploads.repository.ts';
import type { Config } from '../runtime/config.ts';

/** As long as a person may need to come to their computer; parts of what was begun are kept no longer. */
const TICKET_HOURS = 24;

/** Pages that take a song, where there is an address that browsers reach. */
export function chatUploads({ web }: { readonly web: Pick<Config['web'], 'url'> }, database: Database): Uploads {
  const uploads = createUploads(database);
  return {
    async offer(event, order) {
      if (web.url === null) return null;
      const { token } = await uploads.make(event, order, TICKET_HOURS);
      return { url: `${web.url}/u/${token}` };
    },
  };
}
