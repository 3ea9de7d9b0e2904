/** The way out, real up to the platform: activities, writers and a port over the ledgers of a house. */
import { randomBytes, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createChatActivities } from '../../activities/chat/chat-activities.ts';
import { createBands } from '../../db/bands.repository.ts';
import { createDeliveries } from '../../db/deliveries.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { testPlan, testRecording, testResult } from '../../db/test-rows.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChatActivities } from '../../workflows/contract/chat-activities.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { DeliveryReport, ResultFile, ResultParcel } from '../../workflows/contract/delivery.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { createAlbumWriter } from './album-writer.ts';
import { createCardWriter } from './card-writer.ts';
import { createChatSender } from './chat-sender.ts';
import type { DeliveryRow } from './jobs.ts';
import { put, writeDown } from './house.test-kit.ts';
import type { House } from './house.test-kit.ts';
import { createResultWriter } from './result-writer.ts';

export { openHouse } from './house.test-kit.ts';
export type { House } from './house.test-kit.ts';

const SOUNDS = 3;
const SOUND_BYTES = 20_000;

export interface Asked {
  readonly address: ChatAddress;
  readonly requester: Requester;
  /** Of the result; 3 where it is left out. */
  readonly sounds?: number;
}

/** One bot's process over the house's ledgers. */
export interface DeliveryPath {
  /** A job as far as its result, which is stored; its card is not posted yet. */
  ask(asked: Asked): Promise<AskedJob>;
  readonly chat: ChatActivities;
  /** What could not be shown, and failed nothing. */
  readonly errors: readonly unknown[];
  stop(): Promise<void>;
}

export interface AskedJob {
  readonly jobId: string;
  readonly code: string;
  readonly files: readonly ResultFile[];
  postCard(): Promise<{ readonly isThere: boolean }>;
  /** The files as they are, or links to them. */
  parcel(as: 'files' | 'links'): Promise<ResultParcel>;
  deliver(parcel: ResultParcel): Promise<DeliveryReport>;
  tellInPrivate(parcel: ResultParcel): Promise<void>;
  /** Ends the job's row, as it does in the end whatever became of its chat. */
  end(): Promise<void>;
  row(): Promise<JobView | null>;
  /** Of the delivery ledger. */
  deliveries(): Promise<readonly DeliveryRow[]>;
}

export async function openDeliveryPath(
  house: House,
  port: ChatPort,
  platform: ChatAddress['platform'],
): Promise<DeliveryPath> {
  const { database, blobs, control } = house;
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const jobs = createJobs(database);
  const deliveries = createDeliveries(database);
  const sender = createChatSender({ bands: createBands(database), onError });
  // Nobody is told of progress: what these tests count are the calls of deliveries.
  const feed = { watch: async () => await Promise.resolve({ stop: async () => await Promise.resolve() }) };
  const shared = { port, jobs, deliveries, sender, onError };
  const cards = await createCardWriter({ ...shared, platform, feed, mixerUrl: null, tabUrl: null });
  const chat = createChatActivities({
    cards,
    results: createResultWriter({ ...shared, cards }),
    albums: createAlbumWriter(shared),
    port,
    blobs,
    noteSource: async () => await Promise.reject(new Error('nothing is received here')),
    reportProgress: async (report) => await jobs.report(report),
    largestUploadBytes: 1,
  });
  const temporal = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

  return {
    chat,
    errors,
    stop: cards.stop,
    async ask({ address, requester, sounds = SOUNDS }) {
      const request = await writeDown(house, { address, requester });
      const { jobId, surfaceId } = await control.openJob({ request, workflowId: `job-${randomUUID()}` });
      const row = await jobs.find(jobId);
      const files = await makeFiles(blobs, jobId, sounds);
      const outcome = await makeOutcome(house, jobId, files);
      return {
        jobId,
        code: row?.code ?? '',
        files,
        postCard: async () => await temporal.run(chat.postCard, { jobId, surfaceId }),
        async parcel(as) {
          return as === 'files'
            ? { encoding: { format: 'mp3', kbps: 320 }, files, links: [], left: [] }
            : { encoding: null, files: [], links: await control.makeLinks({ jobId, files }), left: [] };
        },
        deliver: async (parcel) => await temporal.run(chat.deliverOutcome, { jobId, surfaceId, outcome, parcel }),
        async tellInPrivate(parcel) {
          await temporal.run(chat.tellInPrivate, { jobId, surfaceId, outcome, parcel });
        },
        end: async () => await control.endJob({ jobId, outcome }),
        row: async () => await jobs.find(jobId),
        deliveries: async () => await deliveries.list(jobId, surfaceId),
      };
    },
  };
}

/** Bytes that nobody else's files have. */
async function makeFiles(blobs: BlobStore, jobId: string, sounds: number): Promise<ResultFile[]> {
  return await Promise.all(
    Array.from({ length: sounds }, async (_, index) => {
      const name = `stem-${String(index + 1)}`;
      const fileName = `${name}.mp3`;
      const blob = await put(blobs, `encoded/${jobId}/${fileName}`, randomBytes(SOUND_BYTES));
      return { name, fileName, blob, kind: 'sound' as const, durationSeconds: 1 };
    }),
  );
}

async function makeOutcome(
  { blobs, control }: House,
  jobId: string,
  files: readonly ResultFile[],
): Promise<JobOutcome> {
  const source = await put(blobs, `sources/${jobId}`, randomBytes(100));
  const recording = testRecording(source.sha256, jobId);
  const { finished } = testResult(source.sha256, jobId);
  await control.saveRecording({ jobId, source: { ...source, title: 'song.mp3' }, recording });
  const pick = { kind: 'all' } as const;
  const saved = { jobId, plan: testPlan, format: 'mp3', pick, recording, finished, mixed: null, files } as const;
  return { state: 'done', result: await control.saveResult(saved), reused: false };
}
