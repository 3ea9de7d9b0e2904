/** A chat of an emulated Telegram for tests of the way out, and the port to it. */
import { Api } from 'grammy';
import type { PersonSeed, TelegramOptions } from '../../tools/emulators/telegram/options.ts';
import { createTelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import type { TelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import type { RefusingRoom } from '../core/refusals.test-kit.ts';
import { createTelegramPort } from './outbound.ts';

export interface TelegramRoom extends RefusingRoom {
  readonly emulator: TelegramEmulator;
}

/** @param person who asks */
export async function openTelegramRoom(
  chatId: string,
  threadId: string | null,
  person: PersonSeed,
  options: TelegramOptions = {},
): Promise<TelegramRoom> {
  const emulator = await createTelegramEmulator(options);
  const api = new Api(emulator.token, { apiRoot: emulator.root, timeoutSeconds: 30 });
  return {
    emulator,
    port: createTelegramPort({ api, token: emulator.token, apiRoot: emulator.root, isLocal: false }),
    address: { platform: 'telegram', botId: emulator.token.split(':')[0] ?? '', chatId, threadId },
    requester: { platform: 'telegram', userId: String(person.id), displayName: person.firstName },
    privateChat: String(person.id),
    callsToPlace: () => emulator.requests.filter(({ chat }) => chat === chatId).length,
    close: async () => await emulator.close(),
  };
}
