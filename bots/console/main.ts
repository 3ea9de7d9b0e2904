/** The console chat: its worker on `chat-console`, its cards, its prompt. */
import { join } from 'node:path';
import { createChatActivities } from '../../activities/chat/chat-activities.ts';
import { createDeliveries } from '../../db/deliveries.repository.ts';
import { createInbox } from '../../db/inbox.repository.ts';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLibrary } from '../../db/library.repository.ts';
import type { Listener } from '../../db/listen.ts';
import type { Store } from '../../db/open-store.ts';
import type { Config } from '../../runtime/config.ts';
import type { Logger } from '../../runtime/log.ts';
import { createWorker, runWorkers } from '../../runtime/temporal.ts';
import type { TemporalAccess } from '../../runtime/temporal.ts';
import { runAsProcess, untilStopped } from '../../stack/own-process.ts';
import { chatQueue } from '../../workflows/contract/task-queues.ts';
import { createCardWriter } from '../core/card-writer.ts';
import type { JobFeed } from '../core/jobs.ts';
import type { ConsoleRoom } from './inbound.ts';
import { createConsolePort } from './outbound.ts';
import type { ScriptedDeps } from './scripted.ts';
import { runPrompt } from './prompt.ts';
import { createScreen } from './screen.ts';
import type { TerminalScreen } from './screen.ts';
import { createTranscript } from './transcript.ts';

const PARALLEL_DELIVERIES = 10;

export interface ConsoleOptions {
  readonly config: Config;
  readonly store: Store;
  readonly temporal: TemporalAccess;
  readonly screen: TerminalScreen;
  readonly dataDir: string;
  readonly log: Logger;
}

/** The room as commands see it. */
export function consoleRoom(config: Config, dataDir: string): ConsoleRoom {
  return {
    cwd: config.standingIn,
    resultsFolder: join(dataDir, 'results'),
    defaults: config.defaults,
    strategies: Object.keys(config.strategies),
  };
}

/** What commands and scripts use of the store; enough for a process that only visits a running stack. */
export function consoleDeps(config: Config, store: Pick<Store, 'database' | 'listener'>): ScriptedDeps {
  return {
    inbox: createInbox(store.database),
    jobs: createJobs(store.database),
    strategies: Object.keys(config.strategies),
    feed: jobFeed(store.listener),
  };
}

function jobFeed(listener: Listener): JobFeed {
  return { watch: (onChange) => listener.watchJobs(onChange) };
}

/** Posts and edits cards and delivers results until it is stopped. */
export async function startConsole(options: ConsoleOptions): Promise<{ stop(): Promise<void> }> {
  const { config, store, temporal, screen, log } = options;
  const jobs = createJobs(store.database);
  const library = createLibrary(store.database, { uploadHours: config.retention.uploadHours });
  const port = createConsolePort(screen, createTranscript(join(options.dataDir, 'console.jsonl')));
  const cards = await createCardWriter({
    platform: 'console',
    port,
    jobs,
    feed: jobFeed(store.listener),
    deliveries: createDeliveries(store.database),
    onError(error, jobId) {
      log.warn({ err: error, jobId }, 'a card could not be edited');
    },
  });
  const worker = await createWorker(temporal, {
    taskQueue: chatQueue('console'),
    maxConcurrentActivityTaskExecutions: PARALLEL_DELIVERIES,
    activities: createChatActivities({
      cards,
      port,
      blobs: store.blobs,
      noteSource: async (input) => {
        await library.noteSource(input);
      },
      addressOf: async (jobId) => {
        const job = await jobs.find(jobId);
        if (job === null) {
          throw new Error(`no job ${jobId}`);
        }
        return job.request.address;
      },
      reportProgress: async (report) => {
        await jobs.report(report);
      },
      largestUploadBytes: config.limits.largestUploadBytes,
    }),
  });
  const running = runWorkers([worker]);
  return {
    async stop() {
      await running.stop();
      await cards.stop();
    },
  };
}

if (import.meta.main) {
  await runAsProcess('console', async ({ config, log, folder, store, temporal, stopping }) => {
    const screen = createScreen(process.stdout);
    const chat = await startConsole({ config, store, temporal, screen, dataDir: folder.path, log });
    await (process.stdin.isTTY
      ? runPrompt(consoleRoom(config, folder.path), screen, consoleDeps(config, store), stopping)
      : untilStopped(stopping));
    await chat.stop();
  });
}
