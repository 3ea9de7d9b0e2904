/** The control process: workflows, the queues `control` and `media`, the relay, the retention schedule. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { ScheduleAlreadyRunning } from '@temporalio/client';
import { createInbox } from '../db/inbox.repository.ts';
import { createJobs } from '../db/jobs.repository.ts';
import { createLibrary } from '../db/library.repository.ts';
import { createRenderings } from '../db/renderings.repository.ts';
import { createLinkWaits } from '../db/link-waits.repository.ts';
import { createRetention } from '../db/retention.repository.ts';
import { createShares } from '../db/shares.repository.ts';
import { createSheets } from '../db/sheets.repository.ts';
import { createTabPreferences } from '../db/tab-preferences.repository.ts';
import { createTurns } from '../db/turns.repository.ts';
import { LINK_CHANNEL, TURN_CHANNEL } from '../db/notify.ts';
import type { Store } from '../db/open-store.ts';
import { describeSeparator } from '../gpu-worker/separators/describe-separator.ts';
import { ANALYSIS_VERSION } from '../gpu-worker/activities/analysis-record.ts';
import { LYRICS_VERSION } from '../gpu-worker/activities/heard-record.ts';
import { FINISH_VERSION } from '../gpu-worker/activities/finished-record.ts';
import type { Config } from '../runtime/config.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { createLinkMaker } from '../runtime/file-links.ts';
import type { Logger } from '../runtime/log.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import type { TemporalAccess } from '../runtime/temporal.ts';
import { createWorker, runWorkers } from '../runtime/temporal.ts';
import { bundleWorkflows } from '../runtime/workflow-bundle.ts';
import { runAsProcess, untilStopped } from '../stack/own-process.ts';
import { accountLinked, turnCame } from '../workflows/contract/messages.ts';
import { CONTROL_QUEUE, MEDIA_QUEUE } from '../workflows/contract/task-queues.ts';
import type { Timing } from '../workflows/contract/timing.ts';
import { CHORDS_VERSION } from './chords/chords-version.ts';
import { createWriteChords } from './chords/write-chords.ts';
import { createControlActivities } from './control/control-activities.ts';
import type { LinkFiles } from './control/control-activities.ts';
import { createPlanner } from './control/plan-separation.ts';
import { createLinkFetcher } from './links/create-link-fetcher.ts';
import { createWriteLyrics } from './lyrics/write-lyrics.ts';
import { createMediaActivities } from './media/create-media-activities.ts';
import { startJobRelay } from './job-relay.ts';
import { startRelay } from './relay.ts';
import { TAB_VERSION } from './tab/tab-version.ts';
import { createWriteTab } from './tab/write-tab.ts';

export interface ControlOptions {
  readonly config: Config;
  readonly store: Store;
  readonly temporal: TemporalAccess;
  readonly workflowBundlePath: string;
  readonly tools: MediaTools;
  readonly scratchDir: string;
  /** Signs links to files that fit into no chat; by default as the configured web address and secrets have it. */
  readonly linkFiles?: LinkFiles;
  readonly log: Logger;
}

export interface RunningControl {
  stop(): Promise<void>;
}

/** Polls `control` and `media` and relays accepted events until it is stopped. */
export async function startControl(options: ControlOptions): Promise<RunningControl> {
  const { config, store, temporal, log } = options;
  const { database, listener, blobs } = store;
  const jobs = createJobs(database, {
    newBandRetentionDays: config.retention.resultDays,
    jobsPerMemberAndHour: config.shares.jobsPerMemberAndHour,
    sharedTurns: config.turns.shared,
    linking: config.linking,
  });
  const linkWaits = createLinkWaits(database, config.linking);
  const library = createLibrary(database, { uploadHours: config.retention.uploadHours });
  const reportProgress = jobs.report.bind(jobs);
  const renderings = createRenderings(database);
  const shared = { blobs, scratchDir: options.scratchDir, reportProgress, log };

  const control = createControlActivities({
    jobs,
    library,
    shares: createShares(database, config.shares),
    renderings,
    retention: createRetention(database),
    linkWaits,
    blobs,
    sheets: createSheets(database),
    versions: { analysis: ANALYSIS_VERSION, chords: CHORDS_VERSION, lyrics: LYRICS_VERSION, tab: TAB_VERSION },
    hear: config.hear,
    networks: { beats: config.models.beats, chords: config.models.chords, style: config.models.style },
    tabPreferences: createTabPreferences(database),
    plan: createPlanner({
      strategies: config.strategies,
      describeSeparator: (id) => describeSeparator(id, config.models.pinnedHashes),
      finishVersion: FINISH_VERSION,
    }),
    linkFiles: options.linkFiles ?? configuredLinks(config),
    fetchLink: createLinkFetcher({
      ...shared,
      config: config.links,
      limits: config.limits,
      cacheDir: config.cacheDir,
      toolEnvironment: toolEnvironment(),
    }),
  });
  const media = createMediaActivities({
    ...shared,
    reportRendering: renderings.report.bind(renderings),
    tools: options.tools,
    limits: config.limits,
  });
  const workers = await Promise.all([
    createWorker(temporal, {
      taskQueue: CONTROL_QUEUE,
      activities: control,
      workflowBundle: { codePath: options.workflowBundlePath },
      maxConcurrentActivityTaskExecutions: 20,
    }),
    createWorker(temporal, {
      taskQueue: MEDIA_QUEUE,
      activities: {
        ...media,
        writeChords: createWriteChords(shared),
        writeLyrics: createWriteLyrics(shared),
        writeTab: createWriteTab({ ...shared, tools: options.tools }),
      },
      maxConcurrentActivityTaskExecutions: config.media.slots,
    }),
  ]);
  const running = runWorkers(workers);
  const relay = await startRelay({
    client: temporal.client,
    // Whom all turns are given is shown as many cards at once: more of them would only wait.
    inbox: createInbox(database, { openingPerAsker: config.turns.shared }),
    jobs,
    listener,
    timing: config.timing,
    log,
  });
  const telling = { client: temporal.client, listener, log };
  const jobRelays = await Promise.all([
    startJobRelay({ ...telling, waits: linkWaits, signal: accountLinked, channel: LINK_CHANNEL }),
    startJobRelay({
      ...telling,
      waits: createTurns(database, config.turns.shared),
      signal: turnCame,
      channel: TURN_CHANNEL,
    }),
  ]);
  await scheduleRetention(temporal.client, config.timing);
  return {
    async stop() {
      await relay.stop();
      await Promise.all(jobRelays.map(async (each) => await each.stop()));
      await running.stop();
    },
  };
}

/** Null where nobody said where the web pages are. */
function configuredLinks({ secrets, web: { url, linkHours } }: Config): LinkFiles | null {
  return url === null || secrets.length === 0 ? null : createLinkMaker({ secrets, webUrl: url, linkHours });
}

/** Every hour; one schedule however many control processes there are. */
async function scheduleRetention(client: Client, timing: Timing): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: 'sweep-retention',
      spec: { intervals: [{ every: '1 hour' }] },
      policies: { overlap: 'SKIP' },
      action: {
        type: 'startWorkflow',
        workflowType: 'sweepRetention',
        workflowId: 'sweep-retention',
        taskQueue: CONTROL_QUEUE,
        args: [{ timing }],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) {
      throw error;
    }
  }
}

if (import.meta.main) {
  await runAsProcess('control', async ({ config, log, folder, store, temporal, stopping }) => {
    const tools = await findFfmpeg({ cacheDir: config.cacheDir, log, progress: (line) => log.info(line) });
    const entry = join(config.projectRoot, 'workflows', 'index.ts');
    const control = await startControl({
      config,
      store,
      temporal,
      workflowBundlePath: await bundleWorkflows(entry, config.cacheDir),
      tools,
      scratchDir: folder.temporary,
      log,
    });
    log.info('control is ready');
    await untilStopped(stopping);
    await control.stop();
  });
}
