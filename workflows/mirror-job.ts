import { condition, setHandler } from '@temporalio/workflow';
import { NO_PARCEL } from './contract/delivery.ts';
import { isStemResult } from './contract/job.ts';
import type { JobOutcome } from './contract/job.ts';
import { outcomeReached } from './contract/messages.ts';
import type { Platform, StemFormat } from './contract/request.ts';
import type { Timing } from './contract/timing.ts';
import { deliverResult, narrowStems, packResult, soundsOf } from './deliver-result.ts';
import type { Place } from './deliver-result.ts';
import { deliverSheet } from './deliver-sheet.ts';
import { failureOutcome, reportFailure } from './failure-report.ts';
import { chatActivities } from './proxies.ts';

export interface MirrorJobInput {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly platform: Platform;
  /** As it was asked for; null where no sounds come of the job. */
  readonly format: StemFormat | null;
  readonly timing: Timing;
}

/**
 * A job's card in another chat of the band. It waits for its bot and for the outcome as long as it takes, and nobody waits for it.
 */
export async function mirrorJob({ jobId, surfaceId, platform, format, timing }: MirrorJobInput): Promise<void> {
  const reached: JobOutcome[] = [];
  setHandler(outcomeReached, (outcome) => void reached.push(outcome));
  const chat = chatActivities(platform, timing);
  const { isThere, fileLimitBytes } = await chat.postCard({ jobId, surfaceId });
  if (!isThere) {
    return;
  }
  await condition(() => reached.length > 0);
  const outcome = reached[0] as JobOutcome;
  const place: Place = { jobId, surfaceId, platform, fileLimitBytes };
  try {
    await show(place, outcome, format, timing);
  } catch (error) {
    if (outcome.state !== 'done') {
      throw error;
    }
    // The result cannot be handed over here: that is told instead.
    await show(place, failureOutcome(reportFailure(error)), format, timing);
  }
}

async function show(place: Place, outcome: JobOutcome, format: StemFormat | null, timing: Timing): Promise<void> {
  const { jobId, surfaceId, platform } = place;
  if (outcome.state !== 'done') {
    await chatActivities(platform, timing).deliverOutcome({ jobId, surfaceId, outcome, parcel: NO_PARCEL });
    return;
  }
  const { result } = outcome;
  if (!isStemResult(result)) {
    await deliverSheet(place, outcome, result, timing);
    return;
  }
  const sounds = soundsOf(result);
  const preferred = format ?? result.format;
  const packed = await packResult(place, sounds, preferred, timing);
  const narrow = narrowStems(sounds, preferred, async () => await Promise.resolve(outcome), timing);
  await deliverResult(place, { packed, outcome }, narrow, timing);
}
