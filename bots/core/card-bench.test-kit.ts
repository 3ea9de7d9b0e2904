/** A card writer over ledgers in memory and a platform whose every call can be held up or made to fail. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Card } from '../../workflows/contract/card.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { createCardWriter } from './card-writer.ts';
import type { CardWriter } from './card-writer.ts';
import { exampleJob } from './example-job.test-kit.ts';
import type { Deliveries, DeliveryRow, JobFeed, Jobs } from './jobs.ts';

export const EDIT_INTERVAL_MS = 1000;

/** What a person sees: one entry for each call that the platform carried out. */
export interface Shown {
  readonly kind: 'post' | 'edit';
  readonly messageId: string;
  readonly card: Card;
  readonly atMs: number;
}

export interface CardBench {
  readonly job: JobView;
  readonly shown: Shown[];
  readonly errors: unknown[];
  /** Runs before each call to the platform: throws, waits, or lets it pass. */
  onCall: (kind: Shown['kind'], card: Card) => Promise<void>;
  /** Changes the job's row as the database would, and tells whoever watches. */
  change(changes: Partial<JobView>): Promise<void>;
  /** Tells again what was told before. */
  tell(): Promise<void>;
  /** A process that starts on the same ledgers. */
  start(): Promise<CardWriter>;
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await setImmediate();
  }
}

export function createCardBench(changes: Partial<JobView> = {}): CardBench {
  let job = exampleJob({ stage: 'separate', ...changes });
  const watchers = new Set<(jobId: string) => void>();
  const shown: Shown[] = [];
  const errors: unknown[] = [];
  const deliveries = memoryDeliveries();
  const feed: JobFeed = {
    async watch(onChange) {
      watchers.add(onChange);
      return {
        async stop() {
          watchers.delete(onChange);
        },
      };
    },
  };
  const bench: CardBench = {
    get job() {
      return job;
    },
    shown,
    errors,
    onCall: async () => undefined,
    async change(next) {
      job = { ...job, ...next, version: job.version + 1 };
      await bench.tell();
    },
    async tell() {
      for (const watcher of watchers) {
        watcher(job.id);
      }
      await settle();
    },
    async start() {
      return await createCardWriter({
        platform: 'console',
        port,
        jobs: memoryJobs(() => job),
        feed,
        deliveries,
        onError(error) {
          errors.push(error);
        },
      });
    },
  };
  async function call(kind: Shown['kind'], messageId: string, card: Card): Promise<void> {
    await bench.onCall(kind, card);
    shown.push({ kind, messageId, card, atMs: Date.now() });
  }
  let posts = 0;
  const port: ChatPort = {
    editIntervalMs: EDIT_INTERVAL_MS,
    async postCard(_address, card) {
      posts += 1;
      const messageId = `message-${String(posts)}`;
      await call('post', messageId, card);
      return { messageId };
    },
    async editCard(_address, messageId, card) {
      await call('edit', messageId, card);
    },
    async deliverFile() {
      throw new Error('cards carry no files');
    },
    async openAttachment() {
      throw new Error('cards carry no attachments');
    },
  };
  return bench;
}

function memoryJobs(job: () => JobView): Jobs {
  return {
    find: async (id) => (id === job().id ? job() : null),
    findByCode: async () => null,
    findByInboundEvent: async () => null,
    list: async () => [job()],
    queuePlace: async () => 0,
    estimateSeconds: async () => null,
  };
}

/** As the real ledger answers while no lease runs out. */
function memoryDeliveries(): Deliveries {
  const rows = new Map<string, DeliveryRow>();
  function change(id: string, changes: Partial<DeliveryRow>): DeliveryRow {
    const row = rows.get(id);
    if (row === undefined) {
      throw new Error(`no delivery ${id}`);
    }
    const next = { ...row, ...changes };
    rows.set(id, next);
    return next;
  }
  return {
    async plan({ jobId, slot }) {
      const id = createHash('sha256').update(`${jobId}/${slot}`).digest('hex');
      const row = rows.get(id) ?? { id, state: 'planned', nonce: id.slice(0, 22), messageId: null, attempts: 0 };
      rows.set(id, row);
      return row;
    },
    async beginSend(id) {
      const { state, attempts } = change(id, {});
      const may = state === 'planned' || state === 'ambiguous';
      if (may) {
        change(id, { state: 'sending', attempts: attempts + 1 });
      }
      return may;
    },
    async markSent(id, messageId) {
      const row = change(id, {});
      return row.state === 'sent'
        ? (row.messageId ?? messageId)
        : (change(id, { state: 'sent', messageId }), messageId);
    },
    async markNotSent(id) {
      change(id, { state: 'planned' });
    },
    async markAmbiguous(id) {
      change(id, { state: 'ambiguous' });
    },
    async markGone(id) {
      change(id, { state: 'gone' });
    },
  };
}
