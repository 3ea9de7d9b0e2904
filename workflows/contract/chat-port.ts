import type { Card } from './card.ts';
import type { Preview, ResultFile, SentFile } from './delivery.ts';
import type { ChatAddress, Requester, SourceReference } from './request.ts';

/**
 * One chat platform, as the rest of the house sees it. Implemented in `bots/<platform>/outbound.ts`; all implementations pass
 * `bots/core/chat-port.test-kit.ts`.
 *
 * Every post is one slot of the delivery ledger, which decides whether and how often it is sent; a port never sends anything again by
 * itself. Edits are idempotent and may be repeated freely. Thrown {@link SendError}s say whether the platform may have executed the
 * call; {@link FileTooLargeError} says that it took nothing because of a file's size. What a port cannot know is `ambiguous`.
 */
export interface ChatPort {
  /** The least time between two edits of one card, while so many cards of this process are being edited. */
  editIntervalMs(address: ChatAddress, liveCards: number): number;
  /** False where the change from `before` is too small for the little that this place may be edited. Never asked for a final state. */
  isWorthEditing(address: ChatAddress, before: Card, after: Card): boolean;
  /** Largest file that can be posted there, in bytes; null where there is no limit. */
  fileLimitBytes(address: ChatAddress): Promise<number | null>;
  /** How these files are laid out here: every sound and document in exactly one of the three; a picture or data in one at most, as the chat has room. */
  layout(files: readonly ResultFile[]): ResultLayout;

  /** Posts the card's placeholder. `nonce` (at most 25 characters) lets a platform that can recognise a repeat do so. */
  postCard(address: ChatAddress, card: Card, nonce: string): Promise<{ readonly messageId: string }>;
  /** Idempotent: the same card again changes nothing. `files` are those of {@link ResultLayout.inCard}, empty until the end. */
  editCard(address: ChatAddress, messageId: string, card: Card, files: readonly OpenFile[]): Promise<void>;

  /** Posts a placeholder that says which file will be here, in the card's thread where there is one. */
  postPlaceholder(
    address: ChatAddress,
    cardMessageId: string,
    card: Card,
    files: readonly ResultFile[],
    nonce: string,
  ): Promise<{ readonly messageId: string }>;
  /** Puts the files in by edit. Idempotent. Returns those that can be songs of an album without their bytes. */
  fillPlaceholder(
    address: ChatAddress,
    messageId: string,
    card: Card,
    files: readonly OpenFile[],
  ): Promise<readonly SentFile[]>;
  /** Removes a placeholder that turned out to be one too many; gone already is fine. False where the platform cannot. */
  removeStray(address: ChatAddress, messageId: string): Promise<boolean>;
  /**
   * Looks for what earlier tries of these placeholders left in one place, and removes it; returns how much that was. Never what stands.
   * Left out where a bot cannot read. Thrown as by any call.
   */
  removeStrays?(address: ChatAddress, resent: readonly ResentPlaceholder[]): Promise<number>;

  /**
   * Posts files that cannot be edited in. Sent at most once: after an ambiguous outcome {@link findPostedFiles} is asked, and links
   * stand in the card otherwise.
   */
  postFiles(address: ChatAddress, cardMessageId: string, card: Card, files: readonly OpenFile[]): Promise<PostedFiles>;
  /** What an earlier, ambiguous {@link postFiles} of this job left in the chat; null where nothing is there or nobody can know. */
  findPostedFiles(address: ChatAddress, cardMessageId: string, card: Card): Promise<PostedFiles | null>;

  /** Posts something that is nice to have and may be lost. At most once. Null where this platform has no such thing. */
  postExtra(
    address: ChatAddress,
    cardMessageId: string,
    extra: Extra,
    nonce: string,
  ): Promise<{ readonly messageId: string } | null>;
  /** Where this person can be told something in private; null where they cannot. */
  privateAddress(requester: Requester, botId: string): Promise<ChatAddress | null>;

  /** Opens what a musician attached. Refuses `file-missing` where it is gone. */
  openAttachment(source: Extract<SourceReference, { kind: 'attachment' }>): Promise<OpenedAttachment>;
}

/** A placeholder that was sent more than once, as nobody knew what became of the first try. */
export interface ResentPlaceholder {
  readonly nonce: string;
  /** Of the message that stands. */
  readonly messageId: string;
  /** From the first try until the message that stands was known, or longer. */
  readonly triedForSeconds: number;
}

export interface ResultLayout {
  /** Carried by the card itself, put in by its final edit. */
  readonly inCard: readonly ResultFile[];
  /** Each a placeholder of its own, filled by edit. */
  readonly inPlaceholders: readonly (readonly ResultFile[])[];
  /** Can only be posted. */
  readonly posted: readonly ResultFile[];
}

/** A result file on this machine's disk; readable until the call that it is given to settles. */
export interface OpenFile extends ResultFile {
  readonly path: string;
}

export interface PostedFiles {
  readonly messageId: string;
  /** Where each can be opened in the chat; empty where messages have no addresses. */
  readonly links: readonly { readonly fileName: string; readonly url: string }[];
}

export type Extra =
  /** For jobs that took long: edits notify nobody. Mentions the requester alone. */
  | { readonly kind: 'ready'; readonly requester: Requester; readonly card: Card }
  /** `path` as in {@link OpenFile}. */
  | { readonly kind: 'preview'; readonly preview: Preview; readonly path: string; readonly card: Card }
  /** 2 to 10 stems that can be played, and passed on, as one. */
  | { readonly kind: 'album'; readonly songs: readonly AlbumSong[]; readonly card: Card }
  /** Says that the album that was asked for could not be made. */
  | { readonly kind: 'no-album'; readonly card: Card };

export type AlbumSong =
  | { readonly kind: 'standing'; readonly sent: SentFile }
  | { readonly kind: 'file'; readonly file: OpenFile };

export interface OpenedAttachment {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * `not-executed`: safe to send again; `ambiguous`: it may have happened; `gone`: the place does not exist any more, or is closed to us.
 */
export type SendOutcome = 'not-executed' | 'ambiguous' | 'gone';

/** Thrown by a port when the platform did not confirm a call. */
export class SendError extends Error {
  readonly outcome: SendOutcome;
  /** How long the platform asked to wait; null where it did not say. */
  readonly retryAfterMs: number | null;
  /** The chat's new id, where the platform says that it moved (Telegram: a group became a supergroup). */
  readonly movedToChatId: string | null;
  constructor(
    outcome: SendOutcome,
    message: string,
    options: { readonly retryAfterMs?: number; readonly movedToChatId?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SendError';
    this.outcome = outcome;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.movedToChatId = options.movedToChatId ?? null;
  }
}

/** Thrown by a port when a file is too large for the place; nothing was posted. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  /** What would have been taken, as far as the platform says; else a bound below what was tried. */
  readonly limitBytes: number;
  constructor(limitBytes: number) {
    super(`the chat takes files of at most ${String(limitBytes)} bytes`);
    this.limitBytes = limitBytes;
  }
}
