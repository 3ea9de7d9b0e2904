/** A result writer over ledgers in memory and a platform that may fail before, in and after every call. */
import { setImmediate } from 'node:timers/promises';
import type { Card } from '../../workflows/contract/card.ts';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import type { AlbumSong, ChatPort, Extra, OpenFile, ResultLayout } from '../../workflows/contract/chat-port.ts';
import type { DeliveryReport, ResultFile, ResultParcel } from '../../workflows/contract/delivery.ts';
import type { JobSurface, JobView } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { bandJob } from './answer-desk.test-kit.ts';
import { exampleSurface } from './card-bench.test-kit.ts';
import { createAlbumWriter } from './album-writer.ts';
import type { AlbumWriter } from './album-writer.ts';
import { createCardWriter } from './card-writer.ts';
import { createChatSender } from './chat-sender.ts';
import { exampleResult } from './example-job.test-kit.ts';
import { memoryDeliveries } from './memory-deliveries.test-kit.ts';
import { createResultWriter } from './result-writer.ts';
import type { OpenFiles } from './place-files.ts';
import type { ResultWriter } from './result-writer.ts';
import { silentPort } from './silent-port.test-kit.ts';

export type Fault = 'limited' | 'refused' | 'done-then-lost' | 'gone' | null;

/** What a person sees of one message. */
export interface Seen {
  readonly chatId: string;
  card: Card | null;
  files: readonly string[];
  readonly kind: 'card' | 'placeholder' | 'files' | 'extra';
}

export interface ResultBench {
  job: JobView;
  readonly messages: Map<string, Seen>;
  readonly errors: unknown[];
  readonly moves: string[];
  /** Decides about every call. */
  fault: (call: string) => Fault;
  layout: (files: readonly ResultFile[]) => ResultLayout;
  /** Largest file that the platform takes. */
  limitBytes: number;
  /** The chat has moved there; calls to the old one say so. */
  movedTo: string | null;
  results: ResultWriter;
  albums: AlbumWriter;
  /** A process that starts anew on the same ledgers. */
  restart(): Promise<void>;
  deliver(parcel: ResultParcel, outcome?: JobOutcome): Promise<DeliveryReport>;
  stop(): Promise<void>;
}

export const FINISHED: JobOutcome = { state: 'done', result: exampleResult(), reused: false };

export function resultFile(fileName: string, bytes = 1000): ResultFile {
  const blob = { key: `results/${fileName}`, bytes, sha256: 'aa' };
  return { name: fileName, fileName, blob, kind: 'sound', durationSeconds: 1 };
}

export function parcelOf(files: readonly ResultFile[]): ResultParcel {
  return { encoding: { format: 'wav', kbps: null }, files, links: [], left: [] };
}

export const open: OpenFiles = async (files, use) => await use(files.map((file) => ({ ...file, path: '/dev/null' })));

/** Lets everything run that waits for time or for its turn. `tick` moves the clock. */
export async function patiently<T>(work: Promise<T>, tick: (ms: number) => void): Promise<T> {
  let isOver = false;
  const watched = work.finally(() => {
    isOver = true;
  });
  watched.catch(() => undefined);
  while (!isOver) {
    await setImmediate();
    if (!isOver) tick(50);
  }
  return await watched;
}

export async function createResultBench(platform: { readonly knowsNonces: boolean }): Promise<ResultBench> {
  const job = bandJob({ stage: 'deliver' });
  const surface: JobSurface = { ...exampleSurface(job), surfaceId: 'surface' };
  const deliveries = memoryDeliveries();
  const byNonce = new Map<string, string>();
  let stop: () => Promise<void> = async () => undefined;
  let posts = 0;

  async function call<T>(name: string, address: ChatAddress, files: readonly OpenFile[], work: () => T): Promise<T> {
    await setImmediate();
    if (bench.movedTo !== null && address.chatId !== bench.movedTo) {
      throw new SendError('not-executed', 'moved', { movedToChatId: bench.movedTo });
    }
    const fault = bench.fault(name);
    if (fault === 'limited') throw new SendError('not-executed', 'slow down', { retryAfterMs: 300 });
    if (fault === 'refused') throw new SendError('ambiguous', '503');
    if (fault === 'gone') throw new SendError('gone', 'no such chat');
    const largest = Math.max(0, ...files.map(({ blob }) => blob.bytes));
    if (largest > bench.limitBytes) throw new FileTooLargeError(bench.limitBytes);
    const done = work();
    if (fault === 'done-then-lost') throw new SendError('ambiguous', 'no answer');
    return done;
  }

  function post(chatId: string, nonce: string, seen: Omit<Seen, 'chatId'>): { readonly messageId: string } {
    const known = platform.knowsNonces ? byNonce.get(nonce) : undefined;
    if (known !== undefined) return { messageId: known };
    posts += 1;
    const messageId = `message-${String(posts)}`;
    byNonce.set(nonce, messageId);
    bench.messages.set(messageId, { chatId, ...seen });
    return { messageId };
  }

  function edit(messageId: string, card: Card | null, files: readonly OpenFile[]): void {
    const seen = bench.messages.get(messageId);
    if (seen === undefined) throw new SendError('gone', 'no such message');
    seen.card = card;
    seen.files = files.map(({ fileName }) => fileName);
  }

  const port: ChatPort = {
    ...silentPort(),
    layout: (files) => bench.layout(files),
    postCard: async (address, card, nonce) =>
      await call('postCard', address, [], () => post(address.chatId, nonce, { kind: 'card', card, files: [] })),
    editCard: async (address, messageId, card, files) => {
      await call('editCard', address, files, () => {
        edit(messageId, card, files);
      });
    },
    postPlaceholder: async (address, _cardId, _card, _files, nonce) =>
      await call('postPlaceholder', address, [], () =>
        post(address.chatId, nonce, { kind: 'placeholder', card: null, files: [] }),
      ),
    fillPlaceholder: async (address, messageId, _card, files) => {
      await call('fillPlaceholder', address, files, () => {
        edit(messageId, null, files);
      });
      return files
        .filter(({ fileName }) => fileName.endsWith('.mp3'))
        .map(({ name }) => ({ name, reference: `sent-${name}` }));
    },
    async removeStray(_address, messageId) {
      return bench.messages.delete(messageId);
    },
    postFiles: async (address, _cardId, _card, files) =>
      await call('postFiles', address, files, () => {
        const names = files.map(({ fileName }) => fileName);
        const { messageId } = post(address.chatId, `files ${String(posts)}`, {
          kind: 'files',
          card: null,
          files: names,
        });
        return { messageId, links: names.map((fileName) => ({ fileName, url: `https://chat.example/${fileName}` })) };
      }),
    async findPostedFiles() {
      return null;
    },
    postExtra: async (address, _cardId, extra, nonce) =>
      await call('postExtra', address, filesOf(extra), () => {
        const files = extra.kind === 'album' ? extra.songs.map(nameOf) : [extra.kind];
        return post(address.chatId, nonce, { kind: 'extra', card: extra.card, files });
      }),
    privateAddress: async ({ userId }) => ({ ...surface.address, chatId: `private-${userId}` }),
  };

  const bench: ResultBench = {
    job,
    messages: new Map(),
    errors: [],
    moves: [],
    fault: () => null,
    layout: (files) => ({ inCard: files, inPlaceholders: [], posted: [] }),
    limitBytes: Infinity,
    movedTo: null,
    results: undefined as unknown as ResultWriter,
    albums: undefined as unknown as AlbumWriter,
    async restart() {
      const onError = (error: unknown): void => {
        bench.errors.push(error);
      };
      const moveChat = async (_from: unknown, to: string): Promise<void> => {
        bench.moves.push(to);
      };
      const sender = createChatSender({ bands: { moveChat }, onError });
      const jobs = {
        find: async () => bench.job,
        findByCode: async () => bench.job,
        findByInboundEvent: async () => bench.job,
        list: async () => [bench.job],
        surfacesOf: async () => [surface],
        queuePlace: async () => 0,
        estimateSeconds: async () => null,
      };
      const feed = { watch: async () => ({ stop: async () => undefined }) };
      const shared = { port, jobs, deliveries, sender, onError };
      const cards = await createCardWriter({
        ...shared,
        platform: surface.platform,
        feed,
        mixerUrl: null,
        tabUrl: null,
      });
      bench.results = createResultWriter({ ...shared, cards });
      bench.albums = createAlbumWriter(shared);
      stop = cards.stop;
    },
    async deliver(parcel, outcome = FINISHED) {
      const ended = { jobId: job.id, surfaceId: surface.surfaceId, outcome, parcel };
      return await bench.results.deliver(ended, open, async () => undefined);
    },
    stop: async () => {
      await stop();
    },
  };
  await bench.restart();
  return bench;
}

function filesOf(extra: Extra): readonly OpenFile[] {
  return extra.kind === 'album' ? extra.songs.flatMap((song) => (song.kind === 'file' ? [song.file] : [])) : [];
}

/** A standing song by what it stands as, a new one by its file. */
function nameOf(song: AlbumSong): string {
  return song.kind === 'file' ? song.file.fileName : song.sent.reference;
}
