import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { openFolderStore } from '../../db/blobs/folder.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChatActivities } from '../../workflows/contract/chat-activities.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { JobSurface } from '../../workflows/contract/job-view.ts';
import type { JobOutcome, ProgressReport } from '../../workflows/contract/job.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import type {
  AlbumContent,
  AlbumReport,
  DeliveryReport,
  ResultFile,
  ResultParcel,
} from '../../workflows/contract/delivery.ts';
import { NO_PARCEL } from '../../workflows/contract/delivery.ts';
import type { SeparationResult } from '../../workflows/contract/stems.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { createChatActivities } from './chat-activities.ts';

const ADDRESS: ChatAddress = { platform: 'console', botId: 'local', chatId: 'terminal', threadId: 'out' };
const SOURCE = { kind: 'attachment', reference: 'song', name: 'song.mp3', declaredBytes: null } as const;
const SURFACE: JobSurface = {
  surfaceId: 'surface',
  platform: 'console',
  address: ADDRESS,
  isOrigin: true,
  language: 'en',
  learnedFileLimitBytes: null,
};
const LIMIT_BYTES = 4_000_000;

let folder: string;
let blobs: BlobStore;
let attached: () => Promise<AsyncIterable<Uint8Array>>;
let attachedName: string;
let handOver: (path: string) => Promise<void>;
let report: DeliveryReport;
let albumReport: AlbumReport;
let isThere: boolean;
let portLimit: number | null;
let learned: number | null;
let events: string[];
let noted: { readonly jobId: string; readonly source: StoredSource }[];
let reports: ProgressReport[];
let chat: ChatActivities;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'woodshed-chat-'));
  blobs = await openFolderStore(folder);
  events = [];
  noted = [];
  reports = [];
  attachedName = 'song.mp3';
  attached = async () => Readable.from([Buffer.from('la '), Buffer.from('la')]);
  handOver = async () => undefined;
  report = { state: 'delivered' };
  albumReport = { state: 'settled' };
  isThere = true;
  portLimit = null;
  learned = null;
  chat = createChatActivities({
    cards: {
      async post(jobId, surfaceId) {
        events.push(`post ${jobId} ${surfaceId}`);
        return isThere ? { surface: { ...SURFACE, learnedFileLimitBytes: learned } } : null;
      },
    },
    results: {
      async deliver({ outcome, parcel }, open, onProgress) {
        await open(parcel.files, async (files) => {
          for (const [index, { fileName, path }] of files.entries()) {
            await handOver(path);
            events.push(`file ${fileName}`);
            await onProgress((index + 1) / files.length);
          }
        });
        events.push(`end ${outcome.state}`);
        return report;
      },
      async postExtras({ preview, ping }) {
        if (preview !== null) await handOver(preview.path);
        events.push(`extras ${String(preview !== null)} ${String(ping)}`);
      },
      async tellInPrivate({ outcome }) {
        events.push(`private ${outcome.state}`);
      },
    },
    albums: {
      async post({ content }, open) {
        if (content.kind === 'files') {
          await open(content.files, async (files) => {
            for (const { path } of files) await handOver(path);
          });
        }
        events.push(`album ${content.kind}`);
        return albumReport;
      },
    },
    port: {
      openAttachment: async () => ({ name: attachedName, bytes: await attached() }),
      fileLimitBytes: async () => portLimit,
    },
    blobs,
    noteSource: async (input) => {
      noted.push(input);
    },
    reportProgress: async (progress) => {
      reports.push(progress);
    },
    largestUploadBytes: LIMIT_BYTES,
  });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function collect(declaredBytes: number | null = null, jobId = 'job'): Promise<StoredSource> {
  const environment = new MockActivityEnvironment();
  return await environment.run(chat.collectAttachment, { jobId, source: { ...SOURCE, declaredBytes } });
}

function refusedWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ApplicationFailure && error.type === code && error.nonRetryable === true;
}

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const key of blobs.list('')) {
    found.push(key);
  }
  return found;
}

test('stores an attachment byte for byte under the job, and notes it', async () => {
  const source = await collect(5);
  assert.equal(source.key, 'sources/job');
  assert.equal(source.title, 'song.mp3');
  assert.equal((await buffer(blobs.read(source.key))).toString(), 'la la');
  assert.deepEqual(noted, [{ jobId: 'job', source }]);
  assert.deepEqual(
    reports.map(({ stage, fraction }) => [stage, fraction]),
    [
      ['receive', 0],
      ['receive', 1],
    ],
  );
});

test('a second attempt replaces the first one’s bytes', async () => {
  await collect();
  attached = async () => Readable.from([Buffer.from('all of it')]);
  const source = await collect();
  assert.deepEqual(await keys(), ['sources/job']);
  assert.equal((await buffer(blobs.read(source.key))).toString(), 'all of it');
});

test('says that bytes are coming for every block, however long it takes', async () => {
  const environment = new MockActivityEnvironment();
  let beats = 0;
  environment.on('heartbeat', () => {
    beats += 1;
  });
  attached = async () => Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(1000)));
  await environment.run(chat.collectAttachment, { jobId: 'job', source: SOURCE });
  assert.equal(beats, 50);
});

test('too large by its own word: refused before a byte is read', async () => {
  attached = async () => assert.fail('nothing is opened');
  await assert.rejects(collect(LIMIT_BYTES + 1), (error) => {
    assert.ok(refusedWith('too-large')(error));
    assert.deepEqual((error as ApplicationFailure).details, [{ limitMegabytes: 4 }]);
    return true;
  });
  attached = async () => Readable.from([Buffer.alloc(LIMIT_BYTES)]);
  assert.equal((await collect(LIMIT_BYTES)).bytes, LIMIT_BYTES, 'the limit itself is allowed');
});

test('too large without saying so: refused as it comes, and nothing is left', async () => {
  let given = 0;
  attached = async () =>
    Readable.from(
      (function* endless() {
        for (;;) {
          given += 1_000_000;
          yield Buffer.alloc(1_000_000);
        }
      })(),
    );
  await assert.rejects(collect(10), refusedWith('too-large'));
  assert.ok(given < LIMIT_BYTES * 3, `${String(given)} bytes were read`);
  assert.deepEqual(await keys(), []);
  assert.deepEqual(noted, []);
});

test('an attachment that is gone, or breaks off, leaves nothing', async () => {
  attached = async () => refuse('file-missing');
  await assert.rejects(collect(), refusedWith('file-missing'));
  attached = async () =>
    Readable.from(
      (function* broken() {
        yield Buffer.from('la');
        throw new Error('the line went dead');
      })(),
    );
  await assert.rejects(collect(), /the line went dead/u);
  assert.deepEqual(await keys(), []);
  assert.deepEqual(noted, []);
});

test('the title is fit to be shown, the key never comes from it', async () => {
  attachedName = '../../\u001b[2Jevil\u202egnp.mp3';
  const { key, title } = await collect();
  assert.equal(key, 'sources/job');
  assert.doesNotMatch(title, /[\p{Cc}\p{Cf}]/u);
});

async function parcelWith(names: readonly string[]): Promise<ResultParcel> {
  const files: ResultFile[] = [];
  for (const name of names) {
    const blob = await blobs.put(`encoded/${name}`, Readable.from([Buffer.from(name)]));
    files.push({ name, fileName: name, blob, kind: 'sound', durationSeconds: 1 });
  }
  return { ...NO_PARCEL, files };
}

const DONE: JobOutcome = { state: 'done', reused: false, result: {} as SeparationResult };

async function deliverOutcome(outcome: JobOutcome, parcel = NO_PARCEL): Promise<DeliveryReport> {
  const input = { jobId: 'job', surfaceId: 'surface', outcome, parcel };
  return await new MockActivityEnvironment().run(chat.deliverOutcome, input);
}

test('hands every file over as it lies in the store, and says how far it is', async () => {
  const contents: string[] = [];
  handOver = async (path) => {
    contents.push(await readFile(path, 'utf8'));
  };
  const parcel = await parcelWith(['vocals.wav', 'rest.wav']);
  assert.deepEqual(await deliverOutcome(DONE, parcel), { state: 'delivered' });
  assert.deepEqual(events, ['file vocals.wav', 'file rest.wav', 'end done']);
  assert.deepEqual(contents, ['vocals.wav', 'rest.wav']);
  assert.deepEqual(
    reports.map(({ stage, fraction }) => [stage, fraction]),
    [
      ['deliver', 0.5],
      ['deliver', 1],
    ],
  );
});

test('what the platform says is handed on', async () => {
  report = { state: 'too-large', limitBytes: 5 };
  assert.deepEqual(await deliverOutcome(DONE), report);
  handOver = async () => {
    refuse('delivery-folder');
  };
  await assert.rejects(deliverOutcome(DONE, await parcelWith(['vocals.wav'])), refusedWith('delivery-folder'));
});

test('a refusal goes into the card, without files, and is no progress', async () => {
  await deliverOutcome({ state: 'refused', failure: { code: 'not-audio', facts: {} } });
  assert.deepEqual([events, reports], [['end refused'], []]);
});

test('a platform that asks for quiet is asked again when it is over, and holds nobody up until then', async () => {
  handOver = async () => {
    throw new SendError('not-executed', 'slow down', { retryAfterMs: 1_200_000 });
  };
  await assert.rejects(deliverOutcome(DONE, await parcelWith(['vocals.wav'])), (error) => {
    assert.ok(error instanceof ApplicationFailure && error.nonRetryable !== true);
    assert.equal(error.nextRetryDelay, 1_200_000);
    return true;
  });
});

test('says what a place takes, by its platform and by what was learned', async () => {
  async function post(): Promise<unknown> {
    return await new MockActivityEnvironment().run(chat.postCard, { jobId: 'job', surfaceId: 'surface' });
  }
  assert.deepEqual(await post(), { isThere: true, fileLimitBytes: null });
  portLimit = 10;
  assert.deepEqual(await post(), { isThere: true, fileLimitBytes: 10 });
  learned = 7;
  assert.deepEqual(await post(), { isThere: true, fileLimitBytes: 7 });
  portLimit = null;
  assert.deepEqual(await post(), { isThere: true, fileLimitBytes: 7 });
  isThere = false;
  assert.deepEqual(await post(), { isThere: false, fileLimitBytes: null });
});

test('extras and private words are handed on', async () => {
  const [file] = (await parcelWith(['preview.ogg'])).files;
  const preview = file === undefined ? null : { file, durationSeconds: 20, waveformBase64: '' };
  const contents: string[] = [];
  handOver = async (path) => {
    contents.push(await readFile(path, 'utf8'));
  };
  const environment = new MockActivityEnvironment();
  await environment.run(chat.postExtras, { jobId: 'job', surfaceId: 'surface', preview, ping: true });
  await environment.run(chat.postExtras, { jobId: 'job', surfaceId: 'surface', preview: null, ping: false });
  const ended = { jobId: 'job', surfaceId: 'surface', outcome: { state: 'cancelled' }, parcel: NO_PARCEL } as const;
  await environment.run(chat.tellInPrivate, ended);
  assert.deepEqual(contents, ['preview.ogg']);
  assert.deepEqual(events, ['extras true true', 'extras false false', 'private cancelled']);
});

test('an album gets its files as they lie in the store, and its report is handed on', async () => {
  const contents: string[] = [];
  handOver = async (path) => {
    contents.push(await readFile(path, 'utf8'));
  };
  const { files } = await parcelWith(['vocals.mp3', 'drums.mp3']);
  const post = async (album: AlbumContent): Promise<AlbumReport> =>
    await new MockActivityEnvironment().run(chat.postAlbum, { jobId: 'job', surfaceId: 'surface', album });
  assert.deepEqual(await post({ kind: 'files', files }), { state: 'settled' });
  assert.deepEqual(contents, ['vocals.mp3', 'drums.mp3']);
  albumReport = { state: 'files-needed', stems: [], limitBytes: 5 };
  assert.deepEqual(await post({ kind: 'standing' }), albumReport);
  assert.deepEqual(events, ['album files', 'album standing']);
});
