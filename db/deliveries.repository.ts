// The delivery ledger. A row is one visible thing that is *posted*: the card's placeholder, a "ready" reply. What is put
// into it later by edit may be repeated freely and needs no row of its own.
import { createHash } from 'node:crypto';
import type { SentFile } from '../workflows/contract/delivery.ts';
import { isPlaceholderSlot } from '../workflows/contract/ids.ts';
import type { DeliverySlot } from '../workflows/contract/ids.ts';
import type { ChatAddress, Platform } from '../workflows/contract/request.ts';
import type { InferEntity } from '@mikro-orm/postgresql';
import { Delivery } from './delivery.entity.ts';
import type { DeliveryState } from './delivery.entity.ts';
import type { Database } from './orm.ts';

export interface PlannedDelivery {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly slot: DeliverySlot;
  readonly target: ChatAddress;
  readonly contentSha256: string;
}

export interface DeliveryRow extends PlannedDelivery {
  readonly id: string;
  /** At most 25 characters, as Discord wants it; always the same for one job, place and slot. */
  readonly nonce: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly messageId: string | null;
  /** Those of its files that can be shown again without their bytes. */
  readonly sentFiles: readonly SentFile[];
  readonly firstTryAt: Date | null;
}

export interface Deliveries {
  /** Creates the row, or returns the one there is. Thrown {@link DeliveryConflictError}: a slot stands for one content. */
  plan(delivery: PlannedDelivery): Promise<DeliveryRow>;
  find(id: string): Promise<DeliveryRow | null>;
  /** All rows of a job in one place. */
  list(jobId: string, surfaceId: string): Promise<readonly DeliveryRow[]>;
  /**
   * True when the caller may send now, and only then. False when it was sent, is being sent under a running lease, the place
   * is gone, or an earlier try may have been seen and this slot must not show twice.
   */
  beginSend(id: string, leaseMs: number): Promise<boolean>;
  /** The first message id stands; returns it. A later one is a stray placeholder that the caller may delete. */
  markSent(id: string, messageId: string): Promise<string>;
  /** What stands in this message now; in place of what was noted before. */
  noteFiles(id: string, files: readonly SentFile[]): Promise<void>;
  /** The platform did not execute the call: the next try need not wait for the lease, and this one does not count. */
  markNotSent(id: string): Promise<void>;
  markAmbiguous(id: string): Promise<void>;
  markGone(id: string): Promise<void>;
  /**
   * For a bot's only sender, who has just started: what an earlier one was sending has an unknown outcome from now on.
   *
   * @param botId null for all bots of the platform.
   */
  endSendsOf(platform: Platform, botId: string | null): Promise<void>;
}

/** Thrown when a slot that has stood for one content is planned with another. */
export class DeliveryConflictError extends Error {
  readonly jobId: string;
  readonly slot: string;
  constructor(jobId: string, slot: string) {
    super(`delivery ${slot} of job ${jobId} was planned with other content`);
    this.name = 'DeliveryConflictError';
    this.jobId = jobId;
    this.slot = slot;
  }
}

/**
 * Placeholders carry no result: they are sent again after an unknown outcome, until their message id is known, so often at most (a
 * platform that loses every third answer loses all twelve once in 500,000 cards); and their wording may change until then. Any other
 * slot is seen at most once.
 */
const MOST_PLACEHOLDER_SENDS = 12;

export function createDeliveries(database: Database): Deliveries {
  return {
    async plan(delivery) {
      const { jobId, surfaceId, slot, target, contentSha256 } = delivery;
      const isPlaceholder = isPlaceholderSlot(slot);
      return await database.use(async (em) => {
        // An unsent placeholder takes the new wording; `do update` without a change would still write a row version.
        await em.execute(
          `insert into delivery as d (job_id, surface_id, slot, platform, target, content_sha256, nonce)
           values (?, ?, ?, ?, ?, ?, ?)
           on conflict (job_id, surface_id, slot) do update set content_sha256 = excluded.content_sha256, target = excluded.target
           where ? and d.state in ('planned', 'ambiguous') and d.content_sha256 <> excluded.content_sha256`,
          [
            jobId,
            surfaceId,
            slot,
            target.platform,
            JSON.stringify(target),
            contentSha256,
            nonceOf(jobId, surfaceId, slot),
            isPlaceholder,
          ],
        );
        const row = toRow(await em.findOneOrFail(Delivery, { job: jobId, surface: surfaceId, slot }));
        if (row.contentSha256 !== contentSha256 && !isPlaceholder) {
          throw new DeliveryConflictError(jobId, slot);
        }
        return row;
      });
    },

    async find(id) {
      return await database.use(async (em) => {
        const row = await em.findOne(Delivery, { id });
        return row === null ? null : toRow(row);
      });
    },

    async list(jobId, surfaceId) {
      return await database.use(async (em) => (await em.find(Delivery, { job: jobId, surface: surfaceId })).map(toRow));
    },

    async beginSend(id, leaseMs) {
      return await database.use(async (em) => {
        // A lease that ran out belongs to a sender that died: what it sent is unknown.
        const begun = await em.execute<unknown[]>(
          `update delivery set state = 'sending', attempts = attempts + 1, first_try_at = coalesce(first_try_at, now()),
             lease_until = now() + make_interval(secs => ?)
           where id = ? and (state = 'planned'
             or (slot = 'card' or slot like 'file-%') and attempts < ? and (state = 'ambiguous' or state = 'sending' and lease_until < now()))
           returning id`,
          [leaseMs / 1000, id, MOST_PLACEHOLDER_SENDS],
        );
        if (begun.length > 0) return true;
        await em.execute(
          `update delivery set state = 'ambiguous', lease_until = null where id = ? and state = 'sending' and lease_until < now()`,
          [id],
        );
        return false;
      });
    },

    async markSent(id, messageId) {
      return await database.use(async (em) => {
        await em.nativeUpdate(Delivery, { id, state: { $ne: 'sent' } }, { state: 'sent', messageId, leaseUntil: null });
        const row = await em.findOneOrFail(Delivery, { id });
        return row.messageId ?? messageId;
      });
    },

    async noteFiles(id, files) {
      await database.use(async (em) => {
        await em.nativeUpdate(Delivery, { id }, { sentFiles: files });
      });
    },

    async markNotSent(id) {
      await database.use(async (em) => {
        await em.execute(
          `update delivery set state = case when attempts > 1 then 'ambiguous' else 'planned' end, attempts = attempts - 1,
             lease_until = null where id = ? and state = 'sending'`,
          [id],
        );
      });
    },

    async markAmbiguous(id) {
      await database.use(async (em) => {
        await em.nativeUpdate(Delivery, { id, state: 'sending' }, { state: 'ambiguous', leaseUntil: null });
      });
    },

    async markGone(id) {
      await database.use(async (em) => {
        await em.nativeUpdate(Delivery, { id }, { state: 'gone', leaseUntil: null });
      });
    },

    async endSendsOf(platform, botId) {
      await database.use(async (em) => {
        await em.execute(
          `update delivery set state = 'ambiguous', lease_until = null
           where state = 'sending' and platform = ? and (? or target ->> 'botId' = ?)`,
          [platform, botId === null, botId ?? ''],
        );
      });
    },
  };
}

function nonceOf(jobId: string, surfaceId: string, slot: string): string {
  return createHash('sha256').update(`${jobId}/${surfaceId}/${slot}`).digest('base64url').slice(0, 22);
}

function toRow(row: InferEntity<typeof Delivery>): DeliveryRow {
  const { id, slot, target, contentSha256, nonce, state, attempts, messageId, sentFiles, firstTryAt } = row;
  return {
    id,
    jobId: row.job.id,
    surfaceId: row.surface.id,
    slot,
    target,
    contentSha256,
    nonce,
    state,
    attempts,
    messageId,
    sentFiles,
    firstTryAt,
  };
}
