/** The way out, real up to the platform: activities, writers and a port over ledgers on PostgreSQL, with links that a web server answers. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createChatActivities } from '../../activities/chat/chat-activities.ts';
import { createControlActivities } from '../../activities/control/control-activities.ts';
import { createBands } from '../../db/bands.repository.ts';
import { openFolderStore } from '../../db/blobs/folder.ts';
import { createDeliveries } from '../../db/deliveries.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLibrary } from '../../db/library.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createRenderings } from '../../db/renderings.repository.ts';
import { createRetention } from '../../db/retention.repository.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import { testPlan, testRecording, testResult } from '../../db/test-rows.ts';
import { createFileLinks, createLinkMaker } from '../../runtime/file-links.ts';
import { createLogger } from '../../runtime/log.ts';
import { openWebServer } from '../../web-auth/door/server.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { DeliveryReport, ResultFile, ResultParcel } from '../../workflows/contract/delivery.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { createAlbumWriter } from './album-writer.ts';
import { createCardWriter } from './card-writer.ts';
import { createChatSender } from './chat-sender.ts';
import type { DeliveryRow } from './jobs.ts';
import { createResultWriter } from './result-writer.ts';

const SECRET = '3c'.repeat(16);
const PLENTY = {
  jobsPerMemberAndHour: 100_000,
  audioMinutesPerBandAndDay: 100_000,
  megabytesPerBandAndDay: 100_000,
  commandsPerMemberAndMinute: 100_000,
};
const SOUNDS = 3;
const SOUND_BYTES = 20_000;

/** What outlives the processes of a bot: database, blobs, and the web server that answers links. */
export interface House {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly control: ReturnType<typeof createControlActivities>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-way-out-'));
  const testDatabase = await createTestDatabase();
  const database = await openDatabase(testDatabase.url);
  const blobs = await openFolderStore(folder);
  const links = createFileLinks([SECRET]);
  const web = await openWebServer({
    host: '127.0.0.1',
    port: 0,
    isHttps: false,
    basePath: '',
    openLink: (token) => links.open(token, new Date()),
    blobs,
    parts: async () => await Promise.resolve([]),
    metrics: null,
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
  });
  const control = createControlActivities({
    jobs: createJobs(database),
    library: createLibrary(database),
    shares: createShares(database, PLENTY),
    renderings: createRenderings(database),
    retention: createRetention(database),
    blobs,
    plan: () => testPlan,
    fetchLink: async () => await Promise.reject(new Error('no links here')),
    linkFiles: createLinkMaker({
      secrets: [SECRET],
      webUrl: `http://127.0.0.1:${String(web.port)}`,
      linkHours: 24,
    }),
  });
  return {
    database,
    blobs,
    control,
    async close() {
      await web.stop();
      await database.close();
      await testDatabase.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

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
  const cards = await createCardWriter({ ...shared, platform, feed });
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
    errors,
    stop: cards.stop,
    async ask({ address, requester, sounds = SOUNDS }) {
      const { jobId, surfaceId } = await openJob(house, address, requester);
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

async function openJob(
  { database, control }: House,
  address: ChatAddress,
  requester: Requester,
): ReturnType<typeof control.openJob> {
  const { platform, botId } = address;
  const request = {
    address,
    requester,
    command: {
      kind: 'split',
      source: { kind: 'attachment', reference: 'song', name: 'song.mp3', declaredBytes: 7 },
      strategy: testPlan.strategy,
      quality: testPlan.quality,
      format: 'mp3',
      pick: { kind: 'all' },
    },
  } as const;
  const event = { platform, botId, eventKey: randomUUID(), payload: { kind: 'job', request } } as const;
  const { id: inboundEventId } = await createInbox(database).accept(event);
  return await control.openJob({ request: { ...request, inboundEventId }, workflowId: `job-${randomUUID()}` });
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

async function put(blobs: BlobStore, key: string, bytes: Uint8Array): Promise<StoredBlob> {
  return await blobs.put(key, once(bytes));
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
