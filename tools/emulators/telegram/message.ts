/** Messages as the emulated Telegram keeps them; `to-wire.ts` shows them to the bot, `to-seen.ts` to people. */
import type { InlineKeyboardMarkup, MessageEntity } from 'grammy/types';

/** Entities' offsets and lengths count UTF-16 units. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

export type MediaKind = 'audio' | 'voice' | 'document' | 'photo';

export interface Media {
  readonly kind: MediaKind;
  /** Key in the file store. */
  readonly fileId: string;
  readonly durationSeconds: number;
  readonly performer: string | null;
  readonly title: string | null;
}

export type Content =
  | {
      readonly kind: 'text';
      readonly body: FormattedText;
      readonly linkPreview: Readonly<Record<string, unknown>> | null;
    }
  | { readonly kind: 'media'; readonly body: FormattedText; readonly media: Media }
  /** `line` is what people read in grey; `fields` is what the bot gets. */
  | { readonly kind: 'service'; readonly line: string; readonly fields: Readonly<Record<string, unknown>> };

export interface StoredMessage {
  readonly id: number;
  readonly chatId: number;
  readonly dateSeconds: number;
  readonly editSeconds: number | null;
  /** Null for a channel's posts. */
  readonly fromId: number | null;
  /** The chat in whose name it stands: of an anonymous admin or a channel's post. */
  readonly senderChatId: number | null;
  /** The person who really wrote it, whatever name it stands under; null for the bot. */
  readonly writtenBy: number | null;
  /** A forum's topic, General aside; or the root of a reply thread in a supergroup that is no forum. */
  readonly threadId: number | null;
  readonly replyToId: number | null;
  readonly albumId: string | null;
  readonly content: Content;
  readonly keyboard: InlineKeyboardMarkup | null;
}
