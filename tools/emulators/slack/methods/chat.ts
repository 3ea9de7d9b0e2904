import { withIds } from '../block-view.ts';
import { checkBlocks } from '../check-blocks.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import { contextOf, post, remove, revise } from '../posts.ts';
import { wireMessage } from '../to-wire.ts';
import type { Wire } from '../to-wire.ts';
import type { Block, Channel, StoredMessage } from '../world.ts';
import { botMethod, findChannel, findMessage, findThread, mayPostIn } from './method.ts';
import type { BotCall, Method } from './method.ts';

/** Characters; what is longer is cut off by `chat.postMessage`. */
const LONGEST_POSTED = 40_000;
/** Characters; what is longer `chat.update` refuses. */
const LONGEST_UPDATED = 4000;

export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': botMethod('chat:write', 'posts', postMessage),
  'chat.update': botMethod('chat:write', 50, update),
  'chat.delete': botMethod('chat:write', 50, deleteMessage),
  'chat.postEphemeral': botMethod('chat:write', 100, postEphemeral),
  'chat.getPermalink': botMethod(null, 100, getPermalink, { takesJson: false }),
};

function postMessage(call: BotCall): Wire {
  const { emulation, args, workspace } = call;
  const channel = destination(call);
  mayPostIn(call, channel);
  const content = readContent(call);
  if (content.text === undefined && content.blocks === undefined) throw new SlackError('no_text');
  const threadTs = findThread(call, channel);
  const { message } = post(emulation, workspace, channel, {
    personId: null,
    text: (content.text ?? '').slice(0, LONGEST_POSTED),
    blocks: content.blocks ?? [],
    fileIds: [],
    threadTs,
    isBroadcast: threadTs !== null && args.flag('reply_broadcast') === true,
    metadata: content.metadata ?? null,
    ephemeralFor: null,
    reading: readingOf(call),
  });
  return { channel: channel.id, ts: message.ts, message: ownWire(call, message) };
}

function update(call: BotCall): Wire {
  const { emulation, args, workspace } = call;
  const channel = findChannel(call);
  const message = findMessage(channel, args.required('ts'));
  if (message.personId !== null) throw new SlackError('cant_update_message');
  if (channel.isArchived) throw new SlackError('is_archived');
  const { text, blocks, metadata } = readContent(call);
  const fileIds = readFileIds(call);
  if (text === undefined && blocks === undefined && fileIds === undefined && metadata === undefined) {
    throw new SlackError('no_text');
  }
  if ((text?.length ?? 0) > LONGEST_UPDATED) throw new SlackError('msg_too_long');
  const { message: revised } = revise(emulation, workspace, channel, message, {
    ...(text !== undefined && { text, reading: readingOf(call) }),
    // A text without blocks takes their place.
    ...((text !== undefined || blocks !== undefined) && { blocks: blocks ?? [] }),
    ...(metadata !== undefined && { metadata }),
    ...(fileIds !== undefined && emulation.honoursFileIds && { fileIds }),
    // Where there are blocks nobody is told that the message was edited.
    ...(text !== undefined && blocks === undefined && { editedTs: emulation.ids.ts() }),
  });
  return { channel: channel.id, ts: message.ts, text: revised.text, message: ownWire(call, revised) };
}

function deleteMessage(call: BotCall): Wire {
  const { emulation, args, workspace } = call;
  const channel = findChannel(call);
  const message = findMessage(channel, args.required('ts'));
  if (message.personId !== null) throw new SlackError('cant_delete_message');
  void remove(emulation, workspace, channel, message);
  return { channel: channel.id, ts: message.ts };
}

function postEphemeral(call: BotCall): Wire {
  const { emulation, args, workspace } = call;
  const channel = findChannel(call);
  mayPostIn(call, channel);
  const personId = args.required('user');
  if (!channel.members.has(personId)) throw new SlackError('user_not_in_channel');
  const { text, blocks } = readContent(call);
  if (text === undefined && blocks === undefined) throw new SlackError('no_text');
  const { message } = post(emulation, workspace, channel, {
    personId: null,
    text: (text ?? '').slice(0, LONGEST_POSTED),
    blocks: blocks ?? [],
    fileIds: [],
    threadTs: findThread(call, channel),
    isBroadcast: false,
    metadata: null,
    ephemeralFor: personId,
    reading: readingOf(call),
  });
  return { message_ts: message.ts };
}

function getPermalink(call: BotCall): Wire {
  const channel = findChannel(call);
  const message = findMessage(channel, call.args.required('message_ts'));
  const thread = message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  const permalink = `${call.emulation.origin()}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { channel: channel.id, permalink };
}

interface Content {
  readonly text: string | undefined;
  readonly blocks: readonly Block[] | undefined;
  readonly metadata: Wire | undefined;
}

function readContent({ emulation, args }: BotCall): Content {
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const metadata = args.json('metadata', 'invalid_metadata_format') as Wire | undefined;
  if (metadata !== undefined && Object.keys(metadata).length > 0 && typeof metadata['event_type'] !== 'string') {
    throw new SlackError('invalid_metadata_format');
  }
  return {
    text: args.text('text'),
    blocks: blocks === undefined ? undefined : withIds(checkBlocks(blocks), () => emulation.ids.secret(5)),
    metadata,
  };
}

function readFileIds({ emulation, args, workspace }: BotCall): readonly string[] | undefined {
  const given = args.json('file_ids');
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw invalidArguments('must be an array [json-pointer:/file_ids]');
  return given.map((id: unknown) => {
    const file = emulation.files.get(workspace.id, String(id));
    if (!file.isComplete) throw new SlackError('file_not_found');
    return file.id;
  });
}

function readingOf({ args }: BotCall): StoredMessage['reading'] {
  const parse = args.text('parse') ?? 'none';
  return {
    mrkdwn: args.flag('mrkdwn') ?? true,
    linkNames: args.flag('link_names') ?? false,
    parseFull: parse === 'full',
  };
}

/** A person's id stands for their direct messages with the bot. */
function destination(call: BotCall): Channel {
  const { emulation, args, workspace } = call;
  const given = args.required('channel');
  if (workspace.people.has(given)) return emulation.world.directChannel(workspace, given);
  const named = workspace.channels
    .values()
    .find(({ name, kind }) => kind === 'public' && name === given.replace(/^#/u, ''));
  return named ?? findChannel(call);
}

function ownWire({ emulation, workspace }: BotCall, message: StoredMessage): Wire {
  return wireMessage(contextOf(emulation), workspace, message, { withMetadata: true });
}
