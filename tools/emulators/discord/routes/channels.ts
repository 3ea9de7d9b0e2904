/** Channels, threads, posts of a forum, private chats, servers. */
import { z } from 'zod';
import { refuse } from '../discord-error.ts';
import type { Emulation } from '../emulation.ts';
import { checkForm } from '../form-check.ts';
import { INTENTS } from '../intents.ts';
import { MESSAGE_TYPES } from '../message.ts';
import { checkMessage, newMessage } from '../message-request.ts';
import { publish, tellOfChannel } from '../posts.ts';
import { objectOf } from '../request-body.ts';
import { CHANNEL_TYPES, wireChannel, wireGuild } from '../to-wire.ts';
import { messageIn } from '../world.ts';
import type { Channel } from '../world.ts';
import { ok, param } from './route.ts';
import type { Answer, Route, RouteRequest } from './route.ts';

const CHANNEL = '/channels/{channel_id}';

export const CHANNEL_ROUTES: readonly Route[] = [
  { name: `GET ${CHANNEL}`, auth: 'bot', run: get },
  { name: `PATCH ${CHANNEL}`, auth: 'bot', run: change },
  { name: `POST ${CHANNEL}/threads`, auth: 'bot', isSend: true, run: openThread },
  { name: `POST ${CHANNEL}/messages/{message_id}/threads`, auth: 'bot', isSend: true, run: openThreadBelow },
  { name: 'POST /users/@me/channels', auth: 'bot', run: openDirect },
  { name: 'GET /guilds/{guild_id}', auth: 'bot', run: getGuild },
];

const name = z.string().min(1).max(100);
const newThread = z.object({
  name,
  type: z.int().nullish(),
  message: z.unknown(),
  auto_archive_duration: z.int().nullish(),
});

function channelOf(request: RouteRequest): Channel {
  return request.emulation.world.channelForBot(param(request, 'channel_id'));
}

function get(request: RouteRequest): Answer {
  return ok(wireChannel(request.emulation.world, channelOf(request)));
}

/** Of what a bot that is no moderator can change: a thread that is not locked is archived and taken out again by whoever may write. */
function change(request: RouteRequest): Answer {
  const { world } = request.emulation;
  const channel = channelOf(request);
  const schema = z.object({ archived: z.boolean().nullish(), locked: z.boolean().nullish(), name: name.nullish() });
  const { archived, locked, name: newName } = checkForm(schema, objectOf(request.body));
  if (channel.kind !== 'thread') refuse('missingPermissions');
  if (channel.isLocked || locked != null || newName != null) world.need(channel, 'manageThreads');
  world.need(channel, 'sendMessagesInThreads');
  channel.isArchived = archived ?? channel.isArchived;
  tellOfThread(request.emulation, channel, 'THREAD_UPDATE');
  return ok(wireChannel(world, channel));
}

function openThread(request: RouteRequest): Answer {
  const { emulation, body } = request;
  const { world, ids } = emulation;
  const parent = channelOf(request);
  const given = checkForm(newThread, objectOf(body));
  if (parent.kind === 'forum') {
    world.need(parent, 'sendMessages');
    const message = newMessage(emulation, parent, {
      body: checkMessage(given.message),
      uploads: body.uploads,
      type: MESSAGE_TYPES.usual,
      nonce: null,
      repliedTo: null,
      onlyFor: null,
      interaction: null,
    });
    const post = addThread(emulation, parent, ids.snowflake(), given.name, false);
    const { message: first } = publish(emulation, post, message, post.id);
    return { status: 201, json: { ...wireChannel(world, post), message: emulation.write.whole(first) } };
  }
  if (parent.kind !== 'text') refuse('wrongChannelType');
  const isPrivate = (given.type ?? CHANNEL_TYPES.privateThread) === CHANNEL_TYPES.privateThread;
  world.need(parent, isPrivate ? 'createPrivateThreads' : 'createPublicThreads');
  const thread = addThread(emulation, parent, ids.snowflake(), given.name, isPrivate);
  return { status: 201, json: wireChannel(world, thread) };
}

/** A thread that begins with a message has that message's id. */
function openThreadBelow(request: RouteRequest): Answer {
  const { emulation } = request;
  const parent = channelOf(request);
  const message = messageIn(parent, param(request, 'message_id'));
  const given = checkForm(z.object({ name }), objectOf(request.body));
  if (parent.kind !== 'text') refuse('wrongChannelType');
  emulation.world.need(parent, 'createPublicThreads');
  if (emulation.world.channels.has(message.id)) refuse('threadThere');
  const thread = addThread(emulation, parent, message.id, given.name, false);
  return { status: 201, json: wireChannel(emulation.world, thread) };
}

function addThread(emulation: Emulation, parent: Channel, id: string, threadName: string, isPrivate: boolean): Channel {
  const { world } = emulation;
  const thread = world.addThread(parent, { id, name: threadName, isPrivate, members: [], hasBot: true }, world.bot.id);
  tellOfThread(emulation, thread, 'THREAD_CREATE', { newly_created: true });
  return thread;
}

export function tellOfThread(
  emulation: Emulation,
  thread: Channel,
  type: 'THREAD_CREATE' | 'THREAD_UPDATE',
  more: Readonly<Record<string, unknown>> = {},
): void {
  void tellOfChannel(emulation, type, thread, INTENTS.guilds, () => ({
    ...wireChannel(emulation.world, thread),
    ...more,
  }));
}

function openDirect(request: RouteRequest): Answer {
  const { world } = request.emulation;
  const { recipient_id: id } = checkForm(z.object({ recipient_id: z.string() }), objectOf(request.body));
  return ok(wireChannel(world, world.directChannel(id)));
}

function getGuild(request: RouteRequest): Answer {
  const { world } = request.emulation;
  const guild = world.guilds.get(param(request, 'guild_id')) ?? refuse('unknownGuild');
  return ok(wireGuild(world, guild.hasBot ? guild : refuse('missingAccess')));
}
