/** What the Web API takes and its Swagger description of 2021 lacks. */
import { z } from 'zod';
import { formBoolean, formInteger, jsonText } from '../core/listed.ts';
import type { ListedCall } from '../core/listed.ts';
import { blocks, homeView } from './block-kit.ts';

const METHODS = 'https://docs.slack.dev/reference/methods';

const messageBlocks = { blocks: jsonText(blocks(50)).optional() };
const metadata = {
  metadata: jsonText(
    z.strictObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }),
  ).optional(),
};

/** Calls to which Bolt's client adds the workspace. */
const OF_BOLT = [
  'auth.test',
  'chat.delete',
  'chat.getPermalink',
  'chat.postEphemeral',
  'chat.postMessage',
  'chat.update',
  'conversations.history',
  'conversations.info',
  'conversations.join',
  'conversations.members',
  'conversations.open',
  'conversations.replies',
  'files.completeUploadExternal',
  'files.delete',
  'files.getUploadURLExternal',
  'files.info',
  'users.info',
  'views.open',
  'views.publish',
  'views.update',
] as const;

export const SLACK_LISTED: readonly ListedCall[] = [
  { call: 'apps.connections.open', page: `${METHODS}/apps.connections.open`, whole: true, parameters: {} },
  {
    call: 'files.getUploadURLExternal',
    page: `${METHODS}/files.getUploadURLExternal`,
    whole: true,
    parameters: {
      filename: z.string().min(1),
      length: formInteger,
      alt_text: z.string().max(1000).optional(),
      snippet_type: z.string().optional(),
    },
  },
  {
    call: 'files.completeUploadExternal',
    page: `${METHODS}/files.completeUploadExternal`,
    whole: true,
    parameters: {
      files: jsonText(
        z
          .array(
            z.strictObject({ id: z.string(), title: z.string().optional(), highlight_type: z.string().optional() }),
          )
          .min(1),
      ),
      channel_id: z.string().optional(),
      channels: z.string().optional(),
      thread_ts: z.string().optional(),
      initial_comment: z.string().optional(),
      ...messageBlocks,
    },
  },
  {
    call: 'chat.postMessage',
    page: `${METHODS}/chat.postMessage`,
    whole: false,
    parameters: { ...metadata, ...messageBlocks, markdown_text: z.string().max(12_000).optional() },
  },
  { call: 'chat.postEphemeral', page: `${METHODS}/chat.postEphemeral`, whole: false, parameters: messageBlocks },
  {
    call: 'chat.update',
    page: `${METHODS}/chat.update`,
    whole: false,
    parameters: {
      ...metadata,
      ...messageBlocks,
      file_ids: jsonText(z.array(z.string())).optional(),
      reply_broadcast: formBoolean.optional(),
    },
  },
  {
    call: 'conversations.history',
    page: `${METHODS}/conversations.history`,
    whole: false,
    parameters: { include_all_metadata: formBoolean.optional() },
  },
  {
    call: 'conversations.replies',
    page: `${METHODS}/conversations.replies`,
    whole: false,
    parameters: { include_all_metadata: formBoolean.optional() },
  },
  {
    call: 'oauth.v2.access',
    page: 'https://docs.slack.dev/authentication/using-token-rotation',
    whole: false,
    parameters: {
      code: z.string().optional(),
      grant_type: z.enum(['authorization_code', 'refresh_token']).optional(),
      refresh_token: z.string().optional(),
    },
  },
  {
    call: 'views.publish',
    page: 'https://docs.slack.dev/reference/views/home-tab-views',
    whole: false,
    parameters: { view: jsonText(homeView) },
  },
  ...OF_BOLT.map((call) => ({
    call,
    page: 'https://docs.slack.dev/tools/node-slack-sdk/reference/web-api/interfaces/WebClientOptions',
    whole: false,
    parameters: { team_id: z.string().startsWith('T').optional() },
  })),
];
