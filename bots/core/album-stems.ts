import { isStemResult } from '../../workflows/contract/job.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';

const FEWEST = 2;
/** Telegram's limit. */
const MOST = 10;

/**
 * The stems that make an album, in their order: those that can be heard, without the residual, which is there to add up, not to listen to.
 * Null where they are no album: one file was asked for, or there are fewer than two or more than ten.
 */
export function albumStems(outcome: JobOutcome | null): readonly FinishedStem[] | null {
  if (outcome?.state !== 'done' || !isStemResult(outcome.result) || outcome.result.mixed !== null) {
    return null;
  }
  const heard = outcome.result.finished.stems.filter(({ loudnessLufs }) => loudnessLufs !== null);
  return heard.length < FEWEST || heard.length > MOST ? null : heard;
}
