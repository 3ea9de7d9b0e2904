/** What people do in an emulated Telegram, and what the bot gets to know of it. */
import type { Acted, PersonAction, PersonFile, PersonPlace } from '../core/emulator.ts';
import { PRIVATE_CHAT } from './options.ts';
import { GENERAL } from './chats.ts';
import type { Chat } from './chats.ts';
import { deliver } from './delivery.ts';
import { publish, remove, revise } from './emulation.ts';
import type { Emulation } from './emulation.ts';
import { finish } from './formatting/read-text.ts';
import { arrivingKind, mimeTypeOfName } from './file-store.ts';
import type { Content, FormattedText, Media, MediaKind, StoredMessage } from './message.ts';
import { setBlocked } from './standing.ts';
import { GROUP_ANONYMOUS_BOT, toMessage, toUser } from './to-wire.ts';

const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
const MAX_ALBUM = 10;

/** @throws RangeError for what a person's app would not offer there */
export async function act(emulation: Emulation, action: PersonAction): Promise<Acted> {
  const chat = enter(emulation, action.by, action.at);
  switch (action.kind) {
    case 'message':
      return write(emulation, chat, action, action.text, action.files, action.replyTo);
    case 'command': {
      const address = chat.type === 'private' ? '' : `@${emulation.chats.bot.username ?? ''}`;
      const options = Object.entries(action.options).map(([name, value]) => `${name}:${value}`);
      const text = [`/${action.verb}${address}`, ...options, action.text].filter(Boolean).join(' ');
      return write(emulation, chat, action, text, action.file === null ? [] : [action.file], null);
    }
    case 'shortcut':
      throw new RangeError('Telegram has no shortcuts on messages');
    case 'press':
      return press(emulation, chat, action.by, stored(chat, action.messageId), action.label);
    case 'edit':
      return edit(emulation, own(chat, action.messageId, action.by), action.text);
    case 'delete':
      remove(emulation, own(chat, action.messageId, action.by));
      // A bot is never told.
      return { id: action.messageId, acknowledgedMs: Promise.resolve(null) };
  }
}

interface Writer {
  readonly by: string;
  readonly at: PersonPlace;
}

function write(
  emulation: Emulation,
  chat: Chat,
  { by, at }: Writer,
  text: string,
  files: readonly PersonFile[],
  replyTo: string | null,
): Acted {
  const personId = Number(by);
  if (chat.isBlocked) void setBlocked(emulation, chat, false);
  const replied = replyTo === null ? null : stored(chat, replyTo);
  const isAnonymous = chat.anonymousAdmins.has(personId);
  const isPost = chat.type === 'channel';
  const sender = {
    chatId: chat.id,
    fromId: isPost ? null : isAnonymous ? GROUP_ANONYMOUS_BOT.id : personId,
    senderChatId: isPost || isAnonymous ? chat.id : null,
    writtenBy: personId,
    threadId: threadOf(chat, at, replied, personId),
    replyToId: replied?.id ?? null,
    keyboard: null,
  };
  const posted = contents(emulation, text, files).flatMap((group) => {
    const albumId = group.length > 1 ? emulation.chats.nextLongId() : null;
    return group.map((content) => publish(emulation, { ...sender, albumId, content }));
  });
  const [first] = posted;
  if (first === undefined) throw new RangeError('a message needs a text or a file');
  return {
    id: String(first.id),
    acknowledgedMs: allOf(posted.map(async (message) => await deliver(emulation, message))),
  };
}

/** The groups that a person's app makes: songs with songs, pictures with pictures, other files with other files. */
function contents(emulation: Emulation, text: string, files: readonly PersonFile[]): Content[][] {
  const body = finish({ text, entities: [] });
  if (files.length === 0) {
    if (body.text.length > MAX_TEXT) throw new RangeError('the app splits a text of more than 4096 characters');
    return body.text === '' ? [] : [[{ kind: 'text', body, linkPreview: null }]];
  }
  if (body.text.length > MAX_CAPTION) throw new RangeError('a caption has at most 1024 characters');
  const groups: { readonly kind: MediaKind; readonly files: PersonFile[] }[] = [];
  for (const file of files) {
    const kind = kindOf(file);
    const last = groups.at(-1);
    if (last?.kind === kind && kind !== 'voice' && last.files.length < MAX_ALBUM) last.files.push(file);
    else groups.push({ kind, files: [file] });
  }
  return groups.map((group, groupIndex) =>
    group.files.map((file, index): Content => {
      // The caption stands below the whole: with the first picture, with the last of files and songs.
      const carrier = group.kind === 'photo' ? 0 : group.files.length - 1;
      const isCarrier = groupIndex === 0 && index === carrier;
      return { kind: 'media', body: isCarrier ? body : NO_TEXT, media: mediaOf(emulation, group.kind, file) };
    }),
  );
}

const NO_TEXT: FormattedText = { text: '', entities: [] };

function kindOf({ name, mimeType }: PersonFile): MediaKind {
  if (/^image\/(?:jpeg|png)$/u.test(mimeType)) return 'photo';
  if (mimeType === 'audio/ogg' && /^voice/iu.test(name)) return 'voice';
  return arrivingKind('audio', mimeTypeOfName(name)) === 'audio' ? 'audio' : 'document';
}

function mediaOf({ files }: Emulation, kind: MediaKind, file: PersonFile): Media {
  return { kind, fileId: files.add(kind, file).fileId, durationSeconds: 0, performer: null, title: null };
}

function press(emulation: Emulation, chat: Chat, by: string, message: StoredMessage, label: string): Acted {
  const buttons = message.keyboard?.inline_keyboard.flat() ?? [];
  const button = buttons.find(({ text }) => text === label);
  if (button === undefined) {
    throw new RangeError(`no button "${label}", only ${JSON.stringify(buttons.map(({ text }) => text))}`);
  }
  if (!('callback_data' in button)) throw new RangeError(`"${label}" is a link: the bot is not told of it`);
  const { chats, presses, queue } = emulation;
  const person = chats.people.get(Number(by));
  if (person === undefined) throw new RangeError(`nobody has the id ${by}`);
  const id = chats.nextLongId();
  presses.note(id, { chatId: chat.id, personId: person.id });
  const acknowledgedMs = queue.push('callback_query', chat.id, {
    id,
    from: toUser(person),
    message: toMessage(emulation, message),
    chat_instance: String(chat.id * 7919),
    data: button.callback_data,
  });
  return { id, acknowledgedMs };
}

function edit(emulation: Emulation, message: StoredMessage, text: string): Acted {
  const { content, keyboard } = message;
  if (content.kind === 'service') throw new RangeError('a service message cannot be edited');
  const revised = revise(emulation, message, {
    content: { ...content, body: finish({ text, entities: [] }) },
    keyboard,
  });
  return { id: String(message.id), acknowledgedMs: deliver(emulation, revised, true) };
}

/** The chat as this person finds it; a private one opens with the first word. */
function enter({ chats }: Emulation, by: string, at: PersonPlace): Chat {
  const id = Number(at.chat);
  const person = chats.people.get(Number(by));
  if (person === undefined) throw new RangeError(`nobody has the id ${by}`);
  if (id > 0 && id !== person.id) throw new RangeError('a private chat is entered by its own person only');
  const chat = chats.all.get(id) ?? (id === person.id ? chats.add({ ...PRIVATE_CHAT, id, members: [id] }) : undefined);
  if (chat === undefined || chat.isDeleted) throw new RangeError(`no chat ${at.chat}`);
  if (chat.migratedTo !== null) throw new RangeError(`the group is the supergroup ${String(chat.migratedTo)} now`);
  if (!chat.members.has(person.id) && !chat.admins.has(person.id))
    throw new RangeError(`${person.firstName} is not in ${at.chat}`);
  return chat;
}

function threadOf(chat: Chat, at: PersonPlace, replied: StoredMessage | null, personId: number): number | null {
  if (chat.topics === null) {
    if (at.thread !== null && chat.type !== 'supergroup') throw new RangeError('this chat has no topics');
    if (chat.type !== 'supergroup') return null;
    // In a supergroup without topics an answer carries the number of the message that the thread began with.
    return replied === null ? null : (replied.threadId ?? replied.id);
  }
  const topic = chat.topics.get(at.thread === null ? GENERAL.id : Number(at.thread));
  if (topic === undefined) throw new RangeError(`no topic ${String(at.thread)}`);
  if (topic.isClosed && !chat.admins.has(personId)) throw new RangeError(`the topic ${topic.name} is closed`);
  return topic.id === GENERAL.id ? null : topic.id;
}

function stored(chat: Chat, messageId: string): StoredMessage {
  const message = chat.messages.get(Number(messageId));
  if (message === undefined) throw new RangeError(`no message ${messageId} in ${String(chat.id)}`);
  return message;
}

function own(chat: Chat, messageId: string, by: string): StoredMessage {
  const message = stored(chat, messageId);
  if (message.writtenBy !== Number(by)) throw new RangeError(`message ${messageId} is not of ${by}`);
  return message;
}

/** The longest of those that reach the bot; null if none does. */
async function allOf(waits: readonly Promise<number | null>[]): Promise<number | null> {
  const all = await Promise.all(waits);
  const known = all.filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(...known);
}
