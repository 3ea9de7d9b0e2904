/** What is nice to have after a job has ended. Nothing here fails a job. */
import { log, workflowInfo } from '@temporalio/workflow';
import type { Preview, ResultParcel } from './contract/delivery.ts';
import { isStemResult } from './contract/job.ts';
import type { JobOutcome } from './contract/job.ts';
import type { Platform } from './contract/request.ts';
import type { FinishedStem } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { soundsOf } from './deliver-result.ts';
import type { DoneOutcome, Place } from './deliver-result.ts';
import { extrasActivities, mediaActivities } from './proxies.ts';

/** Edits notify nobody, so whoever waited longer than this is told that it is ready. */
const PING_AFTER_SECONDS = 120;
/** Where a voice message can be played in the chat. */
const SHOWS_PREVIEWS: ReadonlySet<Platform> = new Set<Platform>(['discord', 'telegram']);

export async function postExtras(place: Place, outcome: JobOutcome, timing: Timing): Promise<void> {
  if (outcome.state !== 'done') {
    return;
  }
  const { jobId, surfaceId, platform } = place;
  const seconds = (Date.now() - workflowInfo().startTime.getTime()) / 1000;
  const ping = seconds > (timing.pingAfterSeconds ?? PING_AFTER_SECONDS);
  const preview = SHOWS_PREVIEWS.has(platform) ? await previewOf(jobId, outcome, timing) : null;
  if (ping || preview !== null) {
    await harmlessly(jobId, () => extrasActivities(platform, timing).postExtras({ jobId, surfaceId, preview, ping }));
  }
}

/** The place of the card is gone: the requester hears of it in private, once. */
export async function tellInPrivate(
  { jobId, surfaceId, platform }: Place,
  outcome: JobOutcome,
  parcel: ResultParcel,
  timing: Timing,
): Promise<void> {
  if (outcome.state !== 'cancelled') {
    const chat = extrasActivities(platform, timing);
    await harmlessly(jobId, () => chat.tellInPrivate({ jobId, surfaceId, outcome, parcel }));
  }
}

async function previewOf(jobId: string, { result }: DoneOutcome, timing: Timing): Promise<Preview | null> {
  const stem = isStemResult(result) ? soundsOf(result).find(isHeard) : undefined;
  return stem === undefined
    ? null
    : ((await harmlessly(jobId, () => mediaActivities(timing).makePreview({ jobId, stem }))) ?? null);
}

function isHeard({ loudnessLufs }: FinishedStem): boolean {
  return loudnessLufs !== null;
}

/** Undefined where it failed: nobody's job ends otherwise for it. */
export async function harmlessly<T>(jobId: string, extra: () => Promise<T>): Promise<T | undefined> {
  try {
    return await extra();
  } catch (error) {
    log.warn('an extra did not work out', { jobId, error: String(error) });
    return undefined;
  }
}
