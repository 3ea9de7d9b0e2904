import { createHash, randomBytes } from 'node:crypto';
import type { EventIdentity } from '../workflows/contract/ids.ts';
import type { StoredBlob } from '../workflows/contract/recording.ts';
import { orderedRequest } from '../workflows/contract/upload.ts';
import type { UploadOrder } from '../workflows/contract/upload.ts';
import { insertEvent } from './inbox.repository.ts';
import type { Database } from './orm.ts';
import { UploadTicket } from './upload-ticket.entity.ts';

export interface Upload {
  readonly id: string;
  readonly order: UploadOrder;
  readonly state: 'open' | 'whole' | 'started';
  readonly fileName: string | null;
  /** Null until the browser has said it. */
  readonly sizeBytes: number | null;
  readonly offsetBytes: number;
  readonly expiresAt: Date;
}

export interface Uploads {
  /** A ticket with a new token, 256 random bits. An event that is told again gets the same ticket; only its newest token is good. */
  make(
    event: EventIdentity,
    order: UploadOrder,
    hours: number,
  ): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /** Null where there is none, or it is over. */
  find(token: string): Promise<Upload | null>;
  /** What the browser brings. False where something else is on its way already, or it is over. */
  declare(id: string, file: { readonly fileName: string; readonly sizeBytes: number }): Promise<boolean>;
  /** Moves on from `fromBytes`. False where it does not stand there (any more). The last byte makes it whole. */
  advance(id: string, fromBytes: number, toBytes: number): Promise<boolean>;
  /** Forgets what was declared and has come, so that another file can be brought. False where all of it has come. */
  restart(id: string): Promise<boolean>;
  /** Writes the job into the inbound ledger and ends the ticket, together and once. */
  start(id: string, blob: StoredBlob): Promise<void>;
  /** Whole and not started: what a process left that died in between. */
  listWhole(): Promise<readonly Upload[]>;
}

const TOKEN_BYTES = 32;

export function createUploads(database: Database): Uploads {
  return {
    async make({ platform, botId, eventKey }, order, hours) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      return await database.use(async (em) => {
        const rows = await em.execute<{ expires_at: string | Date }[]>(
          `insert into upload_ticket (token_hash, platform, bot_id, event_key, job_order, expires_at)
             values (?, ?, ?, ?, ?, now() + make_interval(hours => ?))
             on conflict (platform, bot_id, event_key) do update set token_hash = excluded.token_hash returning expires_at`,
          [hashOf(token), platform, botId, eventKey, JSON.stringify(order), hours],
        );
        return { token, expiresAt: new Date(rows[0]?.expires_at ?? Date.now()) };
      });
    },
    async find(token) {
      return await database.use(async (em) => {
        const row = await em.findOne(UploadTicket, { tokenHash: hashOf(token), expiresAt: { $gt: new Date() } });
        return row === null ? null : toUpload(row);
      });
    },
    async declare(id, { fileName, sizeBytes }) {
      return await database.use(async (em) => {
        const changed = await em.nativeUpdate(
          UploadTicket,
          { id, state: 'open', sizeBytes: null, expiresAt: { $gt: new Date() } },
          { fileName, sizeBytes },
        );
        return changed === 1;
      });
    },
    async advance(id, fromBytes, toBytes) {
      return await database.use(async (em) => {
        const moved = await em.execute<unknown[]>(
          `update upload_ticket set offset_bytes = ?, state = case when size_bytes = ? then 'whole' else state end
             where id = ? and state = 'open' and offset_bytes = ? and expires_at > now() returning id`,
          [toBytes, toBytes, id, fromBytes],
        );
        return moved.length === 1;
      });
    },
    async restart(id) {
      return await database.use(async (em) => {
        const changed = await em.nativeUpdate(
          UploadTicket,
          { id, state: 'open' },
          { fileName: null, sizeBytes: null, offsetBytes: 0 },
        );
        return changed === 1;
      });
    },
    async start(id, { key, bytes, sha256 }) {
      await database.transaction(async (em) => {
        const row = await em.findOneOrFail(UploadTicket, { id });
        const { platform, botId, fileName, order } = row;
        const source = { kind: 'uploaded', key, bytes, sha256, name: fileName ?? 'song' } as const;
        const request = orderedRequest(order, source);
        await insertEvent(em, { platform, botId, eventKey: `upload-${id}`, payload: { kind: 'job', request } });
        await em.nativeUpdate(UploadTicket, { id, state: 'whole' }, { state: 'started' });
      });
    },
    async listWhole() {
      return await database.use(async (em) => (await em.find(UploadTicket, { state: 'whole' })).map(toUpload));
    },
  };
}

function toUpload({ id, order, state, fileName, sizeBytes, offsetBytes, expiresAt }: Upload): Upload {
  return { id, order, state, fileName, sizeBytes, offsetBytes, expiresAt };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
