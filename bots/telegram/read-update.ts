/** What an update asks of us, without asking anybody. */
import type { MaybeInaccessibleMessage, Message, Update, User, UserFromGetMe } from 'grammy/types';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { ChatAddress, Requester, SourceReference } from '../../workflows/contract/request.ts';
import { COMMANDS } from '../core/command-table.ts';
import { isLink } from '../core/is-link.ts';
import { messageWords } from '../core/message-words.ts';
import { writeReference } from './attachment-reference.ts';
import { LINK_PAYLOAD, readJoinPayload } from './join-payload.ts';

export type Song = Extract<SourceReference, { kind: 'attachment' }>;

/** Where it was said, by whom, and what answers hang on. */
export interface Said {
  readonly eventKey: string;
  readonly address: ChatAddress;
  readonly requester: Requester;
  readonly messageId: number;
  readonly isPrivate: boolean;
}

export type TelegramEvent =
  /** `words` begin with the verb; `song` came with it, or is what it replies to. */
  | (Said & { readonly kind: 'command'; readonly words: readonly string[]; readonly song: Song | null })
  /** A song for the bot alone, with no word of what to do. */
  | (Said & { readonly kind: 'song'; readonly song: Song })
  /** One of several songs sent together; the command stands below one of them. */
  | (Said & {
      readonly kind: 'album-song';
      readonly groupKey: string;
      readonly song: Song;
      readonly words: readonly string[] | null;
    })
  /** A press on a button of a message of ours; `replied` is what that message replies to. */
  | (Said & {
      readonly kind: 'press';
      readonly data: string;
      readonly queryId: string;
      readonly replied: { readonly messageId: number; readonly song: Song } | null;
    })
  | { readonly kind: 'moved'; readonly fromChatId: string; readonly toChatId: string }
  /** Papers, pictures and archives for the bot alone, with no word. */
  | (Said & { readonly kind: 'no-song' })
  /** Talk in private that is no command. */
  | (Said & { readonly kind: 'talk'; readonly words: readonly string[] });

const VERBS: ReadonlySet<string> = new Set(COMMANDS.map(({ name }) => name));
/** What opening the bot says; behind it may stand what the opened link carried. */
const START = 'start';

/** Null for what is none of our business: edits, other bots, service messages, groups that talk among themselves. */
export function readUpdate(update: Update, me: UserFromGetMe): TelegramEvent | null {
  if (update.callback_query !== undefined) return readPress(update, me);
  const message = update.message ?? update.channel_post;
  return message === undefined ? null : readMessage(update.update_id, message, me);
}

function readMessage(updateId: number, message: Message, me: UserFromGetMe): TelegramEvent | null {
  if (message.migrate_to_chat_id !== undefined) {
    return { kind: 'moved', fromChatId: String(message.chat.id), toChatId: String(message.migrate_to_chat_id) };
  }
  const requester = requesterOf(message);
  if (requester === null) return null;
  const said = saidIn(updateId, message, requester, me);
  const words = commandWords(message, me);
  const own = songOf(message);
  if (message.media_group_id !== undefined && own !== null) {
    const groupKey = `album-${String(message.chat.id)}-${message.media_group_id}`;
    return { ...said, kind: 'album-song', groupKey, song: own, words };
  }
  if (words !== null) {
    const song = own ?? (message.reply_to_message === undefined ? null : songOf(message.reply_to_message));
    // A mention alone, with a song: what else could be meant.
    const asked = words.length > 0 ? withRepliedWords(words, message) : [song === null ? 'help' : 'split'];
    return { ...said, kind: 'command', words: asked, song };
  }
  if (!said.isPrivate) return null;
  if (own !== null) return { ...said, kind: 'song', song: own };
  if (hasWords(message)) return { ...said, kind: 'talk', words: messageWords(message.text ?? message.caption ?? '') };
  if (message.document === undefined && message.photo === undefined) return null;
  // Ten pages sent together are told once.
  const { media_group_id: group } = message;
  const eventKey = group === undefined ? said.eventKey : `no-songs-${String(message.chat.id)}-${group}`;
  return { ...said, kind: 'no-song', eventKey };
}

function readPress(update: Update, me: UserFromGetMe): TelegramEvent | null {
  const query = update.callback_query;
  const message = query?.message;
  if (query?.data === undefined || message === undefined) return null;
  const said = saidIn(update.update_id, message, personOf(query.from), me);
  // Of a message that is too old to be shown to bots only its place is told.
  const replied = 'reply_to_message' in message ? message.reply_to_message : undefined;
  const song = replied === undefined ? null : songOf(replied);
  return {
    ...said,
    kind: 'press',
    data: query.data,
    queryId: query.id,
    replied: replied === undefined || song === null ? null : { messageId: replied.message_id, song },
  };
}

function saidIn(updateId: number, message: MaybeInaccessibleMessage, requester: Requester, me: UserFromGetMe): Said {
  const thread = 'is_topic_message' in message ? message.message_thread_id : undefined;
  return {
    eventKey: String(updateId),
    requester,
    messageId: message.message_id,
    isPrivate: message.chat.type === 'private',
    address: {
      platform: 'telegram',
      botId: String(me.id),
      chatId: String(message.chat.id),
      threadId: thread === undefined ? null : String(thread),
    },
  };
}

/** Null for bots, whatever they relay. An anonymous admin and a channel speak as their chat. */
function requesterOf({
  from,
  sender_chat: chat,
  via_bot: via,
  is_automatic_forward: isCopy,
}: Message): Requester | null {
  // A channel's post comes again in the group that discusses it.
  if (via !== undefined || isCopy === true) return null;
  if (chat !== undefined) {
    const name = 'title' in chat ? chat.title : undefined;
    return { platform: 'telegram', userId: `chat:${String(chat.id)}`, displayName: displayTitle(name ?? 'a chat') };
  }
  return from === undefined || from.is_bot ? null : personOf(from);
}

function personOf({ id, first_name: first, last_name: last }: User): Requester {
  return {
    platform: 'telegram',
    userId: String(id),
    displayName: displayTitle([first, last].filter(Boolean).join(' ')),
  };
}

/** Null where no command begins it, or it is another bot's. Empty for a mention alone. */
function commandWords(message: Message, me: UserFromGetMe): readonly string[] | null {
  const text = message.text ?? message.caption ?? '';
  const entities = message.entities ?? message.caption_entities ?? [];
  const command = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (command !== undefined) {
    const [typed = '', bot] = text.slice(1, command.length).split('@');
    if (bot !== undefined && bot.toLowerCase() !== me.username.toLowerCase()) return null;
    const verb = typed.toLowerCase();
    const [, ...rest] = messageWords(`${verb} ${text.slice(command.length)}`);
    if (verb === START) return startWords(rest);
    // In a group with other bots an unknown command is most likely one of theirs.
    return VERBS.has(verb) || bot !== undefined || message.chat.type === 'private' ? [verb, ...rest] : null;
  }
  // "@woodshed split": what groups in privacy mode may say too.
  const mention = `@${me.username.toLowerCase()}`;
  if (!text.toLowerCase().startsWith(mention)) return null;
  const rest = text.slice(mention.length);
  return /^\w/u.test(rest) ? null : messageWords(rest);
}

/** Words of a song that somebody sent before, where the command has none itself. */
function withRepliedWords(words: readonly string[], { reply_to_message: replied }: Message): readonly string[] {
  const text = replied?.text?.trim() ?? '';
  const isAsked = words.slice(0, 2).includes('lyrics') && !words.some((word) => word.startsWith('--words='));
  return isAsked && text !== '' && !isLink(text) ? [...words, `--words=${text}`] : words;
}

function startWords([payload = '']: readonly string[]): readonly string[] {
  if (payload === LINK_PAYLOAD) return ['jam', 'link'];
  const code = readJoinPayload(payload);
  return code === null ? ['help'] : ['jam', 'band', 'join', code];
}

function hasWords({ text, caption }: Message): boolean {
  return (text ?? caption ?? '').trim() !== '';
}

function songOf({ audio, voice, document, video, video_note: note }: Message): Song | null {
  const file = audio ?? voice ?? video ?? note ?? document;
  if (file === undefined) return null;
  if (file === document && !mayBeSong(document)) return null;
  const named = 'file_name' in file ? file.file_name : undefined;
  const titled = audio?.title === undefined ? undefined : [audio.performer, audio.title].filter(Boolean).join(' – ');
  const name = displayTitle(titled ?? named ?? (voice === undefined ? 'song' : 'voice message'));
  return {
    kind: 'attachment',
    reference: writeReference({ fileId: file.file_id }),
    name,
    declaredBytes: file.file_size ?? null,
  };
}

/** Pictures and papers are no songs; of what says nothing, ingest finds out. */
function mayBeSong({ mime_type: type }: { readonly mime_type?: string }): boolean {
  return type === undefined || /^(?:audio|video)\/|^application\/(?:ogg|octet-stream|x-flac)/u.test(type);
}
