import type { ChatAddress, Requester, SourceReference } from '../../workflows/contract/request.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { helpLines } from './command-table.ts';
import { failureReply } from './failure-reply.ts';
import { formatDuration } from './job-card.ts';
import type { Inbox, Jobs, JobView } from './jobs.ts';
import type { ChatCommand } from './parse-command.ts';

const JOBS_LISTED = 10;

/** A command with where it came from, once the platform has told what it carries. */
export interface IncomingCommand {
  readonly command: ChatCommand;
  readonly source: SourceReference | null;
  readonly address: ChatAddress;
  readonly requester: Requester;
  readonly eventKey: string;
}

export interface AnswerDeps {
  readonly inbox: Inbox;
  readonly jobs: Jobs;
  readonly strategies: readonly string[];
}

/** Either a job that has been accepted into the ledger, or lines to show at once. */
export type Answer =
  | { readonly kind: 'accepted'; readonly inboundEventId: string }
  | { readonly kind: 'text'; readonly lines: readonly string[] };

/** Answers a command. Nothing here waits for Temporal: work is only written down. */
export async function answerCommand(incoming: IncomingCommand, deps: AnswerDeps): Promise<Answer> {
  const { command } = incoming;
  switch (command.kind) {
    case 'split':
      return incoming.source === null
        ? text(['Send a song with it: /split SONG, where SONG is a file or a direct link.'])
        : await acceptSplit(incoming, incoming.source, command.options, deps);
    case 'jobs':
      return text(await jobLines(deps.jobs));
    case 'cancel':
      return await cancel(incoming, command.code, deps);
    case 'help':
      return text(helpLines(deps.strategies));
  }
}

async function acceptSplit(
  { address, requester, eventKey }: IncomingCommand,
  source: SourceReference,
  options: Extract<ChatCommand, { kind: 'split' }>['options'],
  { inbox }: AnswerDeps,
): Promise<Answer> {
  const { id } = await inbox.accept({
    platform: address.platform,
    botId: address.botId,
    eventKey,
    payload: { kind: 'job', request: { address, requester, command: { kind: 'split', source, ...options } } },
  });
  return { kind: 'accepted', inboundEventId: id };
}

async function cancel(
  { address, eventKey }: IncomingCommand,
  code: string | null,
  { inbox, jobs }: AnswerDeps,
): Promise<Answer> {
  const job = code === null ? (await jobs.list({ limit: 1, unfinishedOnly: true }))[0] : await jobs.findByCode(code);
  if (job === undefined || job === null) {
    return text([code === null ? 'Nothing is running.' : `There is no job ${code}; /jobs lists them.`]);
  }
  if (isFinished(job.state)) {
    return text([`Job ${job.code} is over already (${job.state}).`]);
  }
  await inbox.accept({
    platform: address.platform,
    botId: address.botId,
    eventKey,
    payload: { kind: 'cancel', jobId: job.id },
  });
  return text([`Stopping ${job.code}.`]);
}

async function jobLines(jobs: Jobs): Promise<string[]> {
  const listed = await jobs.list({ limit: JOBS_LISTED });
  return listed.length === 0 ? ['No jobs yet. Drop a song here, or type /split song.mp3.'] : listed.map(jobLine);
}

function jobLine(job: JobView): string {
  const { command } = job.request;
  const what = job.title ?? (command.source.kind === 'attachment' ? command.source.name : 'a link');
  return `${job.code}  ${job.state.padEnd(9)}  ${what}  (${command.strategy}, ${command.quality})  ${jobDetail(job)}`.trimEnd();
}

function jobDetail({ outcome, stage, fraction }: JobView): string {
  if (outcome === null) {
    return stage === null ? 'waiting' : `${stage} ${String(Math.round(fraction * 100))} %`;
  }
  switch (outcome.state) {
    case 'done':
      return `in ${formatDuration(outcome.result.seconds)}`;
    case 'refused':
    case 'failed':
      return failureReply(outcome.failure);
    case 'cancelled':
      return '';
  }
}

function text(lines: readonly string[]): Answer {
  return { kind: 'text', lines };
}
