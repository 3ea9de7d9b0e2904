import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { createChatSender } from './chat-sender.ts';
import { memoryDeliveries } from './memory-deliveries.test-kit.ts';
import { planSlot, sendSlot } from './send-slot.ts';

const ADDRESS: ChatAddress = { platform: 'telegram', botId: '1', chatId: '-200', threadId: null };
const PLACE = { jobId: 'job', surfaceId: 'surface', address: ADDRESS };

/** Posts the card while another sender, who came later, is answered first; @returns what stands then, and what was removed. */
async function sendLate(movesTo: string | null): Promise<{ standing: string | null; removed: unknown[] }> {
  const deliveries = memoryDeliveries();
  const sender = createChatSender({ bands: { moveChat: async () => undefined }, onError: () => undefined });
  const removed: unknown[] = [];
  const removeStray = async ({ chatId }: ChatAddress, messageId: string): Promise<void> =>
    void removed.push([chatId, messageId]);
  const standing = await sendSlot({ deliveries, sender, removeStray }, PLACE, 'card', async ({ chatId }) => {
    if (movesTo !== null && chatId !== movesTo) {
      throw new SendError('not-executed', 'moved', { movedToChatId: movesTo });
    }
    const { id } = await planSlot(deliveries, PLACE, 'card');
    await deliveries.markSent(id, 'theirs');
    return { messageId: 'late' };
  });
  sender.stop();
  return { standing, removed };
}

test('a placeholder whose answer comes after that of another try is removed at once', async () => {
  assert.deepEqual(await sendLate(null), { standing: 'theirs', removed: [['-200', 'late']] });
});

test('it is removed where it went, if the chat has moved meanwhile', async () => {
  assert.deepEqual(await sendLate('-100200'), { standing: 'theirs', removed: [['-100200', 'late']] });
});
