/** Posting through the ledger: a placeholder until its id is known, anything else at most once. */
import { createHash } from 'node:crypto';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import { isPlaceholderSlot } from '../../workflows/contract/ids.ts';
import type { DeliverySlot } from '../../workflows/contract/ids.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import type { ChatSender } from './chat-sender.ts';
import type { Deliveries, DeliveryRow } from './jobs.ts';
import { SHORT_WAIT_MS, pause } from './pacing.ts';

/** Longer than any port lets one call take. */
const LEASE_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const MOST_TRIES = 5;

export interface SlotPlace {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly address: ChatAddress;
}

export interface SlotDeps {
  readonly deliveries: Deliveries;
  readonly sender: ChatSender;
  /** Takes one too many away again, where the platform can. */
  readonly removeStray: (address: ChatAddress, messageId: string) => Promise<unknown>;
}

/** The slot's row in the ledger. */
export async function planSlot(
  deliveries: Deliveries,
  { jobId, surfaceId, address }: SlotPlace,
  slot: DeliverySlot,
): Promise<DeliveryRow> {
  // What a slot shows changes with every try (smaller encodings): the slot itself is its identity.
  const contentSha256 = createHash('sha256').update(`${jobId}/${surfaceId}/${slot}`).digest('hex');
  return await deliveries.plan({ jobId, surfaceId, slot, target: address, contentSha256 });
}

/**
 * Posts the slot, or finds that it was. Null where the place is gone, or `post` has nothing to post. What was not sent, and placeholders
 * that may not have been, are tried a few times. Thrown {@link SlotLostError} where it may have been posted and must not be again.
 */
export async function sendSlot(
  { deliveries, sender, removeStray }: SlotDeps,
  place: SlotPlace,
  slot: DeliverySlot,
  post: (address: ChatAddress, nonce: string) => Promise<{ readonly messageId: string } | null>,
): Promise<string | null> {
  for (let tries = 1; ; tries += 1) {
    const row = await planSlot(deliveries, place, slot);
    if (row.state === 'gone') {
      return null;
    }
    if (row.state === 'sent' && row.messageId !== null) {
      return row.messageId;
    }
    if (!(await deliveries.beginSend(row.id, LEASE_MS))) {
      if (isPlaceholderSlot(slot)) {
        throw new Error(`slot ${slot} of job ${place.jobId} is being sent by somebody else, or was too often`);
      }
      throw new SlotLostError(slot);
    }
    try {
      let target = place.address;
      const posted = await sender.call(place.address, async (address) => {
        target = address;
        return await post(address, row.nonce);
      });
      if (posted === null) {
        await deliveries.markNotSent(row.id);
        return null;
      }
      const { messageId } = posted;
      const standing = await deliveries.markSent(row.id, messageId);
      if (standing !== messageId) {
        await removeStray(target, messageId);
      }
      return standing;
    } catch (error) {
      const outcome = await noteFailure(deliveries, row.id, error);
      if (outcome === 'gone') {
        return null;
      }
      if (!mayGoOn(error, outcome, slot) || tries === MOST_TRIES) {
        throw error;
      }
      await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

/**
 * Edits the slot's message, which is posted where it does not stand yet; also anew where it stayed behind when its chat moved. Null where
 * the place is gone, which is remembered.
 */
export async function fillSlot<T>(
  deps: SlotDeps,
  place: SlotPlace,
  slot: DeliverySlot,
  {
    post,
    edit,
  }: {
    readonly post: (address: ChatAddress, nonce: string) => Promise<{ readonly messageId: string }>;
    readonly edit: (address: ChatAddress, messageId: string) => Promise<T>;
  },
): Promise<{ readonly messageId: string; readonly edited: T } | null> {
  for (;;) {
    const messageId = await sendSlot(deps, place, slot, post);
    if (messageId === null) {
      return null;
    }
    try {
      const edited = await deps.sender.repeat(place.address, async (address) => await edit(address, messageId));
      return { messageId, edited };
    } catch (error) {
      if (!(error instanceof SendError) || error.outcome !== 'gone') {
        throw error;
      }
      if (await isOver(deps, place, slot, messageId)) {
        return null;
      }
    }
  }
}

/** Whether a message that is gone was still the slot's own: then so is the slot, and nothing is posted in its place. */
export async function isOver(
  { deliveries }: Pick<SlotDeps, 'deliveries'>,
  place: SlotPlace,
  slot: DeliverySlot,
  messageId: string,
): Promise<boolean> {
  const row = await planSlot(deliveries, place, slot);
  if (row.messageId !== messageId) {
    return false;
  }
  await deliveries.markGone(row.id);
  return true;
}

/** Thrown for a slot that may have been seen already; what stands in the chat is for the caller to find out. */
export class SlotLostError extends Error {
  override readonly name = 'SlotLostError';
  readonly slot: DeliverySlot;
  constructor(slot: DeliverySlot) {
    super(`slot ${slot} may have been posted, and is not posted again`);
    this.slot = slot;
  }
}

type Failure = SendError['outcome'];

async function noteFailure(deliveries: Deliveries, rowId: string, error: unknown): Promise<Failure> {
  const outcome: Failure =
    error instanceof SendError ? error.outcome : error instanceof FileTooLargeError ? 'not-executed' : 'ambiguous';
  switch (outcome) {
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
  return outcome;
}

function mayGoOn(error: unknown, outcome: Failure, slot: DeliverySlot): boolean {
  return (
    error instanceof SendError &&
    (outcome === 'not-executed' || isPlaceholderSlot(slot)) &&
    (error.retryAfterMs ?? 0) <= SHORT_WAIT_MS
  );
}
