/** `getMe`, `getChat`, `getChatMember`, `getChatAdministrators`, `getFile`, `answerCallbackQuery`, and the lists of commands. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BotCommand, ChatMember } from 'grammy/types';
import { badRequest } from '../api-error.ts';
import type { Arguments } from '../arguments.ts';
import type { Chat, Chats } from '../chats.ts';
import { findChat } from '../destination.ts';
import { BOT } from '../options.ts';
import { toFullChat, toUser } from '../to-wire.ts';
import type { Method } from './method.ts';

export const getMe: Method = ({ chats, privacyMode }) => ({
  ...toUser(chats.bot),
  can_join_groups: true,
  can_read_all_group_messages: !privacyMode,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
});

export const getChat: Method = ({ chats }, { args }) => toFullChat(findChat(chats, args), chats.people);

export const getChatMember: Method = ({ chats }, { args }) => {
  const chat = findChat(chats, args);
  const id = args.integer('user_id', 0);
  if (id !== chats.bot.id && !chats.people.has(id)) throw badRequest('user not found');
  return memberOf(chats, chat, id);
};

export const getChatAdministrators: Method = ({ chats }, { args }) => {
  const chat = findChat(chats, args);
  if (chat.type === 'private') throw badRequest('there are no administrators in the private chat');
  const ids = [...chat.admins, ...(chat.botStanding === 'administrator' ? [chats.bot.id] : [])];
  return ids.map((id) => memberOf(chats, chat, id));
};

/** The first administrator is the chat's owner. */
function memberOf(chats: Chats, chat: Chat, id: number): ChatMember {
  const person = id === chats.bot.id ? chats.bot : chats.people.get(id);
  if (person === undefined) throw badRequest('user not found');
  const user = toUser(person);
  if (id === chats.bot.id) return { status: chat.botStanding, user } as ChatMember;
  if (id === [...chat.admins][0]) return { status: 'creator', user, is_anonymous: chat.anonymousAdmins.has(id) };
  if (chat.admins.has(id)) {
    return { status: 'administrator', user, is_anonymous: chat.anonymousAdmins.has(id) } as ChatMember;
  }
  return { status: chat.members.has(id) ? 'member' : 'left', user };
}

/** In the cloud a path below `/file/bot<token>/`, good for an hour; of a `--local` server an absolute path on its disk. */
export const getFile: Method = async ({ clock, files, limits, localFolder, token }, { args }) => {
  if (!args.has('file_id')) throw badRequest('file_id not specified');
  const file = files.get(args.text('file_id'));
  if (file === null) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.bytes.byteLength > limits.downloadBytes) throw badRequest('file is too big');
  const path = files.pathOf(file, clock.nowMs());
  if (localFolder !== null) {
    const absolute = join(localFolder, token, path);
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, file.bytes);
  }
  return {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    file_size: file.bytes.byteLength,
    file_path: localFolder === null ? path : join(localFolder, token, path),
  };
};

/** What opens is seen as its address: without a game a bot may only open itself. */
export const answerCallbackQuery: Method = ({ presses, conversation }, { args }) => {
  const text = args.text('text');
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  const url = args.text('url');
  if (url !== '' && !url.startsWith(`https://t.me/${BOT.username ?? ''}?start=`)) throw badRequest('URL_INVALID');
  const { chatId, personId } = presses.answer(args.text('callback_query_id'));
  const seen = url === '' ? text : url;
  if (seen !== '') conversation.notice({ chat: String(chatId), onlyFor: String(personId), text: seen });
  return true;
};

const MAX_COMMANDS = 100;

export const setMyCommands: Method = ({ chats, commands }, { args }) => {
  const list = args.json('commands');
  if (!Array.isArray(list)) throw badRequest('expected an Array of BotCommand');
  if (list.length > MAX_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  const read = (list as readonly Partial<BotCommand>[]).map(({ command = '', description = '' }) => {
    const name = command.replace(/^\//u, '');
    if (!/^[a-z0-9_]{1,32}$/u.test(name)) throw badRequest('BOT_COMMAND_INVALID');
    if (description === '' || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    return { command: name, description };
  });
  commands.set(commandListKey(chats, args), read);
  return true;
};

/** Of exactly this scope and language; clients fall back by themselves. */
export const getMyCommands: Method = ({ chats, commands }, { args }) => commands.get(commandListKey(chats, args)) ?? [];

export const deleteMyCommands: Method = ({ chats, commands }, { args }) => {
  commands.delete(commandListKey(chats, args));
  return true;
};

const WIDE_SCOPES = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'];

function commandListKey(chats: Chats, args: Arguments): string {
  const scope = args.within((args.json('scope') ?? { type: 'default' }) as Record<string, unknown>);
  const type = scope.text('type');
  const language = args.text('language_code');
  if (WIDE_SCOPES.includes(type)) return `${type} ${language}`;
  if (!['chat', 'chat_administrators', 'chat_member'].includes(type)) {
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  }
  return `${type} ${String(findChat(chats, scope).id)} ${scope.text('user_id')} ${language}`;
}
