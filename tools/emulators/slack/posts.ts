/** Messages as they come, change and go: kept, seen by people, told to the app. */
import type { SeenMessage } from '../core/conversation.ts';
import { channelType, messageSubscription } from './app-events.ts';
import type { Told } from './app-events.ts';
import { readBlocks, toButton } from './block-view.ts';
import type { BlocksRead } from './block-view.ts';
import type { SlackEmulation } from './emulation.ts';
import { seenFile } from './file-store.ts';
import { readMrkdwn, readNames } from './mrkdwn.ts';
import type { Read } from './mrkdwn.ts';
import { wireMessage } from './to-wire.ts';
import type { Wire, WireContext } from './to-wire.ts';
import type { Channel, StoredMessage, Workspace } from './world.ts';

export type NewMessage = Omit<StoredMessage, 'ts' | 'channelId' | 'editedTs' | 'pings'>;

export const AS_MRKDWN = { mrkdwn: true, linkNames: false, parseFull: false };

export interface Posted {
  readonly message: StoredMessage;
  /** Of the events that it made; null where one was never acknowledged, or none went out. */
  readonly acknowledgedMs: Promise<number | null>;
}

export function contextOf(emulation: SlackEmulation): WireContext {
  return { appId: emulation.app.id, origin: emulation.origin(), files: emulation.files };
}

export function post(emulation: SlackEmulation, workspace: Workspace, channel: Channel, made: NewMessage): Posted {
  const { conversation, events, files, ids } = emulation;
  const ts = ids.ts();
  const bare: StoredMessage = { ...made, ts, channelId: channel.id, editedTs: null, pings: [] };
  const message = { ...bare, pings: shown(workspace, channel, bare).pings };
  channel.messages.set(ts, message);
  if (message.ephemeralFor === null) {
    for (const fileId of message.fileIds) {
      files.find(fileId)?.shares.push({ channelId: channel.id, ts, threadTs: message.threadTs });
    }
  }
  conversation.post(toSeen(emulation, workspace, channel, message));
  if (message.ephemeralFor !== null) return { message, acknowledgedMs: Promise.resolve(null) };

  const told = [
    events.tell(
      workspace,
      { ...wireForEvent(emulation, workspace, message), type: 'message', event_ts: ts, ...place(channel) },
      { channel, subscription: messageSubscription(channel) },
    ),
    ...mentionEvents(emulation, workspace, channel, message),
    ...message.fileIds.map((fileId) =>
      events.tell(
        workspace,
        {
          type: 'file_shared',
          file_id: fileId,
          user_id: message.personId ?? workspace.botUserId,
          file: { id: fileId },
          channel_id: channel.id,
        },
        { channel },
      ),
    ),
  ];
  return { message, acknowledgedMs: slowest(told) };
}

export function revise(
  emulation: SlackEmulation,
  workspace: Workspace,
  channel: Channel,
  message: StoredMessage,
  change: Partial<Pick<StoredMessage, 'text' | 'blocks' | 'fileIds' | 'metadata' | 'reading' | 'editedTs'>>,
): Posted {
  const { conversation, events, files } = emulation;
  const revised: StoredMessage = { ...message, ...change };
  channel.messages.set(message.ts, revised);
  for (const fileId of revised.fileIds.filter((id) => !message.fileIds.includes(id))) {
    files.find(fileId)?.shares.push({ channelId: channel.id, ts: message.ts, threadTs: message.threadTs });
  }
  conversation.edit(toSeen(emulation, workspace, channel, revised));
  if (message.ephemeralFor !== null) return { message: revised, acknowledgedMs: Promise.resolve(null) };
  const told = events.tell(
    workspace,
    {
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      message: wireForEvent(emulation, workspace, revised),
      previous_message: wireForEvent(emulation, workspace, message),
      ts: emulation.ids.ts(),
      ...place(channel),
    },
    { channel, subscription: messageSubscription(channel) },
  );
  return { message: revised, acknowledgedMs: slowest([told]) };
}

export function remove(
  emulation: SlackEmulation,
  workspace: Workspace,
  channel: Channel,
  message: StoredMessage,
): Promise<number | null> {
  const { conversation, events, files } = emulation;
  channel.messages.delete(message.ts);
  for (const fileId of message.fileIds) {
    const shares = files.find(fileId)?.shares ?? [];
    const index = shares.findIndex(({ ts, channelId }) => ts === message.ts && channelId === channel.id);
    if (index >= 0) shares.splice(index, 1);
  }
  conversation.remove(channel.id, message.ts);
  if (message.ephemeralFor !== null) return Promise.resolve(null);
  const told = events.tell(
    workspace,
    {
      type: 'message',
      subtype: 'message_deleted',
      hidden: true,
      deleted_ts: message.ts,
      previous_message: wireForEvent(emulation, workspace, message),
      ts: emulation.ids.ts(),
      ...place(channel),
    },
    { channel, subscription: messageSubscription(channel) },
  );
  return slowest([told]);
}

/** What is seen of a message's words: its blocks where it has some, else its text. */
export function shown(workspace: Workspace, channel: Channel, message: StoredMessage): BlocksRead {
  const { text, blocks, reading } = message;
  const mrkdwn = (source: string): Read => readMrkdwn(source, workspace, channel);
  if (blocks.length > 0) return readBlocks(blocks, mrkdwn);
  if (reading.parseFull) return { ...readNames(text, workspace, channel), pressables: [] };
  const read = readMrkdwn(text, workspace, channel, reading.mrkdwn);
  const named = reading.linkNames ? readNames(text, workspace, channel).pings : [];
  return { text: read.text, pings: [...new Set([...read.pings, ...named])], pressables: [] };
}

function toSeen(
  { files }: SlackEmulation,
  workspace: Workspace,
  channel: Channel,
  message: StoredMessage,
): SeenMessage {
  const { text, pressables } = shown(workspace, channel, message);
  return {
    id: message.ts,
    chat: channel.id,
    thread: message.threadTs,
    by: message.personId ?? 'bot',
    text,
    files: message.fileIds.flatMap((fileId) => {
      const file = files.find(fileId);
      return file === null || file.isDeleted ? [] : [seenFile(file)];
    }),
    buttons: pressables.map(toButton),
    replyTo: null,
    onlyFor: message.ephemeralFor,
    pings: message.pings,
  };
}

/** Shows again what a message looks like, after one of its files went. */
export function showAgain(emulation: SlackEmulation, workspace: Workspace, channelId: string, ts: string): void {
  const channel = workspace.channels.get(channelId);
  const message = channel?.messages.get(ts);
  if (channel !== undefined && message !== undefined) {
    emulation.conversation.edit(toSeen(emulation, workspace, channel, message));
  }
}

function wireForEvent(emulation: SlackEmulation, workspace: Workspace, message: StoredMessage): Wire {
  return wireMessage(contextOf(emulation), workspace, message, { withMetadata: true });
}

function mentionEvents(
  emulation: SlackEmulation,
  workspace: Workspace,
  channel: Channel,
  message: StoredMessage,
): Told[] {
  // A bot's own words call nobody, and in a direct message there is no need to.
  if (message.personId === null || channel.kind === 'im' || !message.text.includes(`<@${workspace.botUserId}>`)) {
    return [];
  }
  const { subtype: _subtype, ...wire } = wireForEvent(emulation, workspace, message);
  const event = { ...wire, type: 'app_mention', event_ts: message.ts, channel: channel.id };
  return [emulation.events.tell(workspace, event, { channel })];
}

function place(channel: Channel): { readonly channel: string; readonly channel_type: string } {
  return { channel: channel.id, channel_type: channelType(channel) };
}

async function slowest(told: readonly Told[]): Promise<number | null> {
  const times = await Promise.all(told.filter((one) => one !== null));
  const known = times.filter((ms) => ms !== null);
  return times.length > 0 && known.length === times.length ? Math.max(...known) : null;
}
