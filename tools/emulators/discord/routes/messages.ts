/** Messages of a channel, thread or private chat. */
import { invalidForm, refuse } from '../discord-error.ts';
import type { Emulation } from '../emulation.ts';
import { checkForm } from '../form-check.ts';
import { MESSAGE_TYPES, hasFlag } from '../message.ts';
import type { StoredMessage } from '../message.ts';
import { checkMessage, editedContent, newMessage } from '../message-request.ts';
import { newMessageSchema } from '../message-schema.ts';
import { publish, remove, revise } from '../posts.ts';
import { objectOf } from '../request-body.ts';
import { messageIn } from '../world.ts';
import type { Channel } from '../world.ts';
import { NO_CONTENT, ok, param } from './route.ts';
import type { Answer, Route, RouteRequest } from './route.ts';

const CHANNEL = '/channels/{channel_id}';
const MESSAGE = `${CHANNEL}/messages/{message_id}`;
const PAGE = 50;

export const MESSAGE_ROUTES: readonly Route[] = [
  { name: `POST ${CHANNEL}/messages`, auth: 'bot', isSend: true, run: post },
  { name: `PATCH ${MESSAGE}`, auth: 'bot', isSend: true, run: edit },
  { name: `DELETE ${MESSAGE}`, auth: 'bot', isSend: true, run: erase },
  { name: `GET ${MESSAGE}`, auth: 'bot', run: get },
  { name: `GET ${CHANNEL}/messages`, auth: 'bot', run: list },
  { name: `POST ${CHANNEL}/typing`, auth: 'bot', run: typing },
];

function channelOf(request: RouteRequest): Channel {
  return request.emulation.world.channelForBot(param(request, 'channel_id'));
}

/** @throws DiscordError where the bot may not write there */
export function needToWrite({ world }: Emulation, channel: Channel): void {
  if (channel.kind === 'forum') refuse('notText');
  if (channel.kind === 'dm') {
    const [personId = ''] = world.readers(channel);
    const isNeighbour = world.guilds.values().some(({ members, hasBot }) => hasBot && members.has(personId));
    if (channel.isClosed) refuse('closedToMessages');
    if (!isNeighbour) refuse('noMutualGuild');
    return;
  }
  world.need(channel, channel.kind === 'thread' ? 'sendMessagesInThreads' : 'sendMessages');
  if (channel.isArchived && channel.isLocked) refuse('archivedThread');
}

function post(request: RouteRequest): Answer {
  const { emulation, body: given } = request;
  const channel = channelOf(request);
  const body = checkForm(newMessageSchema, objectOf(given));
  needToWrite(emulation, channel);
  if (given.uploads.length > 0 && channel.kind !== 'dm') emulation.world.need(channel, 'attachFiles');
  const nonce = body.nonce ?? null;
  if (nonce !== null && body.enforce_nonce === true) {
    const first = emulation.nonces.find(nonce);
    if (first !== null) {
      const there = emulation.world.channels.get(first.channelId)?.messages.get(first.messageId);
      return ok(wire(emulation, there ?? refuse('unknownMessage')));
    }
  }
  const repliedTo = repliedMessage(emulation, channel, body.message_reference ?? null);
  const message = newMessage(emulation, channel, {
    body,
    uploads: given.uploads,
    type: repliedTo === null ? MESSAGE_TYPES.usual : MESSAGE_TYPES.reply,
    nonce,
    repliedTo,
    onlyFor: null,
    interaction: null,
  });
  if (hasFlag(message, 'voice') && channel.kind !== 'dm') emulation.world.need(channel, 'sendVoiceMessages');
  const { message: posted } = publish(emulation, channel, { ...message, flags: message.flags & ~EPHEMERAL });
  if (nonce !== null) emulation.nonces.note(nonce, channel.id, posted.id);
  return ok(wire(emulation, posted));
}

/** Only answers to interactions can be for one person. */
const EPHEMERAL = 1 << 6;

function repliedMessage(
  { world }: Emulation,
  channel: Channel,
  reference: { readonly message_id: string | number; readonly fail_if_not_exists?: boolean | null | undefined } | null,
): StoredMessage | null {
  if (reference === null) return null;
  if (channel.kind !== 'dm' && !world.botPermissions(channel).has('readMessageHistory')) refuse('noHistory');
  const found = channel.messages.get(String(reference.message_id));
  if (found !== undefined && found.onlyFor === null) return found;
  if (reference.fail_if_not_exists === false) return null;
  throw invalidForm(['message_reference'], { code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' });
}

function edit(request: RouteRequest): Answer {
  const { emulation, body: given } = request;
  const channel = channelOf(request);
  const message = ownMessage(emulation, channel, param(request, 'message_id'));
  const body = checkMessage(objectOf(given));
  if (channel.isArchived) refuse('archivedThread');
  const change = editedContent(emulation, channel, message, { body, uploads: given.uploads });
  return ok(wire(emulation, revise(emulation, channel, message, change).message));
}

/** What nobody but one person sees is there for that person only. */
function ownMessage({ world }: Emulation, channel: Channel, id: string): StoredMessage {
  const message = messageIn(channel, id);
  if (message.onlyFor !== null) return refuse('unknownMessage');
  return message.authorId === world.bot.id ? message : refuse('othersMessage');
}

function erase(request: RouteRequest): Answer {
  const { emulation } = request;
  const channel = channelOf(request);
  const message = messageIn(channel, param(request, 'message_id'));
  if (message.onlyFor !== null) refuse('unknownMessage');
  if (message.authorId !== emulation.world.bot.id) emulation.world.need(channel, 'manageMessages');
  if (channel.isArchived) refuse('archivedThread');
  void remove(emulation, channel, message);
  return NO_CONTENT;
}

function get(request: RouteRequest): Answer {
  const { emulation } = request;
  const channel = channelOf(request);
  if (channel.kind !== 'dm') emulation.world.need(channel, 'readMessageHistory');
  const message = messageIn(channel, param(request, 'message_id'));
  return ok(wire(emulation, message.onlyFor === null ? message : refuse('unknownMessage')));
}

/** Newest first. */
function list(request: RouteRequest): Answer {
  const { emulation, query } = request;
  const channel = channelOf(request);
  if (channel.kind !== 'dm' && !emulation.world.botPermissions(channel).has('readMessageHistory')) return ok([]);
  const [before, after] = [query.get('before'), query.get('after')];
  const most = Math.min(100, Number(query.get('limit') ?? PAGE));
  const found = [...channel.messages.values()].filter(
    ({ id, onlyFor }) =>
      onlyFor === null &&
      (before === null || BigInt(id) < BigInt(before)) &&
      (after === null || BigInt(id) > BigInt(after)),
  );
  const page = after === null ? found.slice(-most) : found.slice(0, most);
  return ok(page.toReversed().map((message) => wire(emulation, message)));
}

function typing(request: RouteRequest): Answer {
  const { emulation } = request;
  const channel = channelOf(request);
  needToWrite(emulation, channel);
  const { conversation, world } = emulation;
  for (const person of world.readers(channel)) {
    conversation.notice({
      chat: channel.parentId ?? channel.id,
      onlyFor: person,
      text: `${world.bot.displayName} is typing…`,
    });
  }
  return NO_CONTENT;
}

function wire({ write, hasMessageContent }: Emulation, message: StoredMessage): unknown {
  return write.forBot(message, hasMessageContent);
}
