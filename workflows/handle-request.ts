import {
  CancellationScope,
  condition,
  isCancellation,
  log,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { awaitLink } from './await-link.ts';
import type { OpenedJob, UnplannedJob } from './contract/control-activities.ts';
import { NO_PARCEL } from './contract/delivery.ts';
import type { ResultParcel } from './contract/delivery.ts';
import { isStemPlan } from './contract/job.ts';
import type { JobOutcome } from './contract/job.ts';
import { accountLinked, turnCame } from './contract/messages.ts';
import { refuse } from './contract/failure.ts';
import type { JobRequest, SplitCommand, StemFormat } from './contract/request.ts';
import type { SeparationPlan } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { deliverResult, narrowStems, packResult, soundsOf } from './deliver-result.ts';
import type { DeliveredResult, DoneOutcome, PackedResult, Place } from './deliver-result.ts';
import { deliverSheet } from './deliver-sheet.ts';
import { failureOutcome, reportFailure } from './failure-report.ts';
import { makeSheet } from './make-sheet.ts';
import type { PlannedSheet } from './make-sheet.ts';
import { makeStems } from './make-stems.ts';
import { postExtras, tellInPrivate } from './post-extras.ts';
import { chatActivities, controlActivities } from './proxies.ts';
import { startMirrors, tellMirrors } from './start-mirrors.ts';

export interface HandleRequestInput {
  readonly request: JobRequest;
  readonly timing: Timing;
}

/** One accepted chat request, from the card to the posted result. Always ends the job's row, whatever becomes of its chat. */
export async function handleRequest({ request, timing }: HandleRequestInput): Promise<JobOutcome> {
  let isLinked = false;
  let hasTurn = false;
  setHandler(accountLinked, () => {
    isLinked = true;
  });
  setHandler(turnCame, () => {
    hasTurn = true;
  });
  const control = controlActivities(timing);
  const { platform } = request.address;
  // Not cancelled in between: the row would stand, and nobody would end it.
  const opened = await CancellationScope.nonCancellable(() =>
    control.openJob({ request, workflowId: workflowInfo().workflowId }),
  );
  const { jobId, surfaceId } = opened;
  let mirrors: Awaited<ReturnType<typeof startMirrors>> = [];
  let place: Place = { jobId, surfaceId, platform, fileLimitBytes: null };
  let reached: Reached;
  try {
    const card = await chatActivities(platform, timing).postCard({ jobId, surfaceId });
    if (!card.isThere) {
      return await CancellationScope.nonCancellable(() => turnAway(place, timing));
    }
    place = { ...place, fileLimitBytes: card.fileLimitBytes };
    if (opened.plan !== null) {
      mirrors = await startMirrors(opened, formatOf(request), timing);
      if (opened.turn === 'later') {
        await condition(() => hasTurn);
      }
    }
    reached = await work(request, opened, place, timing);
    if (reached.handOver !== null && opened.plan !== null) {
      await awaitLink(opened, () => isLinked, timing);
    }
  } catch (error) {
    reached = { outcome: isCancellation(error) ? CANCELLED : failureOutcome(reportFailure(error)), handOver: null };
  }
  // What is reached stands: from here on there is nothing left to save by cancelling.
  return await CancellationScope.nonCancellable(async () => {
    await tellMirrors(mirrors, reached.outcome);
    const { outcome, parcel, isGone } = await handOver(place, reached, timing);
    await control.endJob({ jobId, outcome });
    await (isGone ? tellInPrivate(place, outcome, parcel, timing) : postExtras(place, outcome, timing));
    return outcome;
  });
}

const CANCELLED: JobOutcome = { state: 'cancelled' };

/** Nothing can be shown where the song was asked for: the asker hears so in private, and nothing is worked on. */
async function turnAway(place: Place, timing: Timing): Promise<JobOutcome> {
  const isTold = patched('closed-chats-are-told');
  const outcome = isTold ? failureOutcome({ code: 'chat-closed', facts: {} }) : CANCELLED;
  await controlActivities(timing).endJob({ jobId: place.jobId, outcome });
  if (isTold) await tellInPrivate(place, outcome, NO_PARCEL, timing);
  return outcome;
}

interface HandedOver {
  readonly outcome: JobOutcome;
  readonly parcel: ResultParcel;
  readonly isGone: boolean;
}

type Reached =
  | { readonly outcome: DoneOutcome; readonly handOver: () => Promise<HandedOver> }
  | { readonly outcome: JobOutcome; readonly handOver: null };

async function work(
  request: JobRequest,
  opened: OpenedJob | UnplannedJob,
  place: Place,
  timing: Timing,
): Promise<Reached> {
  if (opened.plan === null) {
    return { outcome: failureOutcome(opened.refusal), handOver: null };
  }
  const { jobId, plan } = opened;
  const { command } = request;
  if (command.kind === 'split' && isStemPlan(plan)) {
    return await workStems(request, { jobId, plan, command }, place, timing);
  }
  if (command.kind !== 'split' && !isStemPlan(plan)) {
    return await workSheet(request, { jobId, plan, command }, place, timing);
  }
  return refuse('internal');
}

async function workStems(
  request: JobRequest,
  { jobId, plan, command }: { readonly jobId: string; readonly plan: SeparationPlan; readonly command: SplitCommand },
  place: Place,
  timing: Timing,
): Promise<Reached> {
  const { format: preferred, pick } = command;
  const { reused, ...made } = await makeStems(request, { jobId, plan, pick }, timing);

  async function save({ encoding, files }: PackedResult): Promise<DoneOutcome> {
    const format = encoding?.format ?? preferred;
    const result = await controlActivities(timing).saveResult({ jobId, plan, format, pick, ...made, files });
    return { state: 'done', result, reused };
  }

  const sounds = soundsOf(made);
  const packed = await packResult(place, sounds, preferred, timing);
  const outcome = await save(packed);
  return {
    outcome,
    async handOver() {
      const narrow = narrowStems(sounds, preferred, save, timing);
      return handedOver(await deliverResult(place, { packed, outcome }, narrow, timing));
    },
  };
}

async function workSheet(request: JobRequest, planned: PlannedSheet, place: Place, timing: Timing): Promise<Reached> {
  const { result, reused } = await makeSheet(request, planned, timing);
  const outcome: DoneOutcome = { state: 'done', result, reused };
  return {
    outcome,
    async handOver() {
      return handedOver(await deliverSheet(place, outcome, result, timing));
    },
  };
}

function handedOver({ outcome, parcel, state }: DeliveredResult): HandedOver {
  return { outcome, parcel, isGone: state === 'gone' };
}

/** Null where no sounds come of it. */
function formatOf({ command }: JobRequest): StemFormat | null {
  return command.kind === 'split' ? command.format : null;
}

/** Where the result itself cannot be handed over, that is told instead. */
async function handOver(place: Place, { outcome, handOver: hand }: Reached, timing: Timing): Promise<HandedOver> {
  if (hand === null) {
    return await tell(place, outcome, timing);
  }
  try {
    return await hand();
  } catch (error) {
    return await tell(place, failureOutcome(reportFailure(error)), timing);
  }
}

async function tell({ jobId, surfaceId, platform }: Place, outcome: JobOutcome, timing: Timing): Promise<HandedOver> {
  try {
    const chat = chatActivities(platform, timing);
    const { state } = await chat.deliverOutcome({ jobId, surfaceId, outcome, parcel: NO_PARCEL });
    return { outcome, parcel: NO_PARCEL, isGone: state === 'gone' };
  } catch (error) {
    log.error('a job ended and could not say so', { jobId, error: String(error) });
    return { outcome, parcel: NO_PARCEL, isGone: true };
  }
}
