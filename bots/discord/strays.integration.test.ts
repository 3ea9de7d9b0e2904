/** What an earlier try left in the channel, once Discord has forgotten its nonce. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createResent } from '../../db/resent.repository.ts';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import type { Fault } from '../../tools/emulators/core/faults.ts';
import { ADA, OVERDUBS, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import type { DiscordOptions } from '../../tools/emulators/discord/options.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { openHouse } from '../core/house.test-kit.ts';
import type { House } from '../core/house.test-kit.ts';
import { pause } from '../core/pacing.ts';
import { startStraySweeper } from '../core/stray-sweeper.ts';
import { openDelivery } from './delivery.test-kit.ts';
import type { DiscordDelivery } from './delivery.test-kit.ts';

const LIMIT = { timeout: 180_000 };
const PACE = { standingForMs: 0, idleMs: 50, spreadMs: 10 };
const LOST = ['done-then-5xx', 'done-then-hang', 'done-then-reset'] as const;
const POST = 'POST /channels/{channel_id}/messages';
/** More than a card holds: the rest comes in a message of its own. */
const MANY_SOUNDS = 12;

interface Bench extends DiscordDelivery {
  readonly address: ChatAddress;
  /** A job there, of whose posts the first so many were lost. Its result is delivered. Resolves with the ids of what stands. */
  deliver(lost: readonly (Fault | null)[], sounds?: number): Promise<{ readonly standing: readonly string[] }>;
  /** Until nothing is left to be swept. */
  sweep(): Promise<{ readonly removed: number; readonly errors: readonly unknown[] }>;
  /** Ids of the bot's messages. */
  shown(): readonly string[];
  called(method: string): number;
}

describe('Discord, placeholders that a second send made superfluous', LIMIT, () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(async () => {
    await house.close();
  });

  /** By default no nonce is remembered for longer than a moment. */
  async function inRoom(
    use: (bench: Bench) => Promise<void>,
    { threadId = null, ...options }: DiscordOptions & { readonly threadId?: string | null } = {},
  ): Promise<void> {
    const room = await openDelivery(house, { channels: null, callLimitMs: 2000, nonceLifeMs: 0, ...options });
    const { discord, path } = room;
    const address: ChatAddress = { platform: 'discord', botId: discord.botId, chatId: REHEARSAL.id, threadId };
    const requester = { platform: 'discord', userId: ADA.id, displayName: ADA.displayName } as const;
    try {
      await use({
        ...room,
        address,
        async deliver(lost, sounds = 3) {
          const job = await path.ask({ address, requester, sounds });
          discord.setFaults(plannedFaults(lost.map((fault) => ({ method: POST, fault }))));
          await job.postCard();
          assert.deepEqual(await job.deliver(await job.parcel('files')), { state: 'delivered' });
          discord.setFaults(plannedFaults([]));
          const rows = await job.deliveries();
          const placed = rows.filter(({ slot }) => slot === 'card' || slot.startsWith('file-'));
          return { standing: placed.map(({ messageId }) => messageId ?? '').toSorted() };
        },
        async sweep() {
          const resent = createResent(house.database, 'discord');
          let removed = 0;
          const errors: unknown[] = [];
          const sweeper = startStraySweeper({
            resent,
            removeStrays: room.port.removeStrays?.bind(room.port) ?? assert.fail('Discord can look for strays'),
            onRemoved: (count) => (removed += count),
            onError: (error) => errors.push(error),
            pace: PACE,
          });
          while ((await resent.next(PACE.standingForMs)) !== null) await pause(PACE.idleMs);
          await sweeper.stop();
          return { removed, errors };
        },
        shown: () =>
          discord.conversation
            .messages(REHEARSAL.id)
            .filter(({ by }) => by === 'bot')
            .map(({ id }) => id)
            .toSorted(),
        called: (method) => discord.requests.filter((request) => request.method === method).length,
      });
    } finally {
      await room.close();
    }
  }

  for (const fault of LOST) {
    for (const threadId of [null, OVERDUBS.id]) {
      test(`are gone after the sweep: ${fault}, in a ${threadId === null ? 'channel' : 'thread'}`, async () => {
        await inRoom(
          async ({ deliver, sweep, shown, discord }) => {
            const { standing } = await deliver([fault, fault]);
            const other = await deliver([]);
            assert.equal(shown().length, 4, 'two strays, two cards');
            assert.deepEqual(await sweep(), { removed: 2, errors: [] });
            assert.deepEqual(shown(), [...standing, ...other.standing].toSorted());
            const [card = ''] = standing;
            assert.equal(discord.conversation.find(REHEARSAL.id, card)?.files.length, 3);
          },
          { threadId },
        );
      });
    }
  }

  test('are those of files as well, and no other message is touched', async () => {
    await inRoom(async ({ deliver, sweep, shown, discord }) => {
      const at = { chat: REHEARSAL.id, thread: null };
      await discord.act({ kind: 'message', by: ADA.id, at, text: 'a take', files: [], replyTo: null });
      const { standing } = await deliver([null, 'done-then-reset'], MANY_SOUNDS);
      assert.equal(standing.length, 2);
      assert.equal(shown().length, 3);
      assert.deepEqual(await sweep(), { removed: 1, errors: [] });
      assert.deepEqual(shown(), standing);
      const files = standing.map((id) => discord.conversation.find(REHEARSAL.id, id)?.files.length);
      assert.deepEqual(files, [10, 2]);
      assert.equal(discord.conversation.messages(REHEARSAL.id).length, 3);
    });
  });

  test('are found behind many messages, and by one look for several jobs', async () => {
    await inRoom(async ({ deliver, sweep, shown, discord, called }) => {
      const first = await deliver(['done-then-5xx']);
      const at = { chat: REHEARSAL.id, thread: null };
      for (let line = 0; line < 120; line += 1) {
        await discord.act({ kind: 'message', by: ADA.id, at, text: 'la', files: [], replyTo: null });
      }
      const second = await deliver(['done-then-5xx']);
      assert.deepEqual(await sweep(), { removed: 2, errors: [] });
      assert.equal(called('GET /channels/{channel_id}/messages'), 2, 'two pages');
      assert.deepEqual(shown(), [...first.standing, ...second.standing].toSorted());
    });
  });

  test('are none where the nonce was known, and are not looked for where every answer came', async () => {
    await inRoom(
      async ({ deliver, sweep, shown, called }) => {
        const first = await deliver([]);
        assert.deepEqual(await sweep(), { removed: 0, errors: [] });
        assert.equal(called('GET /channels/{channel_id}/messages'), 0);
        const second = await deliver(['done-then-reset']);
        assert.deepEqual(await sweep(), { removed: 0, errors: [] });
        assert.deepEqual(shown(), [...first.standing, ...second.standing].toSorted());
      },
      { nonceLifeMs: 300_000 },
    );
  });

  test('stay where the bot may not read, and that costs one call and no word', async () => {
    await inRoom(async ({ deliver, sweep, shown, discord, called }) => {
      await deliver(['done-then-5xx']);
      discord.setLacking(REHEARSAL.id, ['readMessageHistory']);
      assert.deepEqual(await sweep(), { removed: 0, errors: [] });
      assert.equal(shown().length, 2);
      assert.equal(called('GET /channels/{channel_id}/messages'), 1);
      assert.equal(called('DELETE /channels/{channel_id}/messages/{message_id}'), 0);
    });
  });

  test('are deleted in a thread that was archived meanwhile, and are nobody’s matter where the channel is gone', async () => {
    await inRoom(
      async ({ deliver, sweep, shown, discord }) => {
        const { standing } = await deliver(['done-then-5xx']);
        discord.archiveThread(OVERDUBS.id);
        assert.deepEqual(await sweep(), { removed: 1, errors: [] });
        assert.deepEqual(shown(), standing);
        await deliver(['done-then-5xx']);
        discord.deleteChannel(OVERDUBS.id);
        assert.deepEqual(await sweep(), { removed: 0, errors: [] });
      },
      { threadId: OVERDUBS.id },
    );
  });
});
