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
import type { JobOutcome, ProgressReport } from '../../workflows/contract/job.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import type { DeliveredFile, SeparationResult } from '../../workflows/contract/stems.ts';
import { createChatActivities } from './chat-activities.ts';

const ADDRESS: ChatAddress = { platform: 'console', botId: 'local', chatId: 'terminal', threadId: 'out' };
const SOURCE = { kind: 'attachment', reference: 'song', name: 'song.mp3', declaredBytes: null } as const;
const LIMIT_BYTES = 4_000_000;

let folder: string;
let blobs: BlobStore;
let attached: () => Promise<AsyncIterable<Uint8Array>>;
let attachedName: string;
let deliver: (file: DeliveredFile, path: string) => Promise<void>;
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
  deliver = async () => undefined;
  chat = createChatActivities({
    cards: {
      async post(jobId) {
        events.push(`post ${jobId}`);
      },
      async finish(jobId, outcome) {
        events.push(`finish ${jobId} ${outcome.state}`);
      },
    },
    port: {
      editIntervalMs: 1,
      postCard: async () => ({ messageId: 'm' }),
      editCard: async () => undefined,
      openAttachment: async () => ({ name: attachedName, bytes: await attached() }),
      async deliverFile(address, file, path) {
        assert.deepEqual(address, ADDRESS);
        await deliver(file, path);
        events.push(`file ${file.fileName}`);
      },
    },
    blobs,
    addressOf: async () => ADDRESS,
    noteSource: async (input) => {
      noted.push(input);
    },
    reportProgress: async (report) => {
      reports.push(report);
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

async function outcomeWith(names: readonly string[]): Promise<JobOutcome> {
  const files = [];
  for (const name of names) {
    const blob = await blobs.put(`encoded/${name}`, Readable.from([Buffer.from(name)]));
    files.push({ name, fileName: name, blob });
  }
  return { state: 'done', reused: false, result: { files } as unknown as SeparationResult };
}

async function deliverOutcome(outcome: JobOutcome): Promise<void> {
  await new MockActivityEnvironment().run(chat.deliverOutcome, { jobId: 'job', outcome });
}

test('hands over every file, then settles the card; again, it does the same', async () => {
  const outcome = await outcomeWith(['vocals.wav', 'rest.wav']);
  const contents: string[] = [];
  deliver = async (_file, path) => {
    contents.push(await readFile(path, 'utf8'));
  };
  // Files go side by side, in whatever order they get through.
  const both = ['file rest.wav', 'file vocals.wav'];
  await deliverOutcome(outcome);
  assert.deepEqual(events.slice(0, 2).toSorted(), both);
  assert.equal(events[2], 'finish job done');
  assert.deepEqual(contents.toSorted(), ['rest.wav', 'vocals.wav']);
  assert.deepEqual(
    reports.map(({ stage, fraction }) => [stage, fraction]),
    [
      ['deliver', 0.5],
      ['deliver', 1],
    ],
  );
  await deliverOutcome(outcome);
  assert.deepEqual(events.slice(3, 5).toSorted(), both);
  assert.deepEqual(events.slice(5), ['finish job done']);
});

test('a card is not settled before its files are there', async () => {
  const outcome = await outcomeWith(['vocals.wav', 'rest.wav']);
  deliver = async ({ fileName }) => {
    if (fileName === 'rest.wav') {
      refuse('delivery-folder');
    }
  };
  await assert.rejects(deliverOutcome(outcome), refusedWith('delivery-folder'));
  assert.deepEqual(events, ['file vocals.wav']);
});

test('a refusal goes into the card, without files', async () => {
  await deliverOutcome({ state: 'refused', failure: { code: 'not-audio', facts: {} } });
  assert.deepEqual(events, ['finish job refused']);
});
