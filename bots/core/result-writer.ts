/** A job's end in its chat: the files, then the card that counts; and what is nice to have. */
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { DeliveryReport, Preview, ResultParcel } from '../../workflows/contract/delivery.ts';
import type { Card } from '../../workflows/contract/card.ts';
import type { DeliverySlot } from '../../workflows/contract/ids.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { CardWriter, StandingCard } from './card-writer.ts';
import type { ChatSender } from './chat-sender.ts';
import { jobCard } from './job-card.ts';
import { findSurface } from './find-surface.ts';
import type { Deliveries, Jobs } from './jobs.ts';
import { FilesUnknownError, PlaceGoneError, createFilePlacer } from './place-files.ts';
import type { OpenFiles } from './place-files.ts';
import { SlotLostError, sendSlot } from './send-slot.ts';
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

export function createResultWriter(deps: ResultWriterDeps): ResultWriter {
  const { port, cards, jobs, deliveries, sender } = deps;
  const slots: SlotDeps = { deliveries, sender, removeStray: port.removeStray.bind(port) };
  const placer = createFilePlacer({ port, deliveries, sender, slots });
  function lastCard({ job, surface }: Pick<StandingCard, 'job' | 'surface'>, { outcome, parcel }: Ended): Card {
    return jobCard(job, { queuePlace: 0, secondsLeft: null }, { language: surface.language, outcome, parcel });
  }

  async function deliverFiles(
    standing: StandingCard,
    ended: Ended,
    open: OpenFiles,
    onProgress: (fraction: number) => Promise<void>,
  ): Promise<boolean> {
    const { jobId, surfaceId, outcome, parcel } = ended;
    const card = lastCard(standing, ended);
    const layout = port.layout(parcel.files);
    const postedLinks = await placer.place(standing, { card, layout }, open, onProgress);
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
