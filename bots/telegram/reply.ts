import type { Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import type { Answer, AnswerLink } from '../core/answer.ts';
import type { ChatSender } from '../core/chat-sender.ts';
import { callTelegram } from './call-telegram.ts';
import { TEXT_LIMIT } from './card-text.ts';
import { writeText } from './formatted-text.ts';
import { inReplyTo, inTopic } from './placement.ts';
import type { Said } from './read-update.ts';

/** A toast over the chat holds this much. */
const TOAST_LIMIT = 200;

export interface Replies {
  /** Answers in the chat, under what was said. */
  say(said: Pick<Said, 'address' | 'messageId'>, lines: readonly string[], options?: SayOptions): Promise<void>;
  /** Answers a press: a toast for the one who pressed. */
  toast(queryId: string, lines: readonly string[]): Promise<void>;
  /** Answers a press by opening this address of the bot (`t.me/BOT?start=…`) for the one who pressed. */
  open(queryId: string, url: string): Promise<void>;
}

export interface SayOptions {
  readonly keyboard?: InlineKeyboardMarkup;
  /** Nobody else's words are in it: commands in it may be tapped. */
  readonly isOurs?: boolean;
  /** Ours after others' words: to be tapped, or copied letter by letter. */
  readonly copyable?: readonly string[];
}

export interface ReplyDeps {
  readonly api: Api;
  /** Keeps each chat's quiet. */
  readonly sender: Pick<ChatSender, 'call'>;
}

/** Answers are told once and may be lost: nothing of value stands in them. */
export function createReplies({ api, sender }: ReplyDeps): Replies {
  /** Where the chat is to be quiet for a moment it is said after that. */
  async function inTurn(address: ChatAddress, send: (address: ChatAddress) => Promise<unknown>): Promise<void> {
    try {
      await sender.call(address, send);
    } catch (error) {
      if (!(error instanceof SendError) || error.retryAfterMs === null) throw error;
      await sender.call(address, send);
    }
  }

  return {
    async say({ address, messageId }, lines, { keyboard, isOurs = false, copyable = [] } = {}) {
      const writer = writeText();
      writer[isOurs ? 'plain' : 'inert'](lines.join('\n'));
      const { text, entities } = writer
        .plain([...(lines.length === 0 ? [] : ['']), ...copyable].join('\n'))
        .end(TEXT_LIMIT);
      if (text === '') return;
      await inTurn(address, async ({ chatId }) => {
        await callTelegram(() =>
          api.sendMessage(Number(chatId), text, {
            entities,
            ...inTopic(address),
            ...inReplyTo(messageId),
            ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
            link_preview_options: { is_disabled: true },
          }),
        );
      });
    },
    async open(queryId, url) {
      await callTelegram(() => api.answerCallbackQuery(queryId, { url }));
    },
    async toast(queryId, lines) {
      const { text } = writeText().plain(lines.join('\n')).end(TOAST_LIMIT);
      await callTelegram(() => api.answerCallbackQuery(queryId, text === '' ? {} : { text }));
    },
  };
}

/** The cards say it all. */
export function isToldByCards({ kind, ownPage }: Answer): boolean {
  return kind === 'accepted' && ownPage === undefined;
}

/** Buttons that open these; nothing where there are none. */
export function linkKeyboard(links: readonly AnswerLink[]): Pick<SayOptions, 'keyboard'> {
  return links.length === 0
    ? {}
    : { keyboard: { inline_keyboard: links.map(({ label, url }) => [{ text: label, url }]) } };
}
