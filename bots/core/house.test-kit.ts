/** What outlives the processes of a bot, all of it real: ledgers on PostgreSQL, blobs, and a web server that answers links to them. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlActivities } from '../../activities/control/control-activities.ts';
import { openFolderStore } from '../../db/blobs/folder.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLibrary } from '../../db/library.repository.ts';
import { openDatabase } from '../../db/orm.ts';
import type { Database } from '../../db/orm.ts';
import { createLinkWaits } from '../../db/link-waits.repository.ts';
import { createRenderings } from '../../db/renderings.repository.ts';
import { createRetention } from '../../db/retention.repository.ts';
import { createShares } from '../../db/shares.repository.ts';
import { createSheets } from '../../db/sheets.repository.ts';
import { createTabPreferences } from '../../db/tab-preferences.repository.ts';
import { TEST_SHEETS } from '../../activities/control/plan-sheet.test-kit.ts';
import { createTestDatabase } from '../../db/test-database.ts';
import { testPlan } from '../../db/test-rows.ts';
import { createFileLinks, createLinkMaker } from '../../runtime/file-links.ts';
import { createLogger } from '../../runtime/log.ts';
import { openWebServer } from '../../web-auth/door/server.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { ChatAddress, JobRequest, Requester } from '../../workflows/contract/request.ts';

const SECRET = '3c'.repeat(16);
const PLENTY = {
  jobsPerMemberAndHour: 100_000,
  audioMinutesPerBandAndDay: 100_000,
  megabytesPerBandAndDay: 100_000,
  commandsPerMemberAndMinute: 100_000,
};
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
    linkWaits: createLinkWaits(database, 'never'),
    blobs,
    sheets: createSheets(database),
    plan: () => testPlan,
    tabPreferences: createTabPreferences(database),
    ...TEST_SHEETS,
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

/** A song that somebody asked for here, in the inbound ledger. */
export async function writeDown(
  { database }: House,
  { address, requester }: { readonly address: ChatAddress; readonly requester: Requester },
): Promise<JobRequest> {
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
  return { ...request, inboundEventId };
}

export async function put(blobs: BlobStore, key: string, bytes: Uint8Array): Promise<StoredBlob> {
  return await blobs.put(key, once(bytes));
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
