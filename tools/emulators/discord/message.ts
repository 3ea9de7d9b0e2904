/** Messages as Discord keeps them. */
import type { StoredAttachment } from './attachment-store.ts';

export type Wire = Readonly<Record<string, unknown>>;

export const FLAGS = {
  crossposted: 1 << 0,
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  silent: 1 << 12,
  voice: 1 << 13,
  componentsV2: 1 << 15,
} as const;

export const MESSAGE_TYPES = { usual: 0, reply: 19, slashAnswer: 20, menuAnswer: 23 } as const;

/** What the bot sends, checked; or what a person writes. */
export interface MessageContent {
  readonly content: string;
  readonly embeds: readonly Wire[];
  readonly components: readonly Wire[];
  readonly attachments: readonly StoredAttachment[];
  readonly flags: number;
}

export interface StoredMessage extends MessageContent {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly type: number;
  readonly nonce: string | number | null;
  /** The message that it replies to. */
  readonly replyToId: string | null;
  readonly mentionedIds: readonly string[];
  readonly mentionedRoleIds: readonly string[];
  readonly mentionsEveryone: boolean;
  /** Whom it pinged when it was posted: an edit pings nobody. */
  readonly pings: readonly string[];
  readonly postedMs: number;
  readonly editedMs: number | null;
  /** The one person who sees it; null: everybody. */
  readonly onlyFor: string | null;
  /** What it answers; null for what the bot or a person posts. */
  readonly interaction: { readonly id: string; readonly type: number; readonly personId: string } | null;
}

export function hasFlag({ flags }: Pick<MessageContent, 'flags'>, flag: keyof typeof FLAGS): boolean {
  return (flags & FLAGS[flag]) !== 0;
}
