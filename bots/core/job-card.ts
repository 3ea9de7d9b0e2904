import { JOB_STAGES, isFinished } from '../../workflows/contract/job.ts';
import type { Card, CardStage } from '../../workflows/contract/card.ts';
import type { JobOutcome, JobStage } from '../../workflows/contract/job.ts';
import type { FinishedStem, SeparationResult } from '../../workflows/contract/stems.ts';
import { failureReply } from './failure-reply.ts';
import type { JobView } from './jobs.ts';

const STAGE_LABELS: Readonly<Record<JobStage, string>> = {
  receive: 'Receive',
  read: 'Read',
  separate: 'Separate',
  measure: 'Measure',
  encode: 'Encode',
  deliver: 'Deliver',
};

/** A stage's rough share of the wall-clock time, for one bar over the whole job. */
const STAGE_SHARE: Readonly<Record<JobStage, number>> = {
  receive: 0.04,
  read: 0.1,
  separate: 0.72,
  measure: 0.07,
  encode: 0.05,
  deliver: 0.02,
};

const LOG_LINES_SHOWN = 3;

export interface CardContext {
  /** Unfinished jobs before this one; 0 when it is next or running. */
  readonly queuePlace: number;
  readonly secondsLeft: number | null;
}

/** The card of a job as its row stands, or as `outcome` settles it. */
export function jobCard(job: JobView, context: CardContext, outcome: JobOutcome | null = job.outcome): Card {
  const { command } = job.request;
  const state = outcome?.state ?? job.state;
  return {
    jobId: job.id,
    code: job.code,
    version: job.version,
    state,
    title: job.title ?? sourceName(job),
    subtitle: `${command.strategy} · ${command.quality} · ${command.format}`,
    stages: cardStages(job, state),
    fraction: state === 'done' ? 1 : overallFraction(job),
    estimate: isFinished(state) ? null : estimateText(context),
    log: isFinished(state) ? [] : job.log.slice(-LOG_LINES_SHOWN),
    body: outcome === null ? [] : outcomeLines(outcome),
  };
}

function sourceName(job: JobView): string {
  const { source } = job.request.command;
  return source.kind === 'attachment' ? source.name : 'a link';
}

function cardStages(job: JobView, state: Card['state']): CardStage[] {
  const current = job.stage === null ? -1 : JOB_STAGES.indexOf(job.stage);
  return JOB_STAGES.map((stage, index) => ({
    stage,
    label: STAGE_LABELS[stage],
    mark:
      state === 'done' || index < current
        ? 'done'
        : index > current
          ? 'waiting'
          : isFinished(state)
            ? 'failed'
            : 'running',
  }));
}

/** 0 to 1 over all stages by their usual shares; null before the first report. */
export function overallFraction(job: JobView): number | null {
  if (job.stage === null) {
    return null;
  }
  let before = 0;
  for (const stage of JOB_STAGES) {
    if (stage === job.stage) {
      return Math.min(1, before + STAGE_SHARE[stage] * job.fraction);
    }
    before += STAGE_SHARE[stage];
  }
  return before;
}

function estimateText({ queuePlace, secondsLeft }: CardContext): string | null {
  if (queuePlace > 0) {
    return queuePlace === 1 ? 'next in line' : `${String(queuePlace)} jobs before this one`;
  }
  return secondsLeft === null ? null : `about ${formatDuration(secondsLeft)} left`;
}

function outcomeLines(outcome: JobOutcome): string[] {
  switch (outcome.state) {
    case 'done':
      return resultLines(outcome.result, outcome.reused);
    case 'refused':
    case 'failed':
      return [failureReply(outcome.failure)];
    case 'cancelled':
      return ['Cancelled.'];
  }
}

function resultLines(result: SeparationResult, reused: boolean): string[] {
  const { stems, residual, nullDepthDb } = result.finished;
  const lines = [...stems, residual].map(stemLine);
  if (nullDepthDb !== null) {
    lines.push(`Stems null to ${nullDepthDb.toFixed(0)} dB; with the residual they give the mix exactly.`);
  }
  lines.push(
    reused
      ? 'I had taken this song apart before, so here it is at once.'
      : `${formatDuration(result.recording.durationSeconds)} of music in ${formatDuration(result.seconds)}.`,
  );
  return lines;
}

function stemLine(stem: FinishedStem): string {
  const loudness = stem.loudnessLufs === null ? 'silent' : `${stem.loudnessLufs.toFixed(1)} LUFS`;
  const peak = stem.peakDbtp === null ? '' : `peak ${stem.peakDbtp.toFixed(1)} dBTP`;
  const gain = stem.gainDb === null ? '' : `${stem.gainDb >= 0 ? '+' : ''}${stem.gainDb.toFixed(1)} dB to target`;
  return [stem.name.padEnd(14), loudness.padStart(11), peak.padStart(16), gain.padStart(19)].join(' ').trimEnd();
}

/** `8 s`, `3 min 05 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 60
    ? `${String(whole)} s`
    : `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`;
}
