/** Which messages a bot gets to see, and as which kind of update. */
import type { Emulation } from './emulation.ts';
import type { Chat } from './chats.ts';
import type { FormattedText, StoredMessage } from './message.ts';
import { toMessage } from './to-wire.ts';

/** @returns settles when the bot has confirmed it; at once with null where the bot does not get it */
export async function deliver(emulation: Emulation, message: StoredMessage, isEdit = false): Promise<number | null> {
  const chat = emulation.chats.all.get(message.chatId);
  if (chat === undefined || !isForBot(emulation, chat, message)) return null;
  const isPost = chat.type === 'channel';
  const kind = isPost ? (isEdit ? 'edited_channel_post' : 'channel_post') : isEdit ? 'edited_message' : 'message';
  return await emulation.queue.push(kind, chat.id, toMessage(emulation, message));
}

function isForBot(emulation: Emulation, chat: Chat, message: StoredMessage): boolean {
  const { chats, privacyMode, seesOtherBots } = emulation;
  if (chat.botStanding === 'kicked' || chat.botStanding === 'left') return false;
  if (message.writtenBy !== null && chats.people.get(message.writtenBy)?.isBot === true && !seesOtherBots) return false;
  const isGroup = chat.type === 'group' || chat.type === 'supergroup';
  if (!isGroup || !privacyMode || chat.botStanding === 'administrator' || message.content.kind === 'service')
    return true;
  const replied = message.replyToId === null ? undefined : chat.messages.get(message.replyToId);
  return (
    (replied !== undefined && replied.writtenBy === null) || addresses(chats.bot.username ?? '', message.content.body)
  );
}

/** Every item of an album is judged alone: a command in the caption brings its own file only. */
function addresses(botUsername: string, { text, entities }: FormattedText): boolean {
  const bot = `@${botUsername.toLowerCase()}`;
  return entities.some(({ type, offset, length }) => {
    const words = text.slice(offset, offset + length).toLowerCase();
    if (type === 'mention') return words === bot;
    return type === 'bot_command' && (!words.includes('@') || words.endsWith(bot));
  });
}
