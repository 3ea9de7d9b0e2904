/** Slack's objects, as its API and its events show them. */
import { seenFile, typeOf } from './file-store.ts';
import type { FileShare, FileStore, StoredFile } from './file-store.ts';
import type { PersonSeed } from './options.ts';
import type { Channel, StoredMessage, Workspace } from './world.ts';

export type Wire = Readonly<Record<string, unknown>>;

export interface WireContext {
  readonly appId: string;
  readonly origin: string;
  readonly files: FileStore;
}

/** A message's parts that do not depend on its workspace's other messages. */
export function wireMessage(
  context: WireContext,
  workspace: Workspace,
  message: StoredMessage,
  more: { readonly withMetadata: boolean } = { withMetadata: false },
): Wire {
  const { personId, ts, text, blocks, fileIds, threadTs, isBroadcast, metadata, editedTs } = message;
  const files = fileIds.map((id) => wireMessageFile(context, workspace, id));
  const subtype = isBroadcast ? 'thread_broadcast' : files.length > 0 ? 'file_share' : null;
  const bot = { bot_id: workspace.botId, app_id: context.appId, bot_profile: wireBot(context, workspace) };
  return {
    type: 'message',
    ...(subtype !== null && { subtype }),
    user: personId ?? workspace.botUserId,
    ...(personId === null && bot),
    team: workspace.id,
    text,
    ts,
    ...(blocks.length > 0 && { blocks }),
    ...(files.length > 0 && { files, upload: false }),
    ...(threadTs !== null && { thread_ts: threadTs, parent_user_id: starterOf(workspace, message) }),
    ...(more.withMetadata && metadata !== null && { metadata }),
    ...(editedTs !== null && { edited: { user: personId ?? workspace.botUserId, ts: editedTs } }),
  };
}

function starterOf(workspace: Workspace, { channelId, threadTs }: StoredMessage): string {
  const first = workspace.channels.get(channelId)?.messages.get(threadTs ?? '');
  return first?.personId ?? workspace.botUserId;
}

/** The first message of a thread says how the thread stands. */
export function wireThreadState(channel: Channel, message: StoredMessage): Wire {
  const replies = repliesOf(channel, message.ts);
  const last = replies.at(-1);
  if (last === undefined) return {};
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: new Set(replies.map(({ personId }) => personId)).size,
    latest_reply: last.ts,
    is_locked: false,
    subscribed: false,
  };
}

export function repliesOf(channel: Channel, ts: string): StoredMessage[] {
  return [...channel.messages.values()].filter(
    ({ threadTs, ts: own, ephemeralFor }) => threadTs === ts && own !== ts && ephemeralFor === null,
  );
}

function wireBot({ appId }: WireContext, { id, botId, botName }: Workspace): Wire {
  return { id: botId, deleted: false, name: botName, updated: 0, app_id: appId, team_id: id };
}

/** A file that is gone leaves its tombstone in the message. */
function wireMessageFile(context: WireContext, workspace: Workspace, fileId: string): Wire {
  const file = context.files.find(fileId);
  return file === null || file.isDeleted
    ? { id: fileId, mode: 'tombstone' }
    : wireFile(context, workspace, file, { withShares: false });
}

export function wireFile(
  { origin }: WireContext,
  workspace: Workspace,
  file: StoredFile,
  { withShares }: { readonly withShares: boolean },
): Wire {
  const { filetype, mimeType, pretty } = typeOf(file.name);
  const isByBot = file.ownerId === workspace.botUserId;
  const inKind = (kind: Channel['kind']): readonly FileShare[] =>
    withShares ? file.shares.filter(({ channelId }) => workspace.channels.get(channelId)?.kind === kind) : [];
  const ids = (shares: readonly FileShare[]): string[] => [...new Set(shares.map(({ channelId }) => channelId))];
  const byChannel = (shares: readonly FileShare[]): Wire =>
    Object.fromEntries(
      Map.groupBy(shares, ({ channelId }) => channelId)
        .entries()
        .map(([channelId, inside]) => [
          channelId,
          inside.map(({ ts, threadTs }) => ({
            reply_users: [],
            reply_users_count: 0,
            reply_count: 0,
            ts,
            ...(threadTs !== null && { thread_ts: threadTs }),
            channel_name: workspace.channels.get(channelId)?.name ?? '',
            team_id: workspace.id,
          })),
        ]),
    );
  const privateUrl = `${origin}/files-pri/${workspace.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  return {
    id: file.id,
    created: file.createdSeconds,
    timestamp: file.createdSeconds,
    name: file.name,
    title: file.title,
    mimetype: mimeType,
    filetype,
    pretty_type: pretty,
    user: file.ownerId,
    user_team: workspace.id,
    username: '',
    mode: 'hosted',
    editable: false,
    is_external: false,
    external_type: '',
    is_public: inKind('public').length > 0,
    public_url_shared: false,
    display_as_bot: false,
    size: seenFile(file).bytes,
    file_access: 'visible',
    ...(isByBot && { bot_id: workspace.botId }),
    url_private: `${privateUrl}/${name}`,
    url_private_download: `${privateUrl}/download/${name}`,
    permalink: `${origin}/files/${file.ownerId}/${file.id}/${name}`,
    permalink_public: `${origin}/${workspace.id}-${file.id}-public`,
    channels: ids(inKind('public')),
    groups: ids(inKind('private')),
    ims: ids(inKind('im')),
    shares: {
      ...(inKind('public').length > 0 && { public: byChannel(inKind('public')) }),
      ...(inKind('private').length + inKind('im').length > 0 && {
        private: byChannel([...inKind('private'), ...inKind('im')]),
      }),
    },
    comments_count: 0,
    has_rich_preview: false,
    is_starred: false,
  };
}

export function wireChannel(workspace: Workspace, channel: Channel): Wire {
  const { id, kind, createdSeconds, isArchived, members } = channel;
  if (kind === 'im') {
    const other = [...members].find((member) => member !== workspace.botUserId);
    return { id, created: createdSeconds, is_archived: false, is_im: true, is_org_shared: false, user: other };
  }
  return {
    id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: kind === 'public',
    is_group: kind === 'private',
    is_im: false,
    is_mpim: false,
    is_private: kind === 'private',
    created: createdSeconds,
    is_archived: isArchived,
    is_general: false,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_member: members.has(workspace.botUserId),
    context_team_id: workspace.id,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

export function wirePerson(workspace: Workspace, person: PersonSeed): Wire {
  return {
    id: person.id,
    team_id: workspace.id,
    name: person.name,
    deleted: false,
    real_name: person.realName,
    tz: 'Europe/Berlin',
    tz_offset: 3600,
    profile: { real_name: person.realName, display_name: person.name, team: workspace.id },
    is_admin: false,
    is_owner: false,
    is_bot: false,
    is_app_user: false,
    updated: 0,
  };
}
