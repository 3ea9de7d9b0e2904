/** What a method of the Web API is, and how it finds what its arguments name. */
import type { Arguments } from '../arguments.ts';
import type { SlackEmulation } from '../emulation.ts';
import { SlackError } from '../slack-error.ts';
import type { Wire } from '../to-wire.ts';
import type { Channel, StoredMessage, Workspace } from '../world.ts';

export interface BotCall {
  readonly emulation: SlackEmulation;
  readonly args: Arguments;
  readonly workspace: Workspace;
  readonly scopes: readonly string[];
}

export interface OpenCall {
  readonly emulation: SlackEmulation;
  readonly args: Arguments;
  /** Of `Authorization: Basic`. */
  readonly basic: { readonly user: string; readonly password: string } | null;
}

/** Calls a minute for an app in a workspace; `posts`: about one a second and channel. */
export type Tier = 20 | 50 | 100 | 'posts';

interface MethodFacts {
  readonly tier: Tier;
  /** Some methods take forms alone. */
  readonly takesJson: boolean;
}

export type Method = MethodFacts &
  (
    | { readonly token: 'bot'; readonly scope: string | null; readonly run: (call: BotCall) => Wire }
    | { readonly token: 'app'; readonly run: (emulation: SlackEmulation) => Wire }
    | { readonly token: 'none'; readonly run: (call: OpenCall) => Wire }
  );

export function botMethod(
  scope: string | null,
  tier: Tier,
  run: (call: BotCall) => Wire,
  { takesJson = true }: { readonly takesJson?: boolean } = {},
): Method {
  return { token: 'bot', scope, tier, takesJson, run };
}

/** @throws SlackError `channel_not_found`; what the bot cannot see is not there for it */
export function findChannel({ args, workspace }: BotCall, name = 'channel'): Channel {
  const id = args.required(name);
  const channel = workspace.channels.get(id);
  if (channel === undefined || channel.isDeleted) throw new SlackError('channel_not_found');
  const isInside = channel.members.has(workspace.botUserId);
  if (channel.kind !== 'public' && !isInside) throw new SlackError('channel_not_found');
  return channel;
}

/** @throws SlackError `not_in_channel`, `is_archived`, `restricted_action` */
export function mayPostIn({ workspace, scopes }: BotCall, channel: Channel): void {
  const isInside = channel.members.has(workspace.botUserId);
  const mayAnyway = channel.kind === 'public' && scopes.includes('chat:write.public');
  if (!isInside && !mayAnyway) throw new SlackError('not_in_channel');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (channel.isReadOnly) throw new SlackError('restricted_action');
}

/** The first message of the thread that `thread_ts` names, or null. @throws SlackError `thread_not_found`, `cannot_reply_to_message` */
export function findThread({ args }: BotCall, channel: Channel): string | null {
  const threadTs = args.text('thread_ts');
  if (threadTs === undefined) return null;
  if (!/^\d+\.\d+$/u.test(threadTs)) throw new SlackError('invalid_thread_ts');
  const first = channel.messages.get(threadTs);
  if (first === undefined || first.ephemeralFor !== null) throw new SlackError('thread_not_found');
  if (first.threadTs !== null) throw new SlackError('cannot_reply_to_message');
  return threadTs;
}

/** @throws SlackError `message_not_found`; an ephemeral message cannot be had again */
export function findMessage(channel: Channel, ts: string): StoredMessage {
  const message = channel.messages.get(ts);
  if (message === undefined || message.ephemeralFor !== null) throw new SlackError('message_not_found');
  return message;
}

/** @throws SlackError `missing_scope` */
export function needScope(scopes: readonly string[], needed: string): void {
  if (!scopes.includes(needed)) throw new SlackError('missing_scope', { needed, provided: scopes.join(',') });
}
