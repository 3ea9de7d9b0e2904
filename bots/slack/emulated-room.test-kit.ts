/** A channel of an emulated Slack as the port's suite wants it, and the port in it. */
import assert from 'node:assert/strict';
import type { WebClient } from '@slack/web-api';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import { ADA, BAND, LOBBY, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import type { SlackOptions } from '../../tools/emulators/slack/options.ts';
import { createSlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import type { SlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import type { Attachment, PortRoom, SeenPost } from '../core/chat-port.test-kit.ts';
import { WaitingClient, clientOptions } from './clients.ts';
import { songOf } from './files.ts';
import { createMethodLimits } from './method-limits.ts';
import { createSlackPort } from './outbound.ts';
import { messageSchema, songsIn } from './read-event.ts';

const SENDS = ['chat.postMessage', 'chat.update'] as const;
/** Longer than the client waits. */
const HANG_MS = 60_000;
const CALL_LIMIT_MS = 4000;

export interface EmulatedRoom extends PortRoom {
  readonly slack: SlackEmulator;
  readonly client: WebClient;
}

/** @param fileIds as `SLACK_FILE_IDS` says */
export async function openEmulatedRoom(fileIds: boolean, options: SlackOptions = {}): Promise<EmulatedRoom> {
  const slack = await createSlackEmulator({ hangMs: HANG_MS, honoursFileIds: fileIds, ...options });
  const quick = { ...clientOptions(slack.apiUrl), timeout: CALL_LIMIT_MS };
  const client = new WaitingClient(slack.token().accessToken, quick, createMethodLimits());
  const port = createSlackPort({
    clientOf: async (teamId) => {
      assert.equal(teamId, BAND.id);
      return await Promise.resolve(client);
    },
    fileIds,
    ownHost: new URL(slack.apiUrl).host,
  });

  return {
    slack,
    client,
    port,
    address: { platform: 'slack', botId: BAND.id, chatId: REHEARSAL.id, threadId: null },
    requester: { platform: 'slack', userId: ADA.id, displayName: ADA.realName },
    mostEntries: 100,
    calls: [`<@${ADA.id}>`, `@${ADA.name}`, '<!channel>', '<!here>', '<!everyone>', '@channel'],
    messages: async () => await messagesOfBot(slack, client),
    strays: async () => await Promise.resolve([]),
    attach: async (name, bytes) => await attach(slack, name, bytes),
    async unusable() {
      const at = { chat: LOBBY.id, thread: null };
      const files = [{ name: 'elsewhere.mp3', bytes: new Uint8Array(9), mimeType: 'audio/mpeg' }];
      const { id } = await slack.act({ kind: 'message', by: ADA.id, at, text: '', files, replyTo: null });
      assert.ok(slack.conversation.find(LOBBY.id, id) !== null);
      return [
        ['a file that nobody sent', songOf({ id: 'F0NOBODY' }, BAND.id), 'file-missing'],
        ['a file of ours whose upload was never completed', await uncompleted(client), 'file-missing'],
      ];
    },
    network: {
      knowsNonces: false,
      befall(fault) {
        slack.setFaults(plannedFaults(SENDS.map((method) => ({ method, fault }))));
      },
      sends: () => slack.requests.filter(({ method }) => SENDS.some((send) => send === method)).length,
      vanish: async () => await Promise.resolve(slack.deleteChannel(REHEARSAL.id)),
      limitFiles: async (bytes) => await Promise.resolve(slack.limitUploads(bytes)),
    },
    async close() {
      const { violations } = slack.specReport();
      await slack.close();
      assert.deepEqual(violations, []);
    },
  };
}

async function attach(slack: SlackEmulator, name: string, bytes: Uint8Array): Promise<Attachment> {
  const at = { chat: REHEARSAL.id, thread: null };
  const files = [{ name, bytes, mimeType: 'audio/flac' }];
  const { id } = await slack.act({ kind: 'message', by: ADA.id, at, text: '', files, replyTo: null });
  const event = slack.events
    .map((payload) => messageSchema.safeParse(payload['event']).data)
    .find((message) => message?.ts === id);
  const [song] = songsIn(event?.files ?? [], BAND.id);
  assert.ok(song !== undefined, 'the song came in');
  return song;
}

async function uncompleted(client: WebClient): Promise<Attachment> {
  const { file_id: id } = await client.files.getUploadURLExternal({ filename: 'half.mp3', length: 9 });
  return songOf({ id: id ?? '' }, BAND.id);
}

async function messagesOfBot(slack: SlackEmulator, client: WebClient): Promise<SeenPost[]> {
  const standing = slack.conversation.messages(REHEARSAL.id).filter(({ by }) => by === 'bot');
  return await Promise.all(
    standing.map(async ({ id, text, files, pings, buttons }) => ({
      id,
      // Slack's signs for pictures are not letters any more; word joiners no eye sees.
      text: text.replaceAll(/:[\w+-]+:/gu, '\u{1F642}').replaceAll('\u2060', ''),
      files: new Map(files.map(({ name, sha256 }) => [name, slack.fileBytes?.(sha256) ?? new Uint8Array()] as const)),
      pings,
      textLinks: await linksIn(client, id),
      entries: buttons.flatMap(({ label, menu }) => (menu === undefined ? [] : [label])),
    })),
  );
}

/** What Slack would make a link of in the blocks as they were sent; buttons aside. */
async function linksIn(client: WebClient, ts: string): Promise<string[]> {
  const { messages = [] } = await client.conversations.replies({ channel: REHEARSAL.id, ts });
  const message = messages.find((one) => one.ts === ts);
  return textObjects(message?.blocks ?? []).flatMap(({ type, text, verbatim }) => {
    const angled = type === 'mrkdwn' ? [...text.matchAll(/<(?![@#!])[^<>\n]+>/gu)] : [];
    const bare = type === 'mrkdwn' && verbatim !== true ? [...text.matchAll(/https?:\/\/\S+|www\.\w+\.\w+/gu)] : [];
    return [...angled, ...bare].map(([link]) => link);
  });
}

interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}

function textObjects(value: unknown): TextObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as Partial<TextObject>;
  if ((type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string') return [value as TextObject];
  return Object.values(value).flatMap(textObjects);
}
