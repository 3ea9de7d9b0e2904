/** Puts the files of a result where they go beside the card: into placeholders of their own, or posted once. */
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort, OpenFile, PostedFiles } from '../../workflows/contract/chat-port.ts';
import type { Card } from '../../workflows/contract/card.ts';
import type { ResultFile } from '../../workflows/contract/delivery.ts';
import { fileSlot } from '../../workflows/contract/ids.ts';
import type { StandingCard } from './card-writer.ts';
import type { ChatSender } from './chat-sender.ts';
import type { Deliveries } from './jobs.ts';
import { SlotLostError, fillSlot, planSlot, sendSlot } from './send-slot.ts';
import type { SlotDeps } from './send-slot.ts';

/** Gives `use` the files on this machine's disk. */
export type OpenFiles = <T>(files: readonly ResultFile[], use: (open: readonly OpenFile[]) => Promise<T>) => Promise<T>;

/** Slots that are remembered; what is forgotten is brought once more. */
const MOST_FILLED = 10_000;

/** Posted files may or may not be there. */
export class FilesUnknownError extends Error {}
/** There is nobody to deliver to any more. */
export class PlaceGoneError extends Error {}

export interface FilePlacerDeps {
  readonly port: ChatPort;
  readonly deliveries: Deliveries;
  readonly sender: ChatSender;
  readonly slots: SlotDeps;
}

export interface FilePlacer {
  /**
   * May run again without a second visible file; the card's own files stay with the card.
   *
   * @param onProgress 0 to 1, as files arrive
   * @throws FilesUnknownError, PlaceGoneError, and what the platform refuses
   */
  place(
    standing: StandingCard,
    parcel: { readonly card: Card; readonly layout: ReturnType<ChatPort['layout']> },
    open: OpenFiles,
    onProgress: (fraction: number) => Promise<void>,
  ): Promise<PostedFiles['links']>;
}

export function createFilePlacer({ port, deliveries, sender, slots }: FilePlacerDeps): FilePlacer {
  /** What this process has put into a slot's message, by the slot's row: tries after a wait need not bring it again. */
  const filledWith = new Map<string, string>();

  function noteFilled(rowId: string, content: string): void {
    filledWith.set(rowId, content);
    const [oldest] = filledWith.keys();
    if (filledWith.size > MOST_FILLED && oldest !== undefined) filledWith.delete(oldest);
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

  return {
    async place(standing, { card, layout }, open, onProgress) {
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
      return postedLinks;
    },
  };
}

function largest(files: readonly ResultFile[]): number {
  return Math.max(0, ...files.map(({ blob }) => blob.bytes));
}
