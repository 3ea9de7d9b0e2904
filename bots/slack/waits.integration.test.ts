import { ADA, DEMOS, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import { testWaits } from '../core/waits.test-kit.ts';
import type { WaitingRoom } from '../core/waits.test-kit.ts';
import { openEmulatedRoom } from './emulated-room.test-kit.ts';
import type { EmulatedRoom } from './emulated-room.test-kit.ts';

type SlackRoom = WaitingRoom & Pick<EmulatedRoom, 'slack'> & { readonly emulator: EmulatedRoom['slack'] };

testWaits<SlackRoom>('Slack', {
  async open(options) {
    const room = await openEmulatedRoom(false, options);
    const { slack, address } = room;
    return {
      ...room,
      emulator: slack,
      other: { ...address, chatId: DEMOS.id },
      privateChat: slack.directChat(ADA.id),
      limitPrivate: (ms) => slack.limit('conversations.open', ms),
      limitChat(ms) {
        for (const method of ['chat.postMessage', 'files.completeUploadExternal'])
          slack.limit(method, ms, REHEARSAL.id);
      },
    };
  },
  limited: [
    ['chat.postMessage', 'chat.update'],
    ['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal'],
  ],
  scopeOf: (_room, { method }) => method,
});
