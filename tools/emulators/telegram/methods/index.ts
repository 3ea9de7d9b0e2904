/** Every method that is emulated. */
import * as queries from './chats-and-files.ts';
import { copyMessage, deleteMessage, deleteMessages } from './delete-and-copy.ts';
import { editMessageCaption, editMessageMedia, editMessageReplyMarkup, editMessageText } from './edit-messages.ts';
import type { Method } from './method.ts';
import { sendAudio, sendDocument, sendMediaGroup, sendPhoto, sendVoice } from './send-media.ts';
import { sendChatAction, sendMessage } from './send-text.ts';
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './updates.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...queries,
  copyMessage,
  deleteMessage,
  deleteMessages,
  deleteWebhook,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
  getUpdates,
  getWebhookInfo,
  sendAudio,
  sendChatAction,
  sendDocument,
  sendMediaGroup,
  sendMessage,
  sendPhoto,
  sendVoice,
  setWebhook,
};

const byLowerCase = new Map(Object.entries(METHODS).map(([name, method]) => [name.toLowerCase(), { name, method }]));

/** Upper and lower case are one, as the server has it. Null where there is no such method. */
export function findMethod(name: string): { readonly name: string; readonly method: Method } | null {
  return byLowerCase.get(name.toLowerCase()) ?? null;
}

/** Posts, edits and uploads: those whose outcome a bot may be left in the dark about. */
export function isSend(name: string): boolean {
  return /^(?:send|edit|copy)/u.test(name) && name !== 'sendChatAction';
}
