import type { Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import type { Answer } from '../core/answer.ts';
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
}

export interface SayOptions {
  readonly keyboard?: InlineKeyboardMarkup;
  /** Nobody else's words are in it: commands in it may be tapped. */
  readonly isOurs?: boolean;
  /** Ours after others' words: to be tapped, or copied letter by letter. */
  readonly copyable?: readonly string[];
}

/** Answers are told once and may be lost: nothing of value stands in them. */
export function createReplies(api: Api): Replies {
  return {
    async say({ address, messageId }, lines, { keyboard, isOurs = false, copyable = [] } = {}) {
      const writer = writeText();
      writer[isOurs ? 'plain' : 'inert'](lines.join('\n'));
      const { text, entities } = writer
        .plain([...(lines.length === 0 ? [] : ['']), ...copyable].join('\n'))
        .end(TEXT_LIMIT);
      if (text === '') return;
      await callTelegram(() =>
        api.sendMessage(Number(address.chatId), text, {
          entities,
          ...inTopic(address),
          ...inReplyTo(messageId),
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
          link_preview_options: { is_disabled: true },
        }),
      );
    },
    async toast(queryId, lines) {
      const { text } = writeText().plain(lines.join('\n')).end(TOAST_LIMIT);
      await callTelegram(() => api.answerCallbackQuery(queryId, text === '' ? {} : { text }));
    },
  };
}

/** Null where the cards say it all. */
export function spokenLines(answer: Answer): readonly string[] | null {
  return answer.kind === 'accepted' ? null : answer.lines;
}
