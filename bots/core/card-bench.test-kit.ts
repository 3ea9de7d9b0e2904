/** A card writer over ledgers in memory and a platform whose every call can be held up or made to fail. */
import { setImmediate } from 'node:timers/promises';
import type { Card } from '../../workflows/contract/card.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { JobSurface, JobView } from '../../workflows/contract/job-view.ts';
import type { TabPart } from '../../workflows/contract/tab.ts';
import { createCardWriter } from './card-writer.ts';
import type { CardWriter } from './card-writer.ts';
import { createChatSender } from './chat-sender.ts';
import { exampleJob } from './example-job.test-kit.ts';
import { memoryDeliveries } from './memory-deliveries.test-kit.ts';
import { silentPort } from './silent-port.test-kit.ts';
import type { JobFeed, Jobs } from './jobs.ts';

export const EDIT_INTERVAL_MS = 1000;
export const SURFACE_ID = 'surface';

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
      const onError = (error: unknown): void => {
        errors.push(error);
      };
      const sender = createChatSender({ bands: { moveChat: async () => deliveries.forget() }, onError });
      const jobs = memoryJobs(() => job);
      const mixerUrl = (recordingId: string): string => `https://band.example/r/${recordingId}`;
      const tabUrl = (recordingId: string, part: TabPart): string => `${mixerUrl(recordingId)}/tab?part=${part}`;
      const shared = { platform: 'console', port, jobs, feed, deliveries, sender } as const;
      return await createCardWriter({ ...shared, mixerUrl, tabUrl, onError });
    },
  };
  async function call(kind: Shown['kind'], messageId: string, card: Card): Promise<void> {
    await bench.onCall(kind, card);
    shown.push({ kind, messageId, card, atMs: Date.now() });
  }
  let posts = 0;
  const port: ChatPort = {
    ...silentPort(),
    editIntervalMs: () => EDIT_INTERVAL_MS,
    async postCard(_address, card) {
      posts += 1;
      const messageId = `message-${String(posts)}`;
      await call('post', messageId, card);
      return { messageId };
    },
    async editCard(_address, messageId, card) {
      await call('edit', messageId, card);
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
    surfacesOf: async () => [exampleSurface(job())],
    queuePlace: async () => 0,
    estimateSeconds: async () => null,
  };
}

export function exampleSurface({ request }: JobView): JobSurface {
  const { address } = request;
  return {
    surfaceId: SURFACE_ID,
    platform: address.platform,
    address,
    isOrigin: true,
    language: 'en',
    learnedFileLimitBytes: null,
  };
}
