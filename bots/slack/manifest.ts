/** The app as Slack is told of it: `npm run register -- slack` prints it, to be pasted where an app is made. */
import { MESSAGE_ACTIONS } from '../core/command-table.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { shortcutId } from './inbound.ts';

/** What the bot may do, and why. */
export const BOT_SCOPES = [
  'app_mentions:read', // to hear when it is spoken to
  'channels:history', // to find what it posted in a thread
  'groups:history',
  'im:history', // to hear what is said in private
  'mpim:history',
  'chat:write',
  'commands',
  'files:read', // songs
  'files:write', // stems
  'users:read', // to call people by their names
  'im:write', // to tell in private what could not be told in a channel
] as const;

const NAME = 'Woodshed';
const DESCRIPTION_LIMIT = 140;

/** @param httpUrl where Slack sends requests to; null for Socket Mode */
export function slackManifest(httpUrl: string | null): object {
  const words = wordsOf('en');
  const url = httpUrl === null ? {} : { url: `${httpUrl}/slack/events` };
  return {
    display_information: {
      name: NAME,
      description: 'Stems of your songs, where the band talks',
      background_color: '#14161b',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: NAME, always_online: true },
      shortcuts: MESSAGE_ACTIONS.map(({ verb }) => ({
        name: words.messageActions[verb].slice(0, 24),
        type: 'message',
        callback_id: shortcutId(verb),
        description: words.summaries[verb].slice(0, 150),
      })),
      slash_commands: [
        {
          command: '/jam',
          ...url,
          description: words.summaries.jam.slice(0, DESCRIPTION_LIMIT),
          usage_hint: 'split … | analyze … | chords … | lyrics … | tab … | jobs | band … | help',
        },
        {
          command: '/split',
          ...url,
          description: words.summaries.split.slice(0, DESCRIPTION_LIMIT),
          usage_hint: 'LINK strategy:band',
        },
      ].map((command) => ({ ...command, should_escape: false })),
    },
    oauth_config: {
      ...(httpUrl === null ? {} : { redirect_urls: [`${httpUrl}/slack/oauth_redirect`] }),
      scopes: { bot: [...BOT_SCOPES] },
    },
    settings: {
      event_subscriptions: {
        ...(httpUrl === null ? {} : { request_url: `${httpUrl}/slack/events` }),
        bot_events: [
          'app_home_opened',
          'app_mention',
          'message.im',
          ...(httpUrl === null ? [] : ['app_uninstalled', 'tokens_revoked']),
        ],
      },
      interactivity: { is_enabled: true, ...(httpUrl === null ? {} : { request_url: `${httpUrl}/slack/events` }) },
      org_deploy_enabled: false,
      socket_mode_enabled: httpUrl === null,
      token_rotation_enabled: httpUrl !== null,
    },
  };
}
