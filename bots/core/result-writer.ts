/** Puts results where they go: into the card, into placeholders, or posted once; and what is nice to have. */
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort, OpenFile, PostedFiles } from '../../workflows/contract/chat-port.ts';
import type { DeliveryReport, Preview, ResultFile, ResultParcel } from '../../workflows/contract/delivery.ts';
import { fileSlot } from '../../workflows/contract/ids.ts';
import type { Card } from '../../workflows/contract/card.ts';
import type { DeliverySlot } from '../../workflows/contract/ids.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { CardWriter, StandingCard } from './card-writer.ts';
import type { ChatSender } from './chat-sender.ts';
import { jobCard } from './job-card.ts';
import { findSurface } from './find-surface.ts';
import type { Deliveries, Jobs } from './jobs.ts';
import { SlotLostError, fillSlot, planSlot, sendSlot } from './send-slot.ts';
import type { SlotDeps } from './send-slot.ts';

export interface ResultWriterDeps {
  readonly port: ChatPort;
  readonly cards: CardWriter;
  readonly jobs: Jobs;
  readonly deliveries: Deliveries;
  readonly sender: ChatSender;
  readonly onError: (error: unknown, jobId: string) => void;
}

interface Ended {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly outcome: JobOutcome;
  readonly parcel: ResultParcel;
}

/** Gives `use` the files on this machine's disk. */
export type OpenFiles = <T>(files: readonly ResultFile[], use: (open: readonly OpenFile[]) => Promise<T>) => Promise<T>;

export interface ResultWriter {
  /** May run again without a second visible result. @param onProgress 0 to 1, as files arrive */
  deliver(ended: Ended, open: OpenFiles, onProgress: (fraction: number) => Promise<void>): Promise<DeliveryReport>;
  /** Each at most once; rejects only where the platform did not do it and may do it another time. */
  postExtras(extras: {
    readonly jobId: string;
    readonly surfaceId: string;
    readonly preview: { readonly preview: Preview; readonly path: string } | null;
    readonly ping: boolean;
  }): Promise<void>;
  /** One try that may be seen; rejects only where there was none and may be one another time. */
  tellInPrivate(ended: Ended): Promise<void>;
}

/** Slots that are remembered; what is forgotten is brought once more. */
const MOST_FILLED = 10_000;

/** Thrown inside when posted files may or may not be there. */
class FilesUnknownError extends Error {}
/** Thrown inside when there is nobody to deliver to any more. */
class PlaceGoneError extends Error {}

export function createResultWriter(deps: ResultWriterDeps): ResultWriter {
  const { port, cards, jobs, deliveries, sender } = deps;
  const slots: SlotDeps = { deliveries, sender, removeStray: port.removeStray.bind(port) };
  /** What this process has put into a slot's message, by the slot's row: tries after a wait need not bring it again. */
  const filledWith = new Map<string, string>();

  function noteFilled(rowId: string, content: string): void {
    filledWith.set(rowId, content);
    const [oldest] = filledWith.keys();
    if (filledWith.size > MOST_FILLED && oldest !== undefined) filledWith.delete(oldest);
  }

  function lastCard({ job, surface }: Pick<StandingCard, 'job' | 'surface'>, { outcome, parcel }: Ended): Card {
    return jobCard(job, { queuePlace: 0, secondsLeft: null }, { language: surface.language, outcome, parcel });
  }

  /** A placeholder of its own for these files, and the files into it by edit. */
  async function fill(
    standing: StandingCard,
    card: Card,
    index: number,
    files: readonly ResultFile[],
    open: OpenFiles,
  ): Promise<void> {
    const { place, messageId: cardId } = standing;
    const content = files.map(({ blob }) => blob.sha256).join();
    const before = await planSlot(deliveries, place, fileSlot(index));
    if (before.state === 'sent' && filledWith.get(before.id) === content) {
      return;
    }
    const filled = await open(files, async (opened) => {
      return await fillSlot(slots, place, fileSlot(index), {
        post: async (address, nonce) => await port.postPlaceholder(address, cardId, card, files, nonce),
        edit: async (address, messageId) => await port.fillPlaceholder(address, messageId, card, opened),
      });
    });
    if (filled === null) {
      throw new PlaceGoneError();
    }
    const row = await planSlot(deliveries, place, fileSlot(index));
    if (filled.edited.length > 0) {
      await deliveries.noteFiles(row.id, filled.edited);
    }
    noteFilled(row.id, content);
  }

  /** At most once; what an earlier, unanswered try left is looked for, and never sent again. */
  async function post(
    standing: StandingCard,
    card: Card,
    files: readonly ResultFile[],
    open: OpenFiles,
  ): Promise<PostedFiles['links']> {
    const { place } = standing;
    let posted: PostedFiles | null = null;
    try {
      const messageId = await sendSlot(slots, place, 'posted-files', async (address) => {
        posted = await open(files, async (opened) => {
          return await port.postFiles(address, standing.messageId, card, opened);
        });
        return posted;
      });
      if (messageId === null) {
        throw new PlaceGoneError();
      }
      return (posted ?? (await found()))?.links ?? [];
    } catch (error) {
      const isLost = error instanceof SlotLostError || (error instanceof SendError && error.outcome === 'ambiguous');
      const there = isLost ? await found() : null;
      if (there !== null) {
        const row = await planSlot(deliveries, place, 'posted-files');
        await deliveries.markSent(row.id, there.messageId);
        return there.links;
      }
      throw isLost ? new FilesUnknownError() : error;
    }

    async function found(): Promise<PostedFiles | null> {
      return await sender.repeat(place.address, async (address) => {
        return await port.findPostedFiles(address, standing.messageId, card);
      });
    }
  }

  /** Placeholders of an earlier, larger parcel that nothing comes into any more. */
  async function removeLeftOver(standing: StandingCard, used: number): Promise<void> {
    const { jobId, surfaceId, address } = standing.place;
    for (const { slot, state, messageId } of await deliveries.list(jobId, surfaceId)) {
      const index = /^file-(\d+)$/u.exec(slot)?.[1];
      if (index !== undefined && Number(index) > used && state === 'sent' && messageId !== null) {
        await sender.repeat(address, async (target) => await port.removeStray(target, messageId));
      }
    }
  }

  async function deliverFiles(
    standing: StandingCard,
    ended: Ended,
    open: OpenFiles,
    onProgress: (fraction: number) => Promise<void>,
  ): Promise<boolean> {
    const card = lastCard(standing, ended);
    const layout = port.layout(ended.parcel.files);
    let postedLinks: PostedFiles['links'] = [];
    const steps = layout.inPlaceholders.map((files, index) => ({
      bytes: largest(files),
      run: async () => {
        await fill(standing, card, index + 1, files, open);
      },
    }));
    if (layout.posted.length > 0) {
      steps.push({
        bytes: largest(layout.posted),
        run: async () => {
          postedLinks = await post(standing, card, layout.posted, open);
        },
      });
    }
    // The largest first: where it does not fit, nothing of this parcel has been shown.
    for (const [index, { run }] of steps.toSorted((a, b) => b.bytes - a.bytes).entries()) {
      await run();
      await onProgress((index + 1) / (steps.length + 1));
    }
    await removeLeftOver(standing, layout.inPlaceholders.length);
    const { jobId, surfaceId, outcome, parcel } = ended;
    return await open(layout.inCard, async (files) => {
      return await cards.finish(jobId, surfaceId, { outcome, parcel, postedLinks }, files);
    });
  }

  async function sendExtra(
    slot: DeliverySlot,
    standing: Pick<StandingCard, 'place'>,
    send: Parameters<typeof sendSlot>[3],
  ): Promise<void> {
    try {
      await sendSlot(slots, standing.place, slot, send);
    } catch (error) {
      if (error instanceof SendError && error.outcome === 'not-executed') {
        throw error;
      }
      if (!(error instanceof SlotLostError)) {
        deps.onError(error, standing.place.jobId);
      }
    }
  }

  return {
    async deliver(ended, open, onProgress) {
      try {
        const standing = await cards.post(ended.jobId, ended.surfaceId);
        if (standing === null) {
          return { state: 'gone' };
        }
        const isThere = await deliverFiles(standing, ended, open, onProgress);
        await onProgress(1);
        return { state: isThere ? 'delivered' : 'gone' };
      } catch (error) {
        return reportOf(error);
      }
    },

    async postExtras({ jobId, surfaceId, preview, ping }) {
      const [job, surface] = await Promise.all([jobs.find(jobId), findSurface(jobs, jobId, surfaceId)]);
      const rows = await deliveries.list(jobId, surfaceId);
      const messageId = rows.find(({ slot, state }) => slot === 'card' && state === 'sent')?.messageId ?? null;
      if (job === null || messageId === null) {
        return;
      }
      const standing = { place: { jobId, surfaceId, address: surface.address } };
      const card = jobCard(job, { queuePlace: 0, secondsLeft: null }, { language: surface.language });
      if (preview !== null) {
        await sendExtra('preview', standing, async (address, nonce) => {
          return await port.postExtra(address, messageId, { kind: 'preview', ...preview, card }, nonce);
        });
      }
      const { requester } = job.request;
      // Elsewhere nobody is called that.
      if (ping && requester.platform === surface.platform) {
        await sendExtra('ready', standing, async (address, nonce) => {
          return await port.postExtra(address, messageId, { kind: 'ready', requester, card }, nonce);
        });
      }
    },

    async tellInPrivate(ended) {
      const { jobId, surfaceId } = ended;
      const [job, surface] = await Promise.all([jobs.find(jobId), findSurface(jobs, jobId, surfaceId)]);
      if (job === null || job.request.requester.platform !== surface.platform) {
        return;
      }
      const { requester } = job.request;
      const address = await port.privateAddress(requester, surface.address.botId).catch((error: unknown) => {
        // Asking for it is seen by nobody.
        if (error instanceof SendError && error.outcome !== 'gone') throw error;
        deps.onError(error, jobId);
        return null;
      });
      if (address !== null) {
        await sendExtra('private', { place: { jobId, surfaceId, address } }, async (target, nonce) => {
          return await port.postCard(target, lastCard({ job, surface }, ended), nonce);
        });
      }
    },
  };
}

function reportOf(error: unknown): DeliveryReport {
  if (error instanceof FileTooLargeError) {
    return { state: 'too-large', limitBytes: error.limitBytes };
  }
  if (error instanceof FilesUnknownError) {
    return { state: 'unknown' };
  }
  if (error instanceof PlaceGoneError || (error instanceof SendError && error.outcome === 'gone')) {
    return { state: 'gone' };
  }
  throw error;
}

function largest(files: readonly ResultFile[]): number {
  return Math.max(0, ...files.map(({ blob }) => blob.bytes));
}
