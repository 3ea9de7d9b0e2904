import type { Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import type { Answer } from '../core/answer.ts';
import { callTelegram } from './call-telegram.ts';
import { TEXT_LIMIT } from './card-text.ts';
import { writeText } from './formatted-text.ts';
import type { Said } from './read-update.ts';

/** A toast over the chat holds this much. */
const TOAST_LIMIT = 200;

export interface Replies {
  /** Answers in the chat, under what was said. */
  say(said: Said, lines: readonly string[], keyboard?: InlineKeyboardMarkup): Promise<void>;
  /** Answers a press: a toast for the one who pressed. */
  toast(queryId: string, lines: readonly string[]): Promise<void>;
}

/** Answers are told once and may be lost: nothing of value stands in them. */
export function createReplies(api: Api): Replies {
  return {
    async say({ address, messageId }, lines, keyboard) {
      const { text, entities } = writeText().inert(lines.join('\n')).end(TEXT_LIMIT);
      if (text === '') return;
      await callTelegram(() =>
        api.sendMessage(Number(address.chatId), text, {
          entities,
          ...(address.threadId === null ? {} : { message_thread_id: Number(address.threadId) }),
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
          reply_parameters: { message_id: messageId, allow_sending_without_reply: true },
          link_preview_options: { is_disabled: true },
        }),
      );
    },
    async toast(queryId, lines) {
      const text = lines.join('\n').slice(0, TOAST_LIMIT);
      await callTelegram(() => api.answerCallbackQuery(queryId, text === '' ? {} : { text }));
    },
  };
}

/** Null where the cards say it all. */
export function spokenLines(answer: Answer): readonly string[] | null {
  return answer.kind === 'accepted' ? null : answer.lines;
}
