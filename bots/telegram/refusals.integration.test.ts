import { ADA, BEN, FORUM, GROUP } from '../../tools/emulators/telegram/options.ts';
import { testRefusals } from '../core/refusals.test-kit.ts';
import type { Refusal } from '../core/refusals.test-kit.ts';
import { openTelegramRoom } from './delivery-room.test-kit.ts';
import type { TelegramRoom } from './delivery-room.test-kit.ts';

const [FORUM_CHAT, GROUP_CHAT, ADAS_CHAT] = [String(FORUM.id), String(GROUP.id), String(ADA.id)] as const;
const TOPIC = '11';

const inTopic = async (): Promise<TelegramRoom> => await openTelegramRoom(FORUM_CHAT, TOPIC, ADA);
const inGroup = async (): Promise<TelegramRoom> => await openTelegramRoom(GROUP_CHAT, null, ADA);
const inPrivate = async (): Promise<TelegramRoom> => await openTelegramRoom(ADAS_CHAT, null, ADA);

/** What the server says of a chat in which nothing else has happened that people see. */
function said(description: string, code: 400 | 403 = 400): Refusal<TelegramRoom> {
  const befall = ({ emulator }: TelegramRoom): void => emulator.refuse(FORUM_CHAT, code, description);
  return { says: description, open: inTopic, befall, isTold: true };
}

testRefusals<TelegramRoom>('Telegram', [
  {
    says: 'bot was blocked by the user',
    open: inPrivate,
    befall: ({ emulator }) => emulator.blockBot(ADAS_CHAT),
    isTold: false,
  },
  {
    says: 'bot was kicked from the supergroup chat',
    open: inTopic,
    befall: ({ emulator }) => emulator.kickBot(FORUM_CHAT),
    isTold: true,
  },
  {
    says: 'bot was kicked from the group chat, at the wish of somebody who never spoke to it in private',
    open: async () => await openTelegramRoom(GROUP_CHAT, null, BEN),
    befall: ({ emulator }) => emulator.kickBot(GROUP_CHAT),
    isTold: false,
  },
  {
    says: 'chat not found',
    open: inTopic,
    befall: ({ emulator }) => emulator.deleteChat(FORUM_CHAT),
    isTold: true,
  },
  {
    says: 'the group chat was deleted',
    open: inGroup,
    befall: ({ emulator }) => emulator.deleteChat(GROUP_CHAT),
    isTold: true,
  },
  {
    says: 'TOPIC_CLOSED',
    open: inTopic,
    befall: ({ emulator }) => emulator.closeTopic(FORUM_CHAT, TOPIC),
    isTold: true,
  },
  {
    says: 'Unauthorized: the token was revoked',
    open: inTopic,
    befall: ({ emulator }) => emulator.revokeToken(),
    isTold: false,
  },
  said('Forbidden: bot is not a member of the supergroup chat', 403),
  said('Bad Request: not enough rights to send text messages to the chat'),
  said('Bad Request: have no rights to send a message'),
  said('Bad Request: need administrator rights in the channel chat'),
  said('Bad Request: CHAT_WRITE_FORBIDDEN'),
  said('Bad Request: CHAT_RESTRICTED'),
  {
    says: 'Forbidden: user is deactivated',
    open: inPrivate,
    befall: ({ emulator }) => emulator.refuse(ADAS_CHAT, 403, 'Forbidden: user is deactivated'),
    isTold: false,
  },
]);
