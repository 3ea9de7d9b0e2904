import type { Card } from '../../workflows/contract/card.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort, OpenFile } from '../../workflows/contract/chat-port.ts';
import type { JobSurface, JobView } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { ChatAddress, Platform } from '../../workflows/contract/request.ts';
import type { TabPart } from '../../workflows/contract/tab.ts';
import { PLATFORM_ABILITIES } from './abilities.ts';
import { cardContext } from './card-context.ts';
import type { ChatSender } from './chat-sender.ts';
import { jobCard } from './job-card.ts';
import type { CardPlace } from './job-card.ts';
import type { Deliveries, JobFeed, Jobs } from './jobs.ts';
import { createLiveCards } from './live-cards.ts';
import type { LiveCard } from './live-cards.ts';
import { waitMs } from './pacing.ts';
import { fillSlot, isOver, planSlot, sendSlot } from './send-slot.ts';
import type { SlotDeps, SlotPlace } from './send-slot.ts';

/** What is under way at the end gets this long; a platform that does not answer holds up nobody. */
const STOP_LIMIT_MS = 5000;

export interface CardWriterDeps {
  readonly platform: Platform;
  readonly port: ChatPort;
  readonly jobs: Jobs;
  readonly feed: JobFeed;
  readonly deliveries: Deliveries;
  readonly sender: ChatSender;
  /** The page on which a recording's stems are played; null where there is none. */
  readonly mixerUrl: ((recordingId: string) => string) | null;
  /** The page on which a recording's tab follows it; null where there is none. */
  readonly tabUrl: ((recordingId: string, part: TabPart) => string) | null;
  readonly onError: (error: unknown, jobId: string) => void;
}

/** A card that stands in a chat. */
export interface StandingCard {
  readonly job: JobView;
  readonly surface: JobSurface;
  readonly place: SlotPlace;
  readonly messageId: string;
}

export interface CardWriter {
  /** Posts the placeholder once; a repeat finds it in the ledger. Null where there is no place to post to any more. */
  post(jobId: string, surfaceId: string): Promise<StandingCard | null>;
  /** Puts the end into the card, with the files that it carries; from then on no progress is shown. False where it is gone. */
  finish(jobId: string, surfaceId: string, end: CardPlace, files: readonly OpenFile[]): Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * The only writer of cards on its platform: one per job and place. Progress is read from the job's row when the row changes, no more
 * often than the platform allows (the last state wins); the end goes through the same card's turn and ends it.
 */
export async function createCardWriter(deps: CardWriterDeps): Promise<CardWriter> {
  const { port, jobs, deliveries, sender, platform } = deps;
  const { style, abilities } = PLATFORM_ABILITIES[platform];
  const takesAlbums = abilities.album !== null;
  const live = createLiveCards({
    async surfacesOf(jobId) {
      return (await jobs.surfacesOf(jobId)).filter((surface) => surface.platform === platform);
    },
    wake(card) {
      sender.lane(card.surface.address).wake(card.key, async () => {
        await card.ifFree(async () => {
          await showProgress(card);
        });
      });
    },
    drop(card) {
      sender.lane(card.surface.address).drop(card.key);
    },
  });

  async function load(jobId: string): Promise<JobView> {
    const job = await jobs.find(jobId);
    if (job === null) {
      throw new Error(`no job ${jobId}`);
    }
    return job;
  }

  async function render(job: JobView, surface: JobSurface): Promise<Card> {
    return jobCard(job, await cardContext(job, jobs), { language: surface.language });
  }

  const slots: SlotDeps = { deliveries, sender, removeStray: port.removeStray.bind(port) };

  function poster(
    job: JobView,
    { surface }: LiveCard,
  ): (address: ChatAddress, nonce: string) => ReturnType<typeof port.postCard> {
    return async (address, nonce) => await port.postCard(address, await render(job, surface), nonce);
  }

  async function ensurePosted(job: JobView, card: LiveCard): Promise<string | null> {
    return await sendSlot(slots, card.place, 'card', poster(job, card));
  }

  function rest({ surface: { address } }: LiveCard, askedMs = 0): void {
    sender.lane(address).rest(Math.max(port.editIntervalMs(address, live.count), askedMs));
  }

  async function showProgress(card: LiveCard): Promise<void> {
    const { jobId, surface } = card;
    const job = await jobs.find(jobId);
    if (job === null || job.version <= card.shownVersion) {
      return;
    }
    const rows = await deliveries.list(jobId, surface.surfaceId);
    const [posted, result] = (['card', 'result'] as const).map((slot) => rows.find((row) => row.slot === slot));
    if (isFinished(job.state) || result?.state === 'sent' || posted?.state === 'gone') {
      live.forget(card);
      return;
    }
    const next = await render(job, surface);
    const isSeen = card.shown !== null && !port.isWorthEditing(surface.address, card.shown, next);
    if (posted?.state !== 'sent' || posted.messageId === null || isSeen) {
      return;
    }
    await edit(card, job, next, posted.messageId);
  }

  async function edit(card: LiveCard, job: JobView, next: Card, messageId: string): Promise<void> {
    try {
      await sender.edit(card.surface.address, async (address) => {
        await port.editCard(address, messageId, next, []);
      });
    } catch (error) {
      rest(card, error instanceof SendError && error.retryAfterMs !== null ? waitMs(error.retryAfterMs) : 0);
      if (error instanceof SendError && error.outcome === 'gone') {
        if (
          !(await isOver({ deliveries }, card.place, 'card', messageId)) &&
          (await ensurePosted(job, card)) !== null
        ) {
          return;
        }
        live.forget(card);
      }
      throw error;
    }
    card.show(next);
    rest(card);
  }

  const watching = await deps.feed.watch((jobId) => {
    live.changed(jobId).catch((error: unknown) => {
      deps.onError(error, jobId);
    });
  });

  return {
    async post(jobId, surfaceId) {
      const card = await live.of(jobId, surfaceId);
      return await card.run(async () => {
        const job = await load(jobId);
        const messageId = await ensurePosted(job, card);
        if (messageId === null) {
          live.forget(card);
          return null;
        }
        card.shownVersion = Math.max(card.shownVersion, job.version);
        rest(card);
        return { job, surface: card.surface, place: card.place, messageId };
      });
    },

    async finish(jobId, surfaceId, end, files) {
      const card = await live.of(jobId, surfaceId);
      return await card.run(async () => {
        const job = await load(jobId);
        const { language } = card.surface;
        const mixerUrl =
          job.recordingId === null || job.request.command.kind !== 'split'
            ? null
            : (deps.mixerUrl?.(job.recordingId) ?? null);
        const tabUrl = tabUrlOf(job, end, deps);
        const here = { ...end, language, style, takesAlbums, mixerUrl, tabUrl };
        const last = jobCard(job, { queuePlace: 0, secondsLeft: null }, here);
        const result = await planSlot(deliveries, card.place, 'result');
        const filled = await fillSlot(slots, card.place, 'card', {
          post: poster(job, card),
          edit: async (address, messageId) => await port.editCard(address, messageId, last, files),
        });
        live.forget(card);
        if (filled === null) {
          await deliveries.markGone(result.id);
          return false;
        }
        await deliveries.markSent(result.id, filled.messageId);
        return true;
      });
    },

    async stop() {
      await watching.stop();
      sender.stop();
      await atMost(STOP_LIMIT_MS, live.idle());
    },
  };
}

async function atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

/** Null where nothing was written: there was nothing to play. */
function tabUrlOf({ recordingId }: JobView, { outcome }: CardPlace, { tabUrl }: CardWriterDeps): string | null {
  if (recordingId === null || outcome?.state !== 'done' || outcome.result.kind !== 'tab') return null;
  const { part, notes } = outcome.result.summary;
  return notes === 0 ? null : (tabUrl?.(recordingId, part) ?? null);
}
