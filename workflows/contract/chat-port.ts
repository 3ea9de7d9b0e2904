import type { Card } from './card.ts';
import type { ChatAddress, SourceReference } from './request.ts';
import type { DeliveredFile } from './stems.ts';

/**
 * One chat platform, as the rest of the house sees it. Implemented in `bots/<platform>/outbound.ts`; all implementations pass
 * `bots/core/chat-port.test-kit.ts`. Thrown {@link SendError}s say whether the platform may have executed the call.
 */
export interface ChatPort {
  /** The least time between two edits of one card. */
  readonly editIntervalMs: number;
  /** Posts the card's placeholder. `nonce` lets a platform that can recognise a repeat do so. */
  postCard(address: ChatAddress, card: Card, nonce: string): Promise<{ readonly messageId: string }>;
  /** Idempotent: the same card again changes nothing. */
  editCard(address: ChatAddress, messageId: string, card: Card): Promise<void>;
  /** Hands one result file over so that a repeat leaves one file. `path` is readable until the promise settles. */
  deliverFile(address: ChatAddress, file: DeliveredFile, path: string): Promise<void>;
  /** Opens what a musician attached. Refuses `file-missing` where it is gone. */
  openAttachment(source: Extract<SourceReference, { kind: 'attachment' }>): Promise<OpenedAttachment>;
}

export interface OpenedAttachment {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * `not-executed`: safe to send again; `ambiguous`: it may have happened; `gone`: the place does not exist any more.
 */
export type SendOutcome = 'not-executed' | 'ambiguous' | 'gone';

/** Thrown by a port when the platform did not confirm a call. */
export class SendError extends Error {
  readonly outcome: SendOutcome;
  /** How long the platform asked to wait; null where it did not say. */
  readonly retryAfterMs: number | null;
  constructor(
    outcome: SendOutcome,
    message: string,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SendError';
    this.outcome = outcome;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
