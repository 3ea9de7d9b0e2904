import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { ChatActivities } from './contract/chat-activities.ts';
import type { ComputeActivities, ListenActivities } from './contract/compute-activities.ts';
import type { ControlActivities } from './contract/control-activities.ts';
import type { MediaActivities, WriteActivities } from './contract/media-activities.ts';
import type { Platform } from './contract/request.ts';
import { CONTROL_QUEUE, COMPUTE_QUEUE, MEDIA_QUEUE, chatQueue } from './contract/task-queues.ts';
import type { Timing } from './contract/timing.ts';

type Proxy<T> = ActivityInterfaceFor<T>;

/** Rows: seconds of work, retried until the database is back. */
export function controlActivities(timing: Timing): Proxy<Omit<ControlActivities, 'fetchLink'>> {
  return proxyActivities<Omit<ControlActivities, 'fetchLink'>>({
    taskQueue: CONTROL_QUEUE,
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: '24 hours',
    retry: { initialInterval: `${timing.retrySeconds} seconds`, maximumInterval: '30 seconds' },
  });
}

/** Downloads heartbeat while bytes arrive; four tries, since a link that fails four times is a broken link. */
export function linkActivities(timing: Timing): Proxy<Pick<ControlActivities, 'fetchLink'>> {
  return proxyActivities<Pick<ControlActivities, 'fetchLink'>>({
    taskQueue: CONTROL_QUEUE,
    startToCloseTimeout: '10 minutes',
    scheduleToCloseTimeout: '30 minutes',
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: `${timing.retrySeconds} seconds`, maximumAttempts: 4 },
  });
}

/** ffmpeg: heartbeats while it makes progress. */
export function mediaActivities(timing: Timing): Proxy<MediaActivities> {
  return onMedia<MediaActivities>(timing);
}

/** Pure writing, but for the preview of a tab. */
export function writeActivities(timing: Timing): Proxy<WriteActivities> {
  return onMedia<WriteActivities>(timing);
}

function onMedia<T>(timing: Timing): Proxy<T> {
  return proxyActivities<T>({
    taskQueue: MEDIA_QUEUE,
    startToCloseTimeout: '30 minutes',
    scheduleToCloseTimeout: '2 hours',
    heartbeatTimeout: `${timing.mediaHeartbeatSeconds} seconds`,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: `${timing.retrySeconds} seconds`, maximumAttempts: 4 },
  });
}

/**
 * One attempt at a time: a worker that dies is noticed by its missing heartbeat, and {@link resume} in `separate-stems.ts` decides
 * whether another attempt makes sense by whether the last one got any further.
 */
export function computeActivities(heartbeatSeconds: number): Proxy<ComputeActivities & ListenActivities> {
  return proxyActivities<ComputeActivities & ListenActivities>({
    taskQueue: COMPUTE_QUEUE,
    startToCloseTimeout: '6 hours',
    scheduleToCloseTimeout: '24 hours',
    heartbeatTimeout: `${heartbeatSeconds} seconds`,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 1 },
  });
}

/** Runs in the one process that holds the platform's connection; waits for it as long as it takes. */
export function chatActivities(platform: Platform, timing: Timing): Proxy<ChatActivities> {
  return proxyActivities<ChatActivities>({
    taskQueue: chatQueue(platform),
    startToCloseTimeout: '10 minutes',
    scheduleToCloseTimeout: '24 hours',
    heartbeatTimeout: '60 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: `${timing.retrySeconds} seconds`, maximumInterval: '60 seconds' },
  });
}

/** Nice to have: not waited for longer than somebody would care. */
export function extrasActivities(
  platform: Platform,
  timing: Timing,
): Proxy<Pick<ChatActivities, 'postExtras' | 'postAlbum' | 'tellInPrivate'>> {
  return proxyActivities<Pick<ChatActivities, 'postExtras' | 'postAlbum' | 'tellInPrivate'>>({
    taskQueue: chatQueue(platform),
    startToCloseTimeout: '5 minutes',
    scheduleToCloseTimeout: '1 hour',
    heartbeatTimeout: '60 seconds',
    retry: { initialInterval: `${timing.retrySeconds} seconds`, maximumInterval: '60 seconds', maximumAttempts: 10 },
  });
}
