/** A result that waits until whoever asked for it has shown in a browser who they are. */
import { condition } from '@temporalio/workflow';
import type { OpenedJob } from './contract/control-activities.ts';
import { refuse } from './contract/failure.ts';
import type { LinkStage } from './contract/linking.ts';
import type { Timing } from './contract/timing.ts';
import { controlActivities } from './proxies.ts';

const REMINDER_SECONDS = 24 * 60 * 60;

/**
 * Until the asker's account is linked, where it has to be. Refuses `account-not-linked` once the result is not kept any longer.
 *
 * @param isLinked whether the asker's link was announced, at any time since the job began
 */
export async function awaitLink(
  { jobId, link }: Pick<OpenedJob, 'jobId' | 'link'>,
  isLinked: () => boolean,
  timing: Timing,
): Promise<void> {
  if (link == null || isLinked()) {
    return;
  }
  const { keptSeconds } = link;
  const endsAt = keptSeconds === null ? null : new Date(Date.now() + keptSeconds * 1000).toISOString();
  const reminderSeconds = Math.min(timing.linkReminderSeconds ?? REMINDER_SECONDS, keptSeconds ?? Infinity);

  async function isLinkedWithin(stage: Exclude<LinkStage, 'work'>, seconds: number | null): Promise<boolean> {
    // Announced before the job said that it waits: whoever announces it may not have looked for it.
    const noted = await controlActivities(timing).awaitLink({ jobId, stage, endsAt });
    if (noted.isLinked) {
      return true;
    }
    if (seconds === null) {
      await condition(isLinked);
      return true;
    }
    return await condition(isLinked, seconds * 1000);
  }

  const isHere =
    (await isLinkedWithin('result', reminderSeconds)) ||
    (keptSeconds !== reminderSeconds &&
      (await isLinkedWithin('late', keptSeconds === null ? null : keptSeconds - reminderSeconds)));
  if (!isHere) {
    refuse('account-not-linked');
  }
}
