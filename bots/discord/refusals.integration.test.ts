import { REST, Routes } from 'discord.js';
import { createDiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, GUILD, OVERDUBS, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { testRefusals } from '../core/refusals.test-kit.ts';
import type { RefusingRoom } from '../core/refusals.test-kit.ts';
import { createDiscordPort } from './outbound.ts';

interface DiscordRoom extends RefusingRoom {
  readonly emulator: DiscordEmulator;
  readonly rest: REST;
}

/** More than a card holds: the rest comes in messages of their own. */
const MANY_SOUNDS = 12;

interface Where {
  readonly chatId: string;
  readonly threadId: string | null;
}

/** @param where null: Ada's private chat with the bot */
async function open(where: Where | null, sounds = 3): Promise<DiscordRoom> {
  const emulator = await createDiscordEmulator();
  const rest = new REST({ api: emulator.apiUrl, retries: 0, rejectOnRateLimit: () => true }).setToken(emulator.token);
  const privateChat = emulator.directChat(ADA.id);
  const place = where ?? { chatId: privateChat, threadId: null };
  return {
    emulator,
    rest,
    port: createDiscordPort({
      rest,
      uploadLimitBytes: async () => await Promise.resolve(10 * 1024 * 1024),
      ownHost: new URL(emulator.apiUrl).host,
    }),
    address: { platform: 'discord', botId: emulator.botId, ...place },
    requester: { platform: 'discord', userId: ADA.id, displayName: ADA.displayName },
    privateChat,
    sounds,
    callsToPlace: () => emulator.requests.filter((call) => call.place === (place.threadId ?? place.chatId)).length,
    close: async () => await emulator.close(),
  };
}

const inChannel = async (): Promise<DiscordRoom> => await open({ chatId: REHEARSAL.id, threadId: null });
const inThread = async (): Promise<DiscordRoom> => await open({ chatId: REHEARSAL.id, threadId: OVERDUBS.id });
const inPrivate = async (): Promise<DiscordRoom> => await open(null, MANY_SOUNDS);

testRefusals<DiscordRoom>('Discord', [
  {
    says: '10003: the channel was deleted',
    open: inChannel,
    befall: ({ emulator }) => emulator.deleteChannel(REHEARSAL.id),
    isTold: true,
  },
  {
    says: '10003: the thread was deleted',
    open: inThread,
    befall: ({ emulator }) => emulator.deleteChannel(OVERDUBS.id),
    isTold: true,
  },
  {
    says: '10008: somebody deleted the card',
    open: inChannel,
    befall: async ({ rest, address }, cardId) => await rest.delete(Routes.channelMessage(address.chatId, cardId)),
    isTold: true,
  },
  {
    says: '50001: the channel is closed to the bot',
    open: inChannel,
    befall: ({ emulator }) => emulator.setLacking(REHEARSAL.id, ['viewChannel']),
    isTold: true,
  },
  {
    says: '50001: thrown out of the server, and of everybody in it',
    open: inChannel,
    befall: ({ emulator }) => emulator.removeBot(GUILD.id),
    isTold: false,
  },
  {
    says: '50013: no right to write any more',
    open: async () => await open({ chatId: REHEARSAL.id, threadId: null }, MANY_SOUNDS),
    befall: ({ emulator }) => emulator.setLacking(REHEARSAL.id, ['sendMessages']),
    isTold: true,
  },
  {
    says: '50083: the thread is archived and locked',
    open: inThread,
    befall: ({ emulator }) => emulator.archiveThread(OVERDUBS.id, true),
    isTold: true,
  },
  {
    says: '50007: the asker takes no messages of the bot any more',
    open: inPrivate,
    befall: ({ emulator }) => emulator.setDirectMessages(ADA.id, false),
    isTold: false,
  },
  {
    says: '50278: no server in common any more',
    open: inPrivate,
    befall: ({ emulator }) => emulator.removeBot(GUILD.id),
    isTold: false,
  },
]);
