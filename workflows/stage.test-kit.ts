/** A real Temporal server and workers on every queue, for tests of workflows over fake activities. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandleWithStartDetails } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode, makeTelemetryFilterString } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { loadConfig } from '../runtime/config.ts';
import { findTemporal } from '../runtime/embedded/temporal-binary.ts';
import { SERVER_SETTINGS, settingArguments } from '../runtime/embedded/temporal-server.ts';
import { createLogger } from '../runtime/log.ts';
import { PLATFORMS } from './contract/request.ts';
import type { JobRequest } from './contract/request.ts';
import { COMPUTE_QUEUE, CONTROL_QUEUE, MEDIA_QUEUE, chatQueue } from './contract/task-queues.ts';
import type { Timing } from './contract/timing.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import type { handleRequest } from './handle-request.ts';

/** Rows and blobs hold what is larger. */
export const LARGEST_PAYLOAD_BYTES = 64 * 1024;

export const QUICK: Timing = { computeHeartbeatSeconds: 1, mediaHeartbeatSeconds: 5, retrySeconds: 0.05 };

export type RequestHandle = WorkflowHandleWithStartDetails<typeof handleRequest>;

export interface StageRun {
  start(request: JobRequest, timing?: Timing): Promise<RequestHandle>;
}

export interface StageOptions {
  /** Of the queue `compute`; 100 by default. In production it is one for each device. */
  readonly computeSlots?: number;
}

export interface Stage {
  readonly environment: TestWorkflowEnvironment;
  /** Runs `play` while workers with the world's activities poll every queue. */
  run<T>(world: FakeWorld, play: (run: StageRun) => Promise<T>, options?: StageOptions): Promise<T>;
  close(): Promise<void>;
}

/** Who starts and works here; in recorded histories it stands for whoever recorded them. */
const IDENTITY = 'woodshed-test';

/** As in production; and a payload that has grown beyond what belongs into a history ends its workflow. */
const SETTINGS = {
  ...SERVER_SETTINGS,
  'limit.blobSize.error': String(LARGEST_PAYLOAD_BYTES),
  // Nothing below this is looked at.
  'limit.blobSize.warn': String(LARGEST_PAYLOAD_BYTES / 2),
};

/** Refused and broken activities are what these tests are about; only what nobody expects is shown. */
const QUIET = new DefaultLogger('ERROR');

export async function openStage(): Promise<Stage> {
  Runtime.install({
    logger: QUIET,
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
    },
  });
  const { path } = await findTemporal({
    cacheDir: loadConfig().cacheDir,
    toolsDir: join(import.meta.dirname, '..', 'tools'),
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
    progress() {},
  });
  const [environment, workflowBundle] = await Promise.all([
    TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path }, extraArgs: settingArguments(SETTINGS) },
      client: { identity: IDENTITY },
    }),
    bundleWorkflowCode({ workflowsPath: join(import.meta.dirname, 'index.ts'), logger: QUIET }),
  ]);
  return {
    environment,
    run: async (world, play, options) => await runOn(environment, workflowBundle, { world, play, ...options }),
    async close() {
      await environment.teardown();
    },
  };
}

/** Until nothing that it has begun is under way: it waits for a message, or a timer. */
export async function untilItRests(job: RequestHandle): Promise<void> {
  for (;;) {
    const { raw } = await job.describe();
    if ((raw.pendingActivities?.length ?? 0) === 0 && raw.pendingWorkflowTask == null) {
      return;
    }
    await pause(20);
  }
}

async function runOn<T>(
  { nativeConnection, client }: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundle,
  {
    world: { activities },
    play,
    computeSlots = 100,
  }: StageOptions & {
    readonly world: FakeWorld;
    readonly play: (run: StageRun) => Promise<T>;
  },
): Promise<T> {
  const common = {
    connection: nativeConnection,
    identity: IDENTITY,
    activities,
    maxHeartbeatThrottleInterval: '100ms',
  } as const;
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: CONTROL_QUEUE, workflowBundle }),
    Worker.create({ ...common, taskQueue: COMPUTE_QUEUE, maxConcurrentActivityTaskExecutions: computeSlots }),
    ...[MEDIA_QUEUE, ...PLATFORMS.map(chatQueue)].map((taskQueue) => Worker.create({ ...common, taskQueue })),
  ]);
  const running = workers.map((worker) => worker.run());
  try {
    return await play({
      start: (request, timing = QUICK) =>
        client.workflow.start<typeof handleRequest>('handleRequest', {
          taskQueue: CONTROL_QUEUE,
          workflowId: `job-${randomUUID()}`,
          // As the relay starts it.
          priority: { fairnessKey: request.requester.userId },
          args: [{ request, timing }],
        }),
    });
  } finally {
    for (const worker of workers) {
      worker.shutdown();
    }
    await Promise.all(running);
  }
}
