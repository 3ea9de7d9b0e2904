import { channelType } from '../app-events.ts';
import { contextOf } from '../posts.ts';
import { SlackError } from '../slack-error.ts';
import { repliesOf, wireChannel, wireMessage, wireThreadState } from '../to-wire.ts';
import type { Wire } from '../to-wire.ts';
import type { Channel, StoredMessage } from '../world.ts';
import { botMethod, findChannel, needScope } from './method.ts';
import type { BotCall, Method } from './method.ts';

const formOnly = { takesJson: false };

export const CONVERSATION_METHODS: Readonly<Record<string, Method>> = {
  'conversations.info': botMethod(null, 50, info, formOnly),
  'conversations.members': botMethod(null, 100, members, formOnly),
  'conversations.history': botMethod(null, 50, history, formOnly),
  'conversations.replies': botMethod(null, 50, replies, formOnly),
  'conversations.open': botMethod('im:write', 50, open),
  'conversations.join': botMethod('channels:join', 50, join),
};

const SCOPE_OF = { public: 'channels', private: 'groups', im: 'im' } as const;

function readable(call: BotCall, what: 'read' | 'history'): Channel {
  const channel = findChannel(call);
  needScope(call.scopes, `${SCOPE_OF[channel.kind]}:${what}`);
  if (what === 'history' && !channel.members.has(call.workspace.botUserId)) throw new SlackError('not_in_channel');
  return channel;
}

function info(call: BotCall): Wire {
  const channel = readable(call, 'read');
  const counted = call.args.flag('include_num_members') === true && { num_members: channel.members.size };
  return { channel: { ...wireChannel(call.workspace, channel), ...counted } };
}

function members(call: BotCall): Wire {
  const { page, next } = cut([...readable(call, 'read').members], call, 100);
  return { members: page, response_metadata: { next_cursor: next } };
}

function history(call: BotCall): Wire {
  const channel = readable(call, 'history');
  const inChannel = [...channel.messages.values()].filter(
    ({ threadTs, isBroadcast, ephemeralFor }) => ephemeralFor === null && (threadTs === null || isBroadcast),
  );
  const { page, next } = cut(inWindow(call, inChannel).reverse(), call, 100);
  return listing(call, channel, page, next);
}

/** `ts` may be any message of the thread. */
function replies(call: BotCall): Wire {
  const channel = readable(call, 'history');
  const asked = channel.messages.get(call.args.required('ts'));
  const first = channel.messages.get(asked?.threadTs ?? asked?.ts ?? '');
  if (first === undefined || first.ephemeralFor !== null) throw new SlackError('thread_not_found');
  const { page, next } = cut([first, ...inWindow(call, repliesOf(channel, first.ts))], call, 1000);
  return listing(call, channel, page, next);
}

function open(call: BotCall): Wire {
  const { args, emulation, workspace } = call;
  const given = args.text('channel');
  const users = args.text('users')?.split(',') ?? [];
  if (given === undefined && users.length === 0) throw new SlackError('users_list_not_supplied');
  if (users.length > 1) throw new SlackError('method_not_supported_for_channel_type');
  const channel = given === undefined ? emulation.world.directChannel(workspace, users[0] ?? '') : findChannel(call);
  return {
    no_op: true,
    already_open: true,
    channel: args.flag('return_im') === true ? wireChannel(workspace, channel) : { id: channel.id },
  };
}

function join(call: BotCall): Wire {
  const { emulation, workspace } = call;
  const channel = findChannel(call);
  if (channel.kind !== 'public') throw new SlackError('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (channel.members.has(workspace.botUserId)) {
    return { channel: wireChannel(workspace, channel), warning: 'already_in_channel' };
  }
  channel.members.add(workspace.botUserId);
  const event = {
    type: 'member_joined_channel',
    user: workspace.botUserId,
    channel: channel.id,
    channel_type: channelType(channel).charAt(0).toUpperCase(),
    team: workspace.id,
  };
  void emulation.events.tell(workspace, event, { channel });
  return { channel: wireChannel(workspace, channel) };
}

function inWindow({ args }: BotCall, messages: readonly StoredMessage[]): StoredMessage[] {
  const [oldest, latest] = [args.text('oldest') ?? '0', args.text('latest')];
  const isInclusive = args.flag('inclusive') === true;
  const isIn = (ts: string): boolean =>
    (Number(ts) > Number(oldest) && (latest === undefined || Number(ts) < Number(latest))) ||
    (isInclusive && (ts === oldest || ts === latest));
  return messages.filter(({ ts }) => isIn(ts));
}

function listing(
  { args, emulation, workspace }: BotCall,
  channel: Channel,
  page: readonly StoredMessage[],
  next: string,
): Wire {
  const more = { withMetadata: args.flag('include_all_metadata') === true };
  return {
    messages: page.map((message) => ({
      ...wireMessage(contextOf(emulation), workspace, message, more),
      ...wireThreadState(channel, message),
    })),
    has_more: next !== '',
    ...(next !== '' && { response_metadata: { next_cursor: next } }),
  };
}

/** @throws SlackError `invalid_cursor` */
function cut<T>(all: readonly T[], { args }: BotCall, usual: number): { page: readonly T[]; next: string } {
  const cursor = args.text('cursor');
  const start =
    cursor === undefined
      ? 0
      : Number(
          Buffer.from(cursor, 'base64')
            .toString()
            .replace(/^next:/u, ''),
        );
  if (!Number.isInteger(start)) throw new SlackError('invalid_cursor');
  const end = start + args.integer('limit', usual, 1, 1000);
  return {
    page: all.slice(start, end),
    next: end < all.length ? Buffer.from(`next:${String(end)}`).toString('base64') : '',
  };
}
