/** Everything that the methods, the people and the controls of one emulated Telegram share. */
import type { BotCommand } from 'grammy/types';
import type { Conversation } from '../core/conversation.ts';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Chats } from './chats.ts';
import type { FileStore } from './file-store.ts';
import type { FloodControl } from './flood-control.ts';
import type { Content, StoredMessage } from './message.ts';
import type { Limits } from './options.ts';
import { toSeen } from './to-seen.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Webhook } from './webhook.ts';
import type { PressedButtons } from './pressed-buttons.ts';

export interface Emulation {
  readonly token: string;
  isTokenRevoked: boolean;
  readonly clock: EmulatedClock;
  readonly chats: Chats;
  readonly files: FileStore;
  readonly conversation: Conversation;
  readonly queue: UpdateQueue;
  readonly webhook: Webhook;
  readonly flood: FloodControl;
  readonly presses: PressedButtons;
  limits: Limits;
  /** Where a `--local` server puts files; null in the cloud. */
  readonly localFolder: string | null;
  /** Lists of commands by scope and language. */
  readonly commands: Map<string, readonly BotCommand[]>;
  readonly privacyMode: boolean;
  readonly seesOtherBots: boolean;
}

export type NewMessage = Omit<StoredMessage, 'id' | 'dateSeconds' | 'editSeconds'>;

/** Puts a message into its chat, for everybody to see. */
export function publish(emulation: Emulation, message: NewMessage): StoredMessage {
  const { chats, clock, conversation, files } = emulation;
  const chat = chats.all.get(message.chatId);
  if (chat === undefined) throw new RangeError(`no chat ${String(message.chatId)}`);
  const stored: StoredMessage = {
    ...message,
    id: chats.nextMessageId(chat),
    dateSeconds: Math.floor(clock.nowMs() / 1000),
    editSeconds: null,
  };
  chats.keep(stored);
  conversation.post(toSeen(chats, files, stored));
  return stored;
}

/** Changes a message where it stands. */
export function revise(
  emulation: Emulation,
  message: StoredMessage,
  change: { readonly content: Content; readonly keyboard: StoredMessage['keyboard'] },
): StoredMessage {
  const { chats, clock, conversation, files } = emulation;
  const revised: StoredMessage = { ...message, ...change, editSeconds: Math.floor(clock.nowMs() / 1000) };
  chats.keep(revised);
  conversation.edit(toSeen(chats, files, revised));
  return revised;
}

export function remove({ chats, conversation }: Emulation, message: StoredMessage): void {
  chats.all.get(message.chatId)?.messages.delete(message.id);
  conversation.remove(String(message.chatId), String(message.id));
}
