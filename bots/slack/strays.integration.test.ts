import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createResent } from '../../db/resent.repository.ts';
import { readFigures } from '../../db/figures.repository.ts';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import { ADA, APP, DEMOS } from '../../tools/emulators/slack/options.ts';
import type { SlackOptions } from '../../tools/emulators/slack/options.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { openDeliveryPath } from '../core/delivery-path.test-kit.ts';
import type { DeliveryPath } from '../core/delivery-path.test-kit.ts';
import { openHouse } from '../core/house.test-kit.ts';
import type { House } from '../core/house.test-kit.ts';
import { pause } from '../core/pacing.ts';
import { startStraySweeper } from '../core/stray-sweeper.ts';
import { openEmulatedRoom } from './emulated-room.test-kit.ts';
import type { EmulatedRoom } from './emulated-room.test-kit.ts';

const LIMIT = { timeout: 180_000 };
const ENDLESS_MS = 3_600_000;
const PACE = { standingForMs: 0, idleMs: 50, spreadMs: 10 };
const LOST = ['done-then-5xx', 'done-then-hang', 'done-then-reset'] as const;
type Lost = (typeof LOST)[number];

interface Bench {
  readonly room: EmulatedRoom;
  readonly path: DeliveryPath;
  /** A job there, of whose card's sends the first so many were lost. Its result is delivered. */
  deliver(address: ChatAddress, lost: readonly Lost[]): Promise<{ readonly code: string; readonly cardId: string }>;
  /** Until nothing is left to be swept. */
  sweep(): Promise<{ readonly removed: number; readonly errors: readonly unknown[] }>;
  /** Ids of the bot's messages that name the job. */
  shown(address: ChatAddress, code: string): readonly string[];
  reads(): number;
  deletes(): number;
}

describe('Slack, placeholders that a second send made superfluous', LIMIT, () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(async () => {
    await house.close();
  });

  async function inRoom(use: (bench: Bench) => Promise<void>, options: SlackOptions = {}): Promise<void> {
    const room = await openEmulatedRoom(false, options);
    const path = await openDeliveryPath(house, room.port, 'slack');
    const { port, slack, requester } = room;
    const called = (...methods: string[]): number =>
      slack.requests.filter(({ method }) => methods.includes(method)).length;
    try {
      await use({
        room,
        path,
        async deliver(address, lost) {
          const job = await path.ask({ address, requester });
          slack.setFaults(plannedFaults(lost.map((fault) => ({ method: 'chat.postMessage', fault }))));
          await job.postCard();
          slack.setFaults(plannedFaults([]));
          const parcel = await job.parcel('files');
          assert.deepEqual(await job.deliver(parcel), { state: 'delivered' });
          const card = (await job.deliveries()).find(({ slot }) => slot === 'card');
          return { code: job.code, cardId: card?.messageId ?? '' };
        },
        async sweep() {
          const resent = createResent(house.database, 'slack');
          let removed = 0;
          const errors: unknown[] = [];
          const sweeper = startStraySweeper({
            resent,
            removeStrays: port.removeStrays?.bind(port) ?? assert.fail('Slack can look for strays'),
            onRemoved: (count) => (removed += count),
            onError: (error) => errors.push(error),
            pace: PACE,
          });
          while ((await resent.next(PACE.standingForMs)) !== null) await pause(PACE.idleMs);
          await sweeper.stop();
          return { removed, errors };
        },
        shown: ({ chatId }, code) =>
          slack.conversation
            .messages(chatId)
            .filter(({ by, text }) => by === 'bot' && text.includes(code))
            .map(({ id }) => id),
        reads: () => called('conversations.history', 'conversations.replies'),
        deletes: () => called('chat.delete'),
      });
    } finally {
      await path.stop();
      await room.close();
    }
  }

  for (const fault of LOST) {
    for (const place of ['channel', 'thread'] as const) {
      test(`are gone after the sweep, and the card and its files stand: ${fault}, in a ${place}`, async () => {
        await inRoom(async (bench) => {
          const { room, deliver, sweep, shown } = bench;
          const address = place === 'channel' ? room.address : await threadIn(room);
          const { code, cardId } = await deliver(address, [fault, fault]);
          const other = await deliver(address, []);
          const [strays, others] = [shown(address, code).length, shown(address, other.code)];
          assert.equal(strays, 4, 'two strays, the card, the files');
          assert.deepEqual(await sweep(), { removed: 2, errors: [] });
          const [card, files, ...more] = shown(address, code);
          assert.equal(card, cardId);
          assert.equal(room.slack.conversation.find(address.chatId, files ?? '')?.files.length, 3);
          assert.deepEqual(more, []);
          assert.deepEqual(shown(address, other.code), others, 'another job lost nothing');
        });
      });
    }
  }

  test('of several jobs are found by one look', async () => {
    await inRoom(async ({ room: { address }, deliver, sweep, shown, reads }) => {
      const jobs = [];
      for (let count = 0; count < 4; count += 1) jobs.push(await deliver(address, ['done-then-5xx']));
      assert.deepEqual(await sweep(), { removed: 4, errors: [] });
      assert.equal(reads(), 1);
      for (const { code, cardId } of jobs) assert.equal(shown(address, code)[0], cardId);
    });
  });

  test('are looked for once, and not at all where every answer came', async () => {
    await inRoom(async ({ room: { address, slack }, path, deliver, sweep, reads }) => {
      await deliver(address, []);
      // The first try did nothing, and Slack said so.
      const job = await path.ask({ address, requester: { platform: 'slack', userId: ADA.id, displayName: 'Ada' } });
      slack.setFaults(plannedFaults([{ method: 'chat.postMessage', fault: 'rate-limited' }]));
      await job.postCard();
      await sweep();
      assert.equal(reads(), 0);
      await deliver(address, ['done-then-5xx']);
      await sweep();
      await sweep();
      assert.equal(reads(), 1);
    });
  });

  test('stay where the app may not read, and that costs one call and no word', async () => {
    const scopes = APP.scopes.filter((scope) => !scope.endsWith(':history'));
    await inRoom(
      async ({ room: { address }, deliver, sweep, shown, reads, deletes }) => {
        const { code, cardId } = await deliver(address, ['done-then-5xx']);
        assert.deepEqual(await sweep(), { removed: 0, errors: [] });
        assert.equal(shown(address, code).length, 3);
        assert.ok(shown(address, code).includes(cardId));
        assert.deepEqual([reads(), deletes()], [1, 0]);
      },
      { app: { scopes } },
    );
  });

  test('are removed by an app that must wait between two chats', async () => {
    await inRoom(
      async ({ room: { address, slack }, deliver, sweep, shown, reads }) => {
        const places = [address, { ...address, chatId: DEMOS.id }];
        const jobs = [];
        for (const place of places) jobs.push({ place, ...(await deliver(place, ['done-then-reset'])) });
        const faults = [null, 'rate-limited'] as const;
        slack.setFaults(plannedFaults(faults.map((fault) => ({ method: 'conversations.history', fault }))));
        assert.deepEqual(await sweep(), { removed: 2, errors: [] });
        assert.equal(reads(), 3);
        for (const { place, code, cardId } of jobs) assert.deepEqual(shown(place, code).slice(0, -1), [cardId]);
      },
      { faultRetryAfterSeconds: 1 },
    );
  });

  test('stay where Slack wants to be left alone for long', async () => {
    await inRoom(async ({ room: { address, slack }, deliver, sweep, reads }) => {
      await deliver(address, ['done-then-5xx']);
      slack.limit('conversations.history', ENDLESS_MS);
      assert.deepEqual(await sweep(), { removed: 0, errors: [] });
      assert.equal(reads(), 1);
    });
  });

  test('are forgotten where Slack fails whenever it is asked', async () => {
    await inRoom(async ({ room: { address, slack }, deliver, sweep, reads }) => {
      await deliver(address, ['done-then-5xx']);
      const fault = 'refused-5xx' as const;
      slack.setFaults(plannedFaults(Array.from({ length: 9 }, () => ({ method: 'conversations.history', fault }))));
      assert.deepEqual(await sweep(), { removed: 0, errors: [] });
      assert.equal(reads(), 3);
    });
  });

  test('are taken up where a sweeper died between two of them', async () => {
    await inRoom(async ({ room: { address, slack, port }, deliver, sweep, shown }) => {
      const { code, cardId } = await deliver(address, ['done-then-5xx', 'done-then-5xx', 'done-then-5xx']);
      const place = await createResent(house.database, 'slack').next(PACE.standingForMs);
      assert.ok(place !== null);
      const faults = [null, 'done-then-reset'] as const;
      slack.setFaults(plannedFaults(faults.map((fault) => ({ method: 'chat.delete', fault }))));
      await assert.rejects(port.removeStrays?.(place.address, place.rows) ?? assert.fail());
      assert.equal(shown(address, code).length, 3, 'one stray is left');
      assert.deepEqual(await sweep(), { removed: 1, errors: [] });
      assert.deepEqual(shown(address, code).slice(0, -1), [cardId]);
    });
  });

  test('are no message of a person, and none that names another delivery', async () => {
    await inRoom(async ({ room: { address, client, slack }, deliver, sweep }) => {
      const { code } = await deliver(address, ['done-then-5xx']);
      const event_payload = { delivery: 'another-nonce' };
      await client.chat.postMessage({
        channel: address.chatId,
        text: code,
        metadata: { event_type: 'woodshed_delivery', event_payload },
      });
      const place = await createResent(house.database, 'slack').next(PACE.standingForMs);
      const delivery = place?.rows[0]?.nonce ?? assert.fail();
      await client.chat.postMessage({
        channel: address.chatId,
        text: code,
        metadata: { event_type: 'somebody_else', event_payload: { delivery } },
      });
      const at = { chat: address.chatId, thread: null };
      await slack.act({ kind: 'message', by: ADA.id, at, text: code, files: [], replyTo: null });
      const count = slack.conversation.messages(address.chatId).length;
      assert.deepEqual(await sweep(), { removed: 1, errors: [] });
      assert.equal(slack.conversation.messages(address.chatId).length, count - 1);
    });
  });

  test('are as many as the figures say at most', async () => {
    const unknown = async (): Promise<number> =>
      (await readFigures(house.database)).deliveries
        .filter(({ platform, slot }) => platform === 'slack' && slot === 'card')
        .reduce((sum, { unknownSends }) => sum + unknownSends, 0);
    await inRoom(async ({ room: { address }, deliver, sweep }) => {
      const earlier = await unknown();
      await deliver(address, ['done-then-5xx', 'done-then-reset']);
      await deliver(address, []);
      assert.equal(await unknown(), earlier + 2);
      await sweep();
    });
  });
});

async function threadIn({ slack, address }: EmulatedRoom): Promise<ChatAddress> {
  const at = { chat: address.chatId, thread: null };
  const { id } = await slack.act({ kind: 'message', by: ADA.id, at, text: 'new takes', files: [], replyTo: null });
  return { ...address, threadId: id };
}
