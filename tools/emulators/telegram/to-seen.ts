/** A message as a person sees it, for the log. */
import type { SeenButton, SeenFile, SeenMessage } from '../core/conversation.ts';
import type { Chats } from './chats.ts';
import type { FileStore } from './file-store.ts';
import type { FormattedText, MediaKind, StoredMessage } from './message.ts';

const SHOWN_AS: Readonly<Record<MediaKind, SeenFile['shownAs']>> = {
  audio: 'audio',
  voice: 'voice',
  document: 'file',
  photo: 'image',
};

/** Addresses that can be opened from the text, behind words or as they stand, are in `buttons`, after the keyboard's. */
export function toSeen(chats: Chats, files: FileStore, message: StoredMessage): SeenMessage {
  const { content } = message;
  const body: FormattedText = content.kind === 'service' ? { text: content.line, entities: [] } : content.body;
  return {
    id: String(message.id),
    chat: String(message.chatId),
    thread: message.threadId === null ? null : String(message.threadId),
    by: message.writtenBy === null ? 'bot' : String(message.writtenBy),
    text: body.text,
    files: content.kind === 'media' ? [seenFile(files, content.media.fileId)] : [],
    buttons: [...keyboardButtons(message), ...links(body)],
    replyTo: message.replyToId === null ? null : String(message.replyToId),
    onlyFor: null,
    pings: pingsOf(chats, body),
  };
}

function seenFile(files: FileStore, fileId: string): SeenFile {
  const file = files.get(fileId);
  if (file === null) throw new Error(`no file ${fileId}`);
  return { name: file.name, bytes: file.bytes.byteLength, sha256: file.sha256, shownAs: SHOWN_AS[file.kind] };
}

function keyboardButtons({ keyboard }: StoredMessage): SeenButton[] {
  return (keyboard?.inline_keyboard.flat() ?? []).map((button) => ({
    label: button.text,
    customId: 'callback_data' in button ? button.callback_data : null,
    url: 'url' in button ? button.url : null,
  }));
}

function links({ text, entities }: FormattedText): SeenButton[] {
  return entities.flatMap((entity) => {
    const label = text.slice(entity.offset, entity.offset + entity.length);
    if (entity.type === 'text_link') return [{ label, customId: null, url: entity.url }];
    return entity.type === 'url' ? [{ label, customId: null, url: label }] : [];
  });
}

function pingsOf(chats: Chats, { text, entities }: FormattedText): string[] {
  const ids = entities.flatMap((entity) => {
    if (entity.type === 'text_mention') return [entity.user.id];
    if (entity.type !== 'mention') return [];
    const person = chats.byUsername(text.slice(entity.offset + 1, entity.offset + entity.length));
    return person === null || person.id === chats.bot.id ? [] : [person.id];
  });
  return [...new Set(ids)].map(String);
}
