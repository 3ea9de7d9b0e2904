import { isRecord } from '../../core/described.ts';
import { withIds } from '../block-view.ts';
import { checkBlocks } from '../check-blocks.ts';
import { nowSeconds } from '../emulation.ts';
import type { StoredFile } from '../file-store.ts';
import { AS_MRKDWN, contextOf, post, showAgain } from '../posts.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import { wireFile } from '../to-wire.ts';
import type { Wire } from '../to-wire.ts';
import type { Channel } from '../world.ts';
import { botMethod, findChannel, findThread, mayPostIn } from './method.ts';
import type { BotCall, Method } from './method.ts';

const formOnly = { takesJson: false };

export const FILE_METHODS: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': botMethod('files:write', 100, getUploadUrl, formOnly),
  'files.completeUploadExternal': botMethod('files:write', 100, completeUpload),
  'files.info': botMethod('files:read', 100, info, formOnly),
  'files.delete': botMethod('files:write', 50, deleteFile),
};

function getUploadUrl({ args, emulation, workspace }: BotCall): Wire {
  const name = args.required('filename');
  const length = Number(args.required('length'));
  if (!Number.isInteger(length) || length <= 0) throw invalidArguments('length must be above 0 [json-pointer:/length]');
  if (emulation.fileUploadsAreDisabled) throw new SlackError('file_uploads_disabled');
  if (length > emulation.maxFileBytes) throw new SlackError('file_upload_size_restricted');
  const file = emulation.files.create({
    workspaceId: workspace.id,
    ownerId: workspace.botUserId,
    name,
    announcedBytes: length,
    createdSeconds: nowSeconds(emulation),
  });
  return { upload_url: `${emulation.origin()}/upload/v1/${file.ticket}`, file_id: file.id };
}

/** With a channel the files are shared in one message of it, and doing it again shares them again. */
function completeUpload(call: BotCall): Wire {
  const { args, emulation, workspace } = call;
  const given = args.json('files');
  if (!Array.isArray(given) || given.length === 0) throw invalidArguments('missing required field: files');
  const files = given.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['id'] !== 'string')
      throw invalidArguments('must have an id [json-pointer:/files]');
    const file = emulation.files.get(workspace.id, entry['id']);
    if (file.bytes === null) throw new SlackError('file_not_found');
    return { file, title: typeof entry['title'] === 'string' ? entry['title'] : file.title };
  });
  const channels = destinations(call);
  const threads = channels.map((channel) => findThread(call, channel));
  const comment = args.text('initial_comment');
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const checked = comment === undefined && blocks !== undefined ? checkBlocks(blocks) : [];

  for (const { file, title } of files) {
    file.isComplete = true;
    file.title = title;
  }
  // As Slack shares in its own time, the answer does not know where yet.
  const answer = files.map(({ file }) => wireFile(contextOf(emulation), workspace, file, { withShares: false }));
  for (const [index, channel] of channels.entries()) {
    post(emulation, workspace, channel, {
      personId: null,
      text: comment ?? '',
      blocks: withIds(checked, () => emulation.ids.secret(5)),
      fileIds: files.map(({ file }) => file.id),
      threadTs: threads[index] ?? null,
      isBroadcast: false,
      metadata: null,
      ephemeralFor: null,
      reading: AS_MRKDWN,
    });
  }
  return { files: answer };
}

function destinations(call: BotCall): Channel[] {
  const { args, emulation, workspace } = call;
  const ids = [args.text('channel_id'), ...(args.text('channels')?.split(',') ?? [])].filter((id) => id !== undefined);
  return ids.map((id) => {
    const channel = workspace.people.has(id)
      ? emulation.world.directChannel(workspace, id)
      : findChannel({ ...call, args: { ...args, required: () => id } });
    mayPostIn(call, channel);
    return channel;
  });
}

function info(call: BotCall): Wire {
  const file = findFile(call);
  const wire = wireFile(contextOf(call.emulation), call.workspace, file, { withShares: true });
  return { file: wire, comments: [], response_metadata: { next_cursor: '' } };
}

function deleteFile(call: BotCall): Wire {
  const file = findFile(call);
  if (file.ownerId !== call.workspace.botUserId) throw new SlackError('cant_delete_file');
  file.isDeleted = true;
  for (const { channelId, ts } of file.shares) showAgain(call.emulation, call.workspace, channelId, ts);
  return {};
}

/** @throws SlackError `file_not_found`, also for what the bot cannot see */
function findFile({ args, emulation, workspace }: BotCall): StoredFile {
  const file = emulation.files.get(workspace.id, args.required('file'));
  if (!file.isComplete || !maySee(workspace.botUserId, file, workspace.channels))
    throw new SlackError('file_not_found');
  return file;
}

/** Its own, and those of channels that it is in. */
export function maySee(userId: string, file: StoredFile, channels: ReadonlyMap<string, Channel>): boolean {
  return (
    file.ownerId === userId ||
    file.shares.some(({ channelId }) => channels.get(channelId)?.members.has(userId) === true)
  );
}
