import type { JobView } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { JobCommand } from '../../workflows/contract/request.ts';
import { overallFraction } from './job-card.ts';
import type { CardContext } from './job-card.ts';
import type { Jobs, KindOfWork } from './jobs.ts';

/** What a running job's card says of the others and of the time that is left. */
export async function cardContext(
  job: JobView,
  jobs: Pick<Jobs, 'queuePlace' | 'estimateSeconds'>,
): Promise<CardContext> {
  if (isFinished(job.state)) {
    return { queuePlace: 0, secondsLeft: null };
  }
  const { command } = job.request;
  const isWaiting = !job.awaitsTurn && (job.stage === null || job.stage === 'receive');
  const queuePlace = isWaiting ? await jobs.queuePlace(job.id) : 0;
  const { audioSeconds } = job;
  const work = kindOfWork(command);
  const total = audioSeconds === null || work === null ? null : await jobs.estimateSeconds({ work, audioSeconds });
  // What such jobs took, for the share that is still to do; the end is too near to be worth a word.
  const left = total === null ? 0 : total * (1 - (overallFraction(job) ?? 0));
  return { queuePlace, secondsLeft: left < 1 ? null : left };
}

function kindOfWork(command: JobCommand): KindOfWork | null {
  switch (command.kind) {
    case 'split':
      return { kind: 'split', strategy: command.strategy, quality: command.quality };
    case 'analyze':
    case 'chords':
      return { kind: command.kind };
    case 'lyrics':
    case 'tab':
      return null;
  }
}
