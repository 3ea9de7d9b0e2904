import { createHash } from 'node:crypto';
import type { Card } from '../../workflows/contract/card.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { deliverySlot } from '../../workflows/contract/ids.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { jobCard, overallFraction } from './job-card.ts';
import type { CardContext } from './job-card.ts';
import type { Deliveries, DeliveryRow, JobFeed, Jobs, JobView } from './jobs.ts';

const SEND_LEASE_MS = 60_000;

export interface CardWriterDeps {
  readonly platform: JobView['request']['address']['platform'];
  readonly port: ChatPort;
  readonly jobs: Jobs;
  readonly feed: JobFeed;
  readonly deliveries: Deliveries;
  readonly onError: (error: unknown, jobId: string) => void;
}

export interface CardWriter {
  /** Posts the placeholder once; a repeat finds it in the ledger. */
  post(jobId: string): Promise<void>;
  /** Puts the outcome into the card; from then on no progress is shown. */
  finish(jobId: string, outcome: JobOutcome): Promise<void>;
  stop(): Promise<void>;
}

/** One card's lane: edits go through it one after the other, so an older state can never overtake a newer one. */
interface Lane {
  tail: Promise<void>;
  timer: NodeJS.Timeout | null;
  lastEditMs: number;
  shownVersion: number;
  finished: boolean;
}

/**
 * The only writer of cards on its platform. Progress is read from the job's row when the row changes, no more often than the
 * platform allows (the last state wins); the final state goes through the same lane and ends it.
 */
export async function createCardWriter(deps: CardWriterDeps): Promise<CardWriter> {
  const { port, jobs, deliveries } = deps;
  const lanes = new Map<string, Lane>();

  function laneOf(jobId: string): Lane {
    let lane = lanes.get(jobId);
    if (lane === undefined) {
      lane = { tail: Promise.resolve(), timer: null, lastEditMs: 0, shownVersion: -1, finished: false };
      lanes.set(jobId, lane);
    }
    return lane;
  }

  function inLane<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    const result = lane.tail.then(work);
    lane.tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async function rowOf(job: JobView, slot: 'card' | 'result', content: string): Promise<DeliveryRow> {
    const contentSha256 = createHash('sha256').update(content).digest('hex');
    return await deliveries.plan({
      jobId: job.id,
      slot: deliverySlot(slot),
      platform: deps.platform,
      target: job.request.address,
      contentSha256,
    });
  }

  async function load(jobId: string): Promise<JobView> {
    const job = await jobs.find(jobId);
    if (job === null) {
      throw new Error(`no job ${jobId}`);
    }
    return job;
  }

  async function ensurePosted(job: JobView): Promise<string> {
    const row = await rowOf(job, 'card', job.id);
    if (row.state === 'sent' && row.messageId !== null) {
      return row.messageId;
    }
    if (!(await deliveries.beginSend(row.id, SEND_LEASE_MS))) {
      throw new Error(`the card of job ${job.code} is being sent by somebody else`);
    }
    try {
      const { messageId } = await port.postCard(job.request.address, await render(job), row.nonce);
      return await deliveries.markSent(row.id, messageId);
    } catch (error) {
      await noteFailedSend(row.id, error);
      throw error;
    }
  }

  async function noteFailedSend(rowId: string, error: unknown): Promise<void> {
    switch (error instanceof SendError ? error.outcome : 'ambiguous') {
      case 'not-executed':
        await deliveries.markNotSent(rowId);
        break;
      case 'ambiguous':
        await deliveries.markAmbiguous(rowId);
        break;
      case 'gone':
        await deliveries.markGone(rowId);
        break;
    }
  }

  async function render(job: JobView): Promise<Card> {
    return jobCard(job, isFinished(job.state) ? { queuePlace: 0, secondsLeft: null } : await contextOf(job));
  }

  async function contextOf(job: JobView): Promise<CardContext> {
    const { strategy, quality } = job.request.command;
    const queuePlace = job.stage === null || job.stage === 'receive' ? await jobs.queuePlace(job.id) : 0;
    const total =
      job.audioSeconds === null
        ? null
        : await jobs.estimateSeconds({ strategy, quality, audioSeconds: job.audioSeconds });
    // What such jobs took, for the share that is still to do; the end is too near to be worth a word.
    const left = total === null ? 0 : total * (1 - (overallFraction(job) ?? 0));
    return { queuePlace, secondsLeft: left < 1 ? null : left };
  }

  async function showProgress(jobId: string): Promise<void> {
    const lane = laneOf(jobId);
    await inLane(lane, async () => {
      const job = lane.finished ? null : await jobs.find(jobId);
      if (job === null || job.request.address.platform !== deps.platform || job.version <= lane.shownVersion) {
        return;
      }
      const settled = isFinished(job.state) || (await rowOf(job, 'result', job.id)).state === 'sent';
      if (settled) {
        forget(jobId, lane);
        return;
      }
      const row = await rowOf(job, 'card', job.id);
      if (row.state === 'sent' && row.messageId !== null) {
        await port.editCard(job.request.address, row.messageId, await render(job));
        lane.shownVersion = job.version;
        lane.lastEditMs = Date.now();
      }
    });
  }

  function forget(jobId: string, lane: Lane): void {
    lane.finished = true;
    if (lane.timer !== null) {
      clearTimeout(lane.timer);
    }
    lanes.delete(jobId);
  }

  function schedule(jobId: string): void {
    const lane = laneOf(jobId);
    if (lane.timer !== null || lane.finished) {
      return;
    }
    const wait = Math.max(0, lane.lastEditMs + port.editIntervalMs - Date.now());
    lane.timer = setTimeout(() => {
      lane.timer = null;
      showProgress(jobId).catch((error: unknown) => {
        deps.onError(error, jobId);
      });
    }, wait);
  }

  const watching = await deps.feed.watch(schedule);

  return {
    async post(jobId) {
      const lane = laneOf(jobId);
      await inLane(lane, async () => {
        const job = await load(jobId);
        await ensurePosted(job);
        lane.shownVersion = job.version;
        lane.lastEditMs = Date.now();
      });
    },
    async finish(jobId, outcome) {
      const lane = laneOf(jobId);
      await inLane(lane, async () => {
        const job = await load(jobId);
        const messageId = await ensurePosted(job);
        const row = await rowOf(job, 'result', job.id);
        await port.editCard(
          job.request.address,
          messageId,
          jobCard(job, { queuePlace: 0, secondsLeft: null }, outcome),
        );
        await deliveries.markSent(row.id, messageId);
        forget(jobId, lane);
      });
    },
    async stop() {
      await watching.stop();
      for (const [jobId, lane] of lanes) {
        forget(jobId, lane);
        await lane.tail;
      }
    },
  };
}
