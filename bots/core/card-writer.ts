import { createHash } from 'node:crypto';
import type { Card } from '../../workflows/contract/card.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import { deliverySlot } from '../../workflows/contract/ids.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { createCardLane } from './card-lane.ts';
import type { CardLane } from './card-lane.ts';
import { jobCard, overallFraction } from './job-card.ts';
import type { CardContext } from './job-card.ts';
import type { Deliveries, DeliveryRow, JobFeed, Jobs, JobView } from './jobs.ts';

const SEND_LEASE_MS = 60_000;
/** What is under way at the end gets this long; a platform that does not answer holds up nobody. */
const STOP_LIMIT_MS = 5000;

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

/**
 * The only writer of cards on its platform. Progress is read from the job's row when the row changes, no more often than the
 * platform allows (the last state wins); the final state goes through the same lane and ends it.
 */
export async function createCardWriter(deps: CardWriterDeps): Promise<CardWriter> {
  const { port, jobs, deliveries } = deps;
  const lanes = new Map<string, CardLane>();

  function laneOf(jobId: string): CardLane {
    let lane = lanes.get(jobId);
    if (lane === undefined) {
      lane = createCardLane(
        async (own) => {
          await showProgress(jobId, own);
        },
        (error) => {
          deps.onError(error, jobId);
        },
      );
      lanes.set(jobId, lane);
    }
    return lane;
  }

  function forget(jobId: string, lane: CardLane): void {
    lane.end();
    lanes.delete(jobId);
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

  /** Null where there is no place to post to any more. */
  async function ensurePosted(job: JobView): Promise<string | null> {
    const row = await rowOf(job, 'card', job.id);
    if (row.state === 'gone') {
      return null;
    }
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
      if (isGone(error)) {
        return null;
      }
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

  async function showProgress(jobId: string, lane: CardLane): Promise<void> {
    const job = await jobs.find(jobId);
    if (job === null || job.version <= lane.shownVersion) {
      return;
    }
    const isOurs = job.request.address.platform === deps.platform;
    if (!isOurs || isFinished(job.state) || (await rowOf(job, 'result', job.id)).state === 'sent') {
      forget(jobId, lane);
      return;
    }
    const row = await rowOf(job, 'card', job.id);
    if (row.state === 'sent' && row.messageId !== null) {
      await edit(job, row.id, row.messageId, lane);
    }
  }

  async function edit(job: JobView, rowId: string, messageId: string, lane: CardLane): Promise<void> {
    const card = await render(job);
    try {
      await port.editCard(job.request.address, messageId, card);
    } catch (error) {
      const askedMs = error instanceof SendError ? (error.retryAfterMs ?? 0) : 0;
      lane.rest(Math.max(port.editIntervalMs, askedMs));
      if (isGone(error)) {
        await deliveries.markGone(rowId);
      }
      throw error;
    }
    lane.shownVersion = job.version;
    lane.rest(port.editIntervalMs);
  }

  /** The last thing that a card shows; a place that is gone needs no telling. */
  async function putOutcome(job: JobView, messageId: string, outcome: JobOutcome): Promise<void> {
    const row = await rowOf(job, 'result', job.id);
    try {
      await port.editCard(job.request.address, messageId, jobCard(job, { queuePlace: 0, secondsLeft: null }, outcome));
    } catch (error) {
      if (!isGone(error)) {
        throw error;
      }
      await deliveries.markGone(row.id);
      return;
    }
    await deliveries.markSent(row.id, messageId);
  }

  const watching = await deps.feed.watch((jobId) => {
    laneOf(jobId).wake();
  });

  return {
    async post(jobId) {
      const lane = laneOf(jobId);
      await lane.run(async () => {
        const job = await load(jobId);
        if ((await ensurePosted(job)) === null) {
          forget(jobId, lane);
          refuse('cancelled');
        }
        lane.shownVersion = job.version;
        lane.rest(port.editIntervalMs);
      });
    },
    async finish(jobId, outcome) {
      const lane = laneOf(jobId);
      await lane.run(async () => {
        const job = await load(jobId);
        const messageId = await ensurePosted(job);
        if (messageId !== null) {
          await putOutcome(job, messageId, outcome);
        }
        forget(jobId, lane);
      });
    },
    async stop() {
      await watching.stop();
      const tails = [...lanes].map(async ([jobId, lane]) => {
        forget(jobId, lane);
        await lane.idle();
      });
      await atMost(STOP_LIMIT_MS, Promise.all(tails));
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof SendError && error.outcome === 'gone';
}

async function atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
