import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobView } from '../../workflows/contract/job-view.ts';
import { isFinished, isStemResult } from '../../workflows/contract/job.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { SheetDocument } from '../../workflows/contract/sheets.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { answerCommand } from '../core/answer-command.ts';
import type { AnswerDeps, IncomingCommand } from '../core/answer.ts';
import { failureReply } from '../core/failure-reply.ts';
import type { JobFeed } from '../core/jobs.ts';

/** A notification may be lost with its connection, so the row is looked at now and then as well. */
const LOOK_EVERY_MS = 1000;

/** What a script reads from standard output. */
export type ScriptedResult = ScriptedStems | ScriptedSheet;

/** Of a song that was taken apart; and whatever had no result. */
export interface ScriptedStems {
  readonly status: 'done' | 'refused' | 'failed';
  readonly code?: string;
  readonly message?: string;
  readonly reused: boolean;
  /** The job's short code, as `/jobs` shows it; null when nothing was started. */
  readonly job: string | null;
  readonly recording: { readonly sha256: string; readonly durationSeconds: number } | null;
  readonly stems: readonly ScriptedStem[];
  readonly residual: ScriptedStem | null;
  readonly seconds: number;
}

export interface ScriptedStem {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly loudnessLufs: number | null;
  readonly peakDbtp: number | null;
  readonly gainDb: number | null;
}

/** Of something written down of a song: what its JSON file says, and where it came from. */
export type ScriptedSheet<Document extends SheetDocument = SheetDocument> = Document & ScriptedOrigin;

interface ScriptedOrigin {
  readonly status: 'done';
  readonly reused: boolean;
  readonly job: string;
  readonly recording: ScriptedStems['recording'];
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly seconds: number;
}

export interface ScriptedDeps extends AnswerDeps {
  readonly feed: JobFeed;
  /** Called whenever the job's row has changed, for whoever shows progress. */
  readonly onChange?: (job: JobView) => void;
  readonly signal?: AbortSignal;
}

/** Exit code of a script: 0 done, 2 refused, 1 failed. */
export function exitCodeOf(result: ScriptedResult): number {
  return { done: 0, refused: 2, failed: 1 }[result.status];
}

/** A refusal before anything was started. */
export function refusedResult(failure: FailureReport): ScriptedStems {
  return {
    status: 'refused',
    code: failure.code,
    message: failureReply(failure),
    reused: false,
    job: null,
    recording: null,
    stems: [],
    residual: null,
    seconds: 0,
  };
}

/**
 * Puts the command into the ledger, as a chat message would be; the event's key makes a repeat the same job. Gives the ledger's id, or
 * the refusal where nothing was written down.
 */
export async function submit(incoming: IncomingCommand, deps: AnswerDeps): Promise<string | FailureReport> {
  const answer = await answerCommand(incoming, deps);
  switch (answer.kind) {
    case 'accepted':
      return answer.inboundEventId;
    case 'refused':
      return answer.failure;
    case 'text':
      throw new TypeError(answer.lines.join('\n'));
  }
}

/** Submits and follows. */
export async function runScripted(incoming: IncomingCommand, deps: ScriptedDeps): Promise<ScriptedResult> {
  const submitted = await submit(incoming, deps);
  return typeof submitted === 'string' ? await followJob(submitted, deps) : refusedResult(submitted);
}

/** Follows an accepted command to its end. Rejects with the signal's reason when `signal` aborts; the job goes on. */
export async function followJob(inboundEventId: string, deps: ScriptedDeps): Promise<ScriptedResult> {
  const { jobs, feed, signal, onChange } = deps;
  let wake: () => void = () => undefined;
  const watching = await feed.watch(() => {
    wake();
  });
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      signal?.throwIfAborted();
      const job = await jobs.findByInboundEvent(inboundEventId);
      if (job !== null) {
        onChange?.(job);
        if (isFinished(job.state)) {
          return await resultOf(job);
        }
      }
      await Promise.race([changed, pause(LOOK_EVERY_MS, signal)]);
    }
  } finally {
    await watching.stop();
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}

async function resultOf(job: JobView): Promise<ScriptedResult> {
  const { outcome } = job;
  const seconds = ((job.endedAt ?? new Date()).getTime() - job.createdAt.getTime()) / 1000;
  if (outcome?.state !== 'done') {
    const failure: FailureReport =
      outcome === null || outcome.state === 'cancelled' ? { code: 'cancelled', facts: {} } : outcome.failure;
    return {
      ...refusedResult(failure),
      status: outcome?.state === 'refused' ? 'refused' : 'failed',
      job: job.code,
      seconds,
    };
  }
  const { result, reused } = outcome;
  const folder = job.request.address.threadId ?? '';
  const { sha256, durationSeconds } = result.recording;
  if (!isStemResult(result)) {
    const files = result.files.map(({ fileName }) => join(folder, fileName));
    const document = await readDocument(files);
    return {
      status: 'done',
      reused,
      job: job.code,
      recording: { sha256, durationSeconds },
      ...document,
      files,
      seconds,
    };
  }
  const describe = ({ name, loudnessLufs, peakDbtp, gainDb }: FinishedStem): ScriptedStem => ({
    name,
    file: join(folder, `${name}.${result.format}`),
    loudnessLufs,
    peakDbtp,
    gainDb,
  });
  return {
    status: 'done',
    reused,
    job: job.code,
    recording: { sha256, durationSeconds },
    stems: (result.mixed === null ? result.finished.stems : [result.mixed]).map(describe),
    // What a pick leaves out is in no file.
    residual: result.mixed === null ? describe(result.finished.residual) : null,
    seconds,
  };
}

/** Of our own making, and written before its job was said to be done. */
async function readDocument(files: readonly string[]): Promise<SheetDocument> {
  const path = files.find((file) => file.endsWith('.json'));
  if (path === undefined) {
    throw new Error('a sheet came without its document');
  }
  return JSON.parse(await readFile(path, 'utf8')) as SheetDocument;
}
