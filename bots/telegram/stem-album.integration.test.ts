/** From a finished card's button to the album, on an emulated Telegram and real ledgers. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Api } from 'grammy';
import { createDeliveries } from '../../db/deliveries.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { testJob, testResult } from '../../db/test-rows.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { FAULTS, plannedFaults } from '../../tools/emulators/core/faults.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { BEN } from '../../tools/emulators/telegram/options.ts';
import { FORUM_CHAT } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import type { AlbumContent, AlbumReport, ResultParcel } from '../../workflows/contract/delivery.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { createAlbumWriter } from '../core/album-writer.ts';
import { createCardWriter } from '../core/card-writer.ts';
import { createChatSender } from '../core/chat-sender.ts';
import { exampleFile } from '../core/port-example.test-kit.ts';
import { createResultWriter } from '../core/result-writer.ts';
import type { OpenFiles } from '../core/place-files.ts';
import { redelivered, withInbound } from './inbound.test-kit.ts';
import type { InboundBench } from './inbound.test-kit.ts';
import { createTelegramPort } from './outbound.ts';

const LIMIT = { timeout: 240_000 };
const BUTTON = 'As album';
const CALL_LIMIT_SECONDS = 2;
const SONG_BYTES = 60_000;
const TOPIC = { chat: FORUM_CHAT, thread: '11' };
/** As `testResult` has them. */
const STEMS = ['vocals', 'accompaniment'];

interface Finished {
  readonly surfaceId: string;
  readonly card: SeenMessage;
  /** One try, as the workflow's; null where it is to be tried again. */
  ask(content: AlbumContent): Promise<AlbumReport | null>;
  /** The stems as files of this format. */
  files(format: string): Promise<readonly OpenFile[]>;
}

/** A job in a topic, finished, with its card and its stems in this format. */
async function finish({ telegram, database }: InboundBench, folder: string, format: 'mp3' | 'flac'): Promise<Finished> {
  const address = { platform: 'telegram', botId: '7000001', chatId: FORUM_CHAT, threadId: TOPIC.thread } as const;
  const { jobId, code } = await testJob(database, { address });
  const jobs = createJobs(database);
  const surfaceId = (await jobs.surfacesOf(jobId))[0]?.surfaceId ?? '';
  const api = new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: CALL_LIMIT_SECONDS });
  const port = createTelegramPort({ api, token: telegram.token, apiRoot: telegram.root, isLocal: false });
  const shared = { port, jobs, deliveries: createDeliveries(database), onError: () => undefined };
  const sender = createChatSender({ bands: { moveChat: async () => undefined }, onError: () => undefined });
  const feed = { watch: async () => ({ stop: async () => undefined }) };
  const cards = await createCardWriter({ ...shared, sender, platform: 'telegram', feed, mixerUrl: null, tabUrl: null });
  const results = createResultWriter({ ...shared, sender, cards });
  const albums = createAlbumWriter({ ...shared, sender });

  const open: OpenFiles = async (wanted, use) =>
    await use(wanted.map((file) => ({ ...file, path: join(folder, file.blob.sha256) })));
  const files = async (as: string): Promise<readonly OpenFile[]> =>
    await Promise.all(STEMS.map(async (name) => await exampleFile(folder, `${name}.${as}`, SONG_BYTES)));
  const residual = await exampleFile(folder, `residual.${format}`, SONG_BYTES);
  const parcel: ResultParcel = {
    encoding: { format, kbps: null },
    files: [...(await files(format)), residual],
    links: [],
    left: [],
  };
  const outcome: JobOutcome = { state: 'done', result: testResult(), reused: false };
  assert.equal(
    (await results.deliver({ jobId, surfaceId, outcome, parcel }, open, async () => undefined)).state,
    'delivered',
  );
  await jobs.end(jobId, outcome);
  const card = telegram.conversation
    .messages(FORUM_CHAT)
    .find(({ text }) => text.includes(code) && text.includes('LUFS'));
  assert.ok(card !== undefined);
  return {
    surfaceId,
    card,
    files,
    ask: async (content) => await albums.post({ jobId, surfaceId, content }, open).catch(() => null),
  };
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-album-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Songs in the player that answer the card after the ones that came with it. */
function playable({ telegram }: InboundBench, { card }: Finished): readonly SeenMessage[] {
  return telegram.conversation
    .messages(FORUM_CHAT)
    .filter(({ replyTo, files }) => replyTo === card.id && files.some(({ shownAs }) => shownAs === 'audio'));
}

function albumCalls({ telegram }: InboundBench): number {
  return telegram.requests.filter(({ method }) => method === 'sendMediaGroup').length;
}

test(
  'presses of a finished card, by whoever and again, are one event, and the songs come again as one album',
  LIMIT,
  async () => {
    await withFolder(async (folder) => {
      await withInbound({}, async (bench) => {
        const { telegram } = bench;
        const job = await finish(bench, folder, 'mp3');
        assert.deepEqual(
          job.card.buttons.map(({ label }) => label),
          [BUTTON, 'Analysis', 'Chords', 'Lyrics', 'Tab'],
        );
        const before = (await bench.accepted()).length;
        const inbound = await bench.process();
        for (const by of [BEN.id, BEN.id, BEN.id]) {
          await telegram.act({ kind: 'press', by: String(by), at: TOPIC, messageId: job.card.id, label: BUTTON });
        }
        for (const update of redelivered(await bench.take(), seededRandom(4))) await inbound.handle(update);
        const [event, ...others] = (await bench.accepted()).slice(before);
        assert.ok(event?.payload.kind === 'album');
        assert.deepEqual([event.payload.surfaceId, others.length], [job.surfaceId, 0]);

        const alone = playable(bench, job);
        assert.equal(alone.length, 3, 'vocals, accompaniment and what is left');
        // What stands there needs no bytes: an upload would be refused.
        telegram.limitUploads(SONG_BYTES / 2);
        for (let times = 0; times < 3; times += 1)
          assert.deepEqual(await job.ask({ kind: 'standing' }), { state: 'settled' });
        const album = playable(bench, job).slice(alone.length);
        assert.deepEqual(
          album.map(({ files }) => files[0]?.name),
          STEMS.map((name) => `${name}.mp3`),
        );
        assert.equal(albumCalls(bench), 1);
        const toasts = telegram.conversation.events.flatMap((each) => (each.kind === 'notice' ? [each.text] : []));
        assert.deepEqual(
          toasts.map((text) => (/already/u.test(text) ? 'again' : 'coming')).toSorted(),
          ['again', 'again', 'coming'],
          'everybody who presses is answered',
        );
        assert.deepEqual(telegram.specReport().violations, []);
      });
    });
  },
);

test('of documents songs are made, which come as one album; too large ones leave nothing behind', LIMIT, async () => {
  await withFolder(async (folder) => {
    await withInbound({}, async (bench) => {
      const { telegram } = bench;
      const job = await finish(bench, folder, 'flac');
      const report = await job.ask({ kind: 'standing' });
      assert.ok(report?.state === 'files-needed');
      assert.deepEqual([report.stems.map(({ name }) => name), report.limitBytes], [STEMS, 50_000_000]);
      assert.equal(albumCalls(bench), 0);

      const songs = { kind: 'files', files: await job.files('mp3') } as const;
      telegram.limitUploads(SONG_BYTES - 1);
      const smaller = await job.ask(songs);
      assert.ok(smaller?.state === 'files-needed' && (smaller.limitBytes ?? 0) < 2 * SONG_BYTES);
      assert.deepEqual(playable(bench, job), []);

      telegram.limitUploads(SONG_BYTES);
      for (let times = 0; times < 2; times += 1) assert.deepEqual(await job.ask(songs), { state: 'settled' });
      assert.deepEqual(
        playable(bench, job).map(({ files }) => files[0]?.name),
        STEMS.map((name) => `${name}.mp3`),
      );
      assert.deepEqual(telegram.specReport().violations, []);
    });
  });
});

test('where no song can be made the chat is told so, once', LIMIT, async () => {
  await withFolder(async (folder) => {
    await withInbound({}, async (bench) => {
      const job = await finish(bench, folder, 'flac');
      for (let times = 0; times < 2; times += 1) await job.ask({ kind: 'nothing' });
      const told = bench.telegram.conversation.messages(FORUM_CHAT).filter(({ text }) => /could not make/u.test(text));
      assert.deepEqual(
        told.map(({ replyTo }) => replyTo),
        [job.card.id],
      );
    });
  });
});

test('whatever befalls the sending, an album is there once, or may be lost, and never twice', LIMIT, async () => {
  await withFolder(async (folder) => {
    await withInbound({ hangMs: (CALL_LIMIT_SECONDS + 1) * 1000 }, async (bench) => {
      for (const fault of FAULTS) {
        const job = await finish(bench, folder, 'mp3');
        const alone = playable(bench, job).length;
        bench.telegram.setFaults(plannedFaults([{ method: 'sendMediaGroup', fault }]));
        for (let times = 0; times < 3; times += 1) await job.ask({ kind: 'standing' });
        const songs = playable(bench, job).length - alone;
        // What Telegram says was not done is done again; of all else nobody knows.
        const wanted = fault === 'rate-limited' || fault.startsWith('done-then') ? STEMS.length : 0;
        assert.equal(songs, wanted, fault);
      }
    });
  });
});
