import { ADA, FORUM, GROUP } from '../../tools/emulators/telegram/options.ts';
import { testWaits } from '../core/waits.test-kit.ts';
import type { WaitingRoom } from '../core/waits.test-kit.ts';
import { openTelegramRoom } from './delivery-room.test-kit.ts';
import type { TelegramRoom } from './delivery-room.test-kit.ts';

const FORUM_CHAT = String(FORUM.id);

testWaits<TelegramRoom & WaitingRoom>('Telegram', {
  async open(options) {
    const room = await openTelegramRoom(FORUM_CHAT, '11', ADA, options);
    return {
      ...room,
      other: { ...room.address, chatId: String(GROUP.id), threadId: null },
      limitPrivate: (ms) => room.emulator.floodWait(room.privateChat, ms / 1000),
      limitChat: (ms) => room.emulator.floodWait(FORUM_CHAT, ms / 1000),
    };
  },
  limited: [
    // The card, and the second of the messages that wait for files.
    ['sendMessage', ['sendMessage', null], 'sendMessage'],
    ['editMessageMedia', 'editMessageText'],
  ],
  // Whatever is limited, it is the chat.
  scopeOf: (_room, { chat }) => chat,
});
