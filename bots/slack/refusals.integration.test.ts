import { ADA, APP, DEMOS, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import type { SlackOptions } from '../../tools/emulators/slack/options.ts';
import { testRefusals } from '../core/refusals.test-kit.ts';
import type { RefusingRoom, Refusal } from '../core/refusals.test-kit.ts';
import { openEmulatedRoom } from './emulated-room.test-kit.ts';
import type { EmulatedRoom } from './emulated-room.test-kit.ts';

type SlackRoom = RefusingRoom & Pick<EmulatedRoom, 'slack' | 'client'>;

async function open(fileIds: boolean, chatId = REHEARSAL.id, options: SlackOptions = {}): Promise<SlackRoom> {
  const room = await openEmulatedRoom(fileIds, options);
  const { slack } = room;
  return {
    ...room,
    emulator: slack,
    address: { ...room.address, chatId },
    privateChat: slack.directChat(ADA.id),
    callsToPlace: () => slack.requests.filter(({ channel }) => channel === chatId).length,
  };
}

const inThread = async (): Promise<SlackRoom> => await open(false);
const inCard = async (): Promise<SlackRoom> => await open(true);

/** Where it does not come as far as the channel. */
function withAllCalls(room: SlackRoom): SlackRoom {
  return { ...room, callsToPlace: () => room.slack.requests.length };
}

/** What Slack says of a channel in which nothing else has happened that people see. */
function said(error: string): Refusal<SlackRoom> {
  const befall = ({ slack }: SlackRoom): void => slack.refuse(REHEARSAL.id, error);
  return { says: error, open: inThread, befall, isTold: true };
}

testRefusals<SlackRoom>('Slack', [
  {
    says: 'channel_not_found: it was deleted',
    open: inThread,
    befall: ({ slack }) => slack.deleteChannel(REHEARSAL.id),
    isTold: true,
  },
  {
    says: 'channel_not_found: thrown out of a private one',
    open: async () => await open(false, DEMOS.id),
    befall: ({ slack }) => slack.removeBot(DEMOS.id),
    isTold: true,
  },
  {
    says: 'not_in_channel',
    open: inThread,
    befall: ({ slack }) => slack.removeBot(REHEARSAL.id),
    isTold: true,
  },
  {
    says: 'is_archived, files in the thread',
    open: inThread,
    befall: ({ slack }) => slack.archive(REHEARSAL.id),
    isTold: true,
  },
  {
    says: 'is_archived, files in the card',
    open: inCard,
    befall: ({ slack }) => slack.archive(REHEARSAL.id),
    isTold: true,
  },
  {
    says: 'restricted_action',
    open: inThread,
    befall: ({ slack }) => slack.setReadOnly(REHEARSAL.id, true),
    isTold: true,
  },
  {
    says: 'thread_not_found: somebody deleted the card',
    open: inThread,
    befall: async ({ client, address }, ts) => await client.chat.delete({ channel: address.chatId, ts }),
    isTold: true,
  },
  {
    says: 'message_not_found: somebody deleted the card',
    open: inCard,
    befall: async ({ client, address }, ts) => await client.chat.delete({ channel: address.chatId, ts }),
    isTold: true,
  },
  {
    says: 'missing_scope: the app may not bring files',
    open: async () => {
      const scopes = APP.scopes.filter((scope) => scope !== 'files:write');
      return withAllCalls(await open(false, REHEARSAL.id, { app: { scopes } }));
    },
    befall: () => undefined,
    isTold: true,
  },
  {
    says: 'account_inactive: the app was taken away',
    open: async () => withAllCalls(await inThread()),
    befall: ({ slack, address }) => slack.uninstall(address.botId),
    isTold: false,
  },
  {
    says: 'token_revoked',
    open: async () => withAllCalls(await inThread()),
    befall: ({ slack, address }) => slack.revokeTokens(address.botId),
    isTold: false,
  },
  said('posting_to_general_channel_denied'),
  said('restricted_action_non_threadable_channel'),
  said('edit_window_closed'),
  said('no_permission'),
  said('ekm_access_denied'),
]);
