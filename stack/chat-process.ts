/** What every platform's bot needs besides its own code: the worker on its queue, the writers of cards and results, answers. */
import { createChatActivities } from '../activities/chat/chat-activities.ts';
import { createAlbumWriter } from '../bots/core/album-writer.ts';
import type { AnswerDeps } from '../bots/core/answer.ts';
import { createCardWriter } from '../bots/core/card-writer.ts';
import type { CardWriterDeps } from '../bots/core/card-writer.ts';
import { createChatSender } from '../bots/core/chat-sender.ts';
import type { ChatSender } from '../bots/core/chat-sender.ts';
import type { CommandStyle } from '../bots/core/command-style.ts';
import type { JobFeed } from '../bots/core/jobs.ts';
import { createResultWriter } from '../bots/core/result-writer.ts';
import { startStraySweeper } from '../bots/core/stray-sweeper.ts';
import type { StraySweeper } from '../bots/core/stray-sweeper.ts';
import { strategiesOf } from '../bots/core/strategies.ts';
import { createBands } from '../db/bands.repository.ts';
import { createDeliveries } from '../db/deliveries.repository.ts';
import { createInbox } from '../db/inbox.repository.ts';
import { createJobs } from '../db/jobs.repository.ts';
import { createLibrary } from '../db/library.repository.ts';
import type { Listener } from '../db/listen.ts';
import type { Store } from '../db/open-store.ts';
import { createResent } from '../db/resent.repository.ts';
import { createRoomBeats } from '../db/room-beats.repository.ts';
import type { RoomBeats } from '../db/room-beats.repository.ts';
import { createShares } from '../db/shares.repository.ts';
import { createTabPreferences } from '../db/tab-preferences.repository.ts';
import type { Config } from '../runtime/config.ts';
import type { Logger } from '../runtime/log.ts';
import { createWorker } from '../runtime/temporal.ts';
import { chatAccounts, pagesUrl } from './chat-accounts.ts';
import type { AccountsConfig } from './chat-accounts.ts';
import { chatUploads } from './chat-uploads.ts';
import { startWorker } from './start-worker.ts';
import type { ComingTemporal } from './start-worker.ts';
import type { ChatPort } from '../workflows/contract/chat-port.ts';
import type { Platform } from '../workflows/contract/request.ts';
import { chatQueue } from '../workflows/contract/task-queues.ts';

/** Calls to one platform at a time; a chat that must be quiet holds none of them. */
const PARALLEL_DELIVERIES = 20;
const BEAT_EVERY_MS = 1500;

/** Enough for a process that only writes commands down and looks at jobs. */
export function chatDeps(
  config: Pick<Config, 'strategies' | 'defaults' | 'shares' | 'limits'> & AccountsConfig,
  store: Pick<Store, 'database' | 'listener'>,
  style: CommandStyle,
): AnswerDeps & { readonly feed: JobFeed } {
  return {
    inbox: createInbox(store.database),
    jobs: createJobs(store.database),
    bands: createBands(store.database),
    shares: createShares(store.database, config.shares),
    accounts: chatAccounts(config, store.database),
    uploads: chatUploads(config, store.database),
    tabs: createTabPreferences(store.database),
    strategies: strategiesOf(config.strategies),
    defaults: config.defaults,
    songLimits: { largestBytes: config.limits.largestUploadBytes, fromChatBytes: null },
    style,
    feed: jobFeed(store.listener),
  };
}

function jobFeed(listener: Listener): JobFeed {
  return { watch: (onChange) => listener.watchJobs(onChange) };
}

export interface ChatProcessOptions {
  readonly platform: Platform;
  /** Whose messages only this process sends; null for all bots of the platform. */
  readonly botId: string | null;
  readonly port: ChatPort;
  readonly style: CommandStyle;
  readonly config: Config;
  readonly store: Store;
  readonly temporal: ComingTemporal;
  /** Whether the platform can be heard now; null where there is nothing to be connected to. */
  readonly isConnected: (() => boolean) | null;
  readonly log: Logger;
}

export interface ChatProcess {
  readonly deps: AnswerDeps & { readonly feed: JobFeed };
  /** Where a song can be heard and mixed; null where there is no page. */
  readonly songPage: CardWriterDeps['mixerUrl'];
  /** For what is said in a chat besides cards and results. */
  readonly sender: ChatSender;
  /** Rejects when the worker cannot go on. */
  readonly finished: Promise<void>;
  /** Lets what is under way end, then resolves. */
  stop(): Promise<void>;
}

/**
 * Posts and edits cards and delivers results on one platform until it is stopped; what comes in is the platform's own `inbound.ts`, which
 * needs no Temporal.
 */
export async function startChatProcess(options: ChatProcessOptions): Promise<ChatProcess> {
  const { platform, port, config, store, temporal, log } = options;
  const deps = chatDeps(config, store, options.style);
  const { jobs, bands } = deps;
  const deliveries = createDeliveries(store.database);
  const allJobs = createJobs(store.database);
  const library = createLibrary(store.database, { uploadHours: config.retention.uploadHours });
  const onError = (error: unknown, job: string): void => {
    log.warn({ err: error, job }, 'something could not be shown');
  };
  const sender = createChatSender({ bands, onError });
  const pages = pagesOf(config, platform);
  const cards = await createCardWriter({
    platform,
    port,
    jobs,
    feed: deps.feed,
    deliveries,
    sender,
    ...pages,
    onError,
  });
  const results = createResultWriter({ port, cards, jobs, deliveries, sender, onError });
  const activities = createChatActivities({
    cards,
    results,
    albums: createAlbumWriter({ port, jobs, deliveries, sender, onError }),
    port,
    blobs: store.blobs,
    noteSource: async (input) => {
      await library.noteSource(input);
    },
    reportProgress: async (report) => {
      await allJobs.report(report);
    },
    largestUploadBytes: config.limits.largestUploadBytes,
  });
  // Nobody waits until the leases of a dead process run out.
  await deliveries.endSendsOf(platform, options.botId);
  const running = await startWorker(temporal, async (access) => {
    const maxConcurrentActivityTaskExecutions = PARALLEL_DELIVERIES;
    return await createWorker(access, {
      taskQueue: chatQueue(platform),
      maxConcurrentActivityTaskExecutions,
      activities,
    });
  });
  const strays = sweepStrays(options);
  const { isConnected } = options;
  const beats = isConnected === null ? null : keepBeating(createRoomBeats(store.database), platform, isConnected, log);
  return {
    deps,
    songPage: pages.mixerUrl,
    sender,
    finished: running.finished,
    async stop() {
      await running.stop();
      await cards.stop();
      await strays?.stop();
      await beats?.stop();
    },
  };
}

/** Null where there is no page, or nobody can sign in on it. */
function pagesOf(config: Config, platform: Platform): Pick<CardWriterDeps, 'mixerUrl' | 'tabUrl'> {
  const url = pagesUrl(platform, config);
  if (url === null) return { mixerUrl: null, tabUrl: null };
  const mixerUrl = (recordingId: string): string => `${url}/r/${recordingId}`;
  return { mixerUrl, tabUrl: (recordingId, part) => `${mixerUrl(recordingId)}/tab?part=${part}` };
}

/** Null where nobody can look for strays. */
function sweepStrays({ platform, port, store, log }: ChatProcessOptions): StraySweeper | null {
  const removeStrays = port.removeStrays?.bind(port);
  if (removeStrays === undefined) return null;
  return startStraySweeper({
    resent: createResent(store.database, platform),
    removeStrays,
    onRemoved: (count) => {
      log.info({ platform, count }, 'superfluous placeholders were removed');
    },
    onError: (error) => {
      log.warn({ err: error }, 'superfluous placeholders could not be looked for');
    },
  });
}

/** Says how the connection stands, again and again: whoever asks whether Woodshed is ready asks another process. */
function keepBeating(
  beats: RoomBeats,
  room: string,
  isConnected: () => boolean,
  log: Logger,
): { stop(): Promise<void> } {
  const beat = async (isUp: boolean): Promise<void> => {
    await beats.beat(room, isUp).catch((error: unknown) => log.debug({ err: error }, 'a beat was not written down'));
  };
  let underWay = beat(isConnected());
  const timer = setInterval(() => {
    underWay = underWay.then(async () => await beat(isConnected()));
  }, BEAT_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
      await beat(false);
    },
  };
}
