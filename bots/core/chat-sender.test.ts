import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { settle } from './card-bench.test-kit.ts';
import { createChatSender } from './chat-sender.ts';
import type { ChatSender } from './chat-sender.ts';

let sender: ChatSender;
let moves: string[];
let errors: unknown[];
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  moves = [];
  errors = [];
  sender = createChatSender({
    bands: {
      async moveChat({ chatId }, to) {
        moves.push(`${chatId} to ${to}`);
      },
    },
    onError: (error) => {
      errors.push(error);
    },
  });
});
afterEach(() => {
  sender.stop();
  mock.timers.reset();
});

function chat(chatId: string): ChatAddress {
  return { platform: 'telegram', botId: 'bot', chatId, threadId: null };
}

async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settle();
}

async function limit(chatId: string, retryAfterMs: number): Promise<void> {
  await assert.rejects(
    sender.call(chat(chatId), async () => {
      throw new SendError('not-executed', 'slow down', { retryAfterMs });
    }),
    SendError,
  );
}

test('a chat that is to be quiet holds up no other', async () => {
  await limit('loud', 3000);
  const events: string[] = [];
  const loud = sender.call(chat('loud'), async () => {
    events.push('loud');
  });
  await sender.call(chat('calm'), async () => {
    events.push('calm');
  });
  sender.lane(chat('loud')).wake('card', async () => {
    events.push('loud card');
  });
  sender.lane(chat('calm')).wake('card', async () => {
    events.push('calm card');
  });
  await pass(0);
  assert.deepEqual(events, ['calm', 'calm card']);
  await pass(2999);
  assert.deepEqual(events, ['calm', 'calm card'], 'never early');
  await pass(1);
  await loud;
  assert.deepEqual(events.toSorted(), ['calm', 'calm card', 'loud', 'loud card']);
});

test('cards of one chat take turns, with the rest between any two', async () => {
  const lane = sender.lane(chat('band'));
  const shown: string[] = [];
  for (const card of ['one', 'two', 'one', 'three']) {
    lane.wake(card, async () => {
      shown.push(card);
      lane.rest(1000);
    });
  }
  await pass(0);
  assert.deepEqual(shown, ['one']);
  await pass(999);
  assert.deepEqual(shown, ['one']);
  await pass(1);
  await pass(1000);
  assert.deepEqual(shown, ['one', 'two', 'three']);
});

test('a card that hangs holds up its chat alone', async () => {
  const shown: string[] = [];
  sender.lane(chat('stuck')).wake('card', async () => {
    await new Promise(() => undefined);
  });
  sender.lane(chat('band')).wake('card', async () => {
    shown.push('band');
  });
  await pass(0);
  assert.deepEqual(shown, ['band']);
});

test('what fails is told, and the next card has its turn', async () => {
  const lane = sender.lane(chat('band'));
  const shown: string[] = [];
  lane.wake('one', async () => {
    throw new Error('no');
  });
  lane.wake('two', async () => {
    shown.push('two');
  });
  await pass(0);
  await pass(0);
  assert.deepEqual([shown, errors.length], [['two'], 1]);
});

test('follows a chat that moves, tells of it once, and knows it from then on', async () => {
  const asked: string[] = [];
  async function call(): Promise<string> {
    return await sender.call(chat('group'), async ({ chatId }) => {
      asked.push(chatId);
      if (chatId === 'group') throw new SendError('not-executed', 'moved', { movedToChatId: 'supergroup' });
      return chatId;
    });
  }
  assert.equal(await call(), 'supergroup');
  assert.equal(await call(), 'supergroup');
  assert.deepEqual(asked, ['group', 'supergroup', 'supergroup']);
  assert.deepEqual(moves, ['group to supergroup']);
});

test('a chat that moves in a circle is given up', async () => {
  let calls = 0;
  await assert.rejects(
    sender.call(chat('a'), async ({ chatId }) => {
      calls += 1;
      throw new SendError('not-executed', 'moved', { movedToChatId: chatId === 'a' ? 'b' : 'a' });
    }),
    SendError,
  );
  assert.ok(calls <= 5, String(calls));
});
