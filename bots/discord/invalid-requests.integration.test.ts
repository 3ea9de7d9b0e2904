/** Discord shuts out whoever makes 10,000 requests in ten minutes that it answers with 401, 403 or 429: the bot stays far below that. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Routes } from 'discord.js';
import { testRandom } from '../../stack/seeded-random.test-kit.ts';
import { randomFaults, USUAL_MIX } from '../../tools/emulators/core/faults.ts';
import type { DiscordEmulator } from '../../tools/emulators/discord/discord-emulator.ts';
import { ADA, BOT, NOTICES, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { openHouse } from '../core/delivery-path.test-kit.ts';
import type { House } from '../core/delivery-path.test-kit.ts';
import { channelId, deliver, openDelivery, persistently, resultsOf } from './delivery.test-kit.ts';
import { openLedger, until } from './ledger.test-kit.ts';
import { TokenRefusedError } from './token-watch.ts';

/** A hundredth of what Discord bears in ten minutes. */
const MOST_INVALID = 100;
const INVALID = new Set([401, 403, 429]);
const JOBS = 40;
const CHANNELS = 20;
/** Closed to the bot while their jobs are under way. */
const SHUT = 4;
const CALL_LIMIT_MS = 1000;
const HANG_MS = 2000;

let house: House;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house.close();
});

function invalidOf({ requests }: DiscordEmulator): number {
  return requests.filter(({ status }) => status !== null && INVALID.has(status)).length;
}

test(`${String(JOBS)} results under the usual faults and limits, some of their channels closed, cost few invalid requests`, async (t) => {
  const { seed, random } = testRandom(t);
  const channels = CHANNELS + SHUT;
  const delivery = await openDelivery(house, {
    channels,
    seed,
    rateLimits: 'on',
    hangMs: HANG_MS,
    callLimitMs: CALL_LIMIT_MS,
  });
  const { discord } = delivery;
  const started = Date.now();
  try {
    const faults = randomFaults(USUAL_MIX, random);
    discord.setFaults(faults);
    const jobs = await Promise.all(
      Array.from({ length: JOBS }, async (_, index) => await delivery.ask(index % channels)),
    );
    await Promise.all(jobs.map(async (job) => await persistently(async () => await job.postCard())));
    for (let channel = CHANNELS; channel < channels; channel += 1) {
      discord.setLacking(channelId(channel), [channel % 2 === 0 ? 'viewChannel' : 'sendMessages']);
    }
    await Promise.all(
      jobs.map(async (job, index) => {
        if (index % channels < CHANNELS) await deliver(job);
        else {
          const parcel = await job.parcel('files');
          await persistently(async () => await job.deliver(parcel));
        }
      }),
    );
    const open = jobs.flatMap((job, index) =>
      index % channels < CHANNELS ? [resultsOf(discord, index % channels, job)] : [],
    );
    assert.deepEqual(
      open,
      open.map(() => 1),
    );
    const made = invalidOf(discord);
    const dealt = [...faults.counts].map(([fault, count]) => `${fault} ${String(count)}`).join(', ');
    t.diagnostic(`${String(made)} of ${String(discord.requests.length)} requests were invalid; faults: ${dealt}`);
    assert.ok((faults.counts.get('rate-limited') ?? 0) > 0, 'there were limits to keep');
    assert.ok(made < MOST_INVALID, `${String(made)} invalid requests in ${String(Date.now() - started)} ms`);
  } finally {
    await delivery.close();
  }
});

test('where it may not speak the bot finds out once, however often it is spoken to there', async () => {
  const ledger = await openLedger(house.database);
  try {
    const { discord, errors } = await ledger.openBot();
    const text = `<@${discord.botId}> jobs`;
    for (const chat of [NOTICES.id, REHEARSAL.id]) {
      for (let time = 0; time < 40; time += 1) {
        const at = { chat, thread: null };
        await discord.act({ kind: 'message', by: ADA.id, at, text, files: [], replyTo: null });
      }
    }
    const answered = (): number => discord.conversation.messages(REHEARSAL.id).filter(({ by }) => by === 'bot').length;
    await until(() => answered() === 40);
    const refused = invalidOf(discord);
    await discord.act({
      kind: 'message',
      by: ADA.id,
      at: { chat: NOTICES.id, thread: null },
      text,
      files: [],
      replyTo: null,
    });
    await discord.act({
      kind: 'message',
      by: ADA.id,
      at: { chat: REHEARSAL.id, thread: null },
      text,
      files: [],
      replyTo: null,
    });
    await until(() => answered() === 41);
    assert.deepEqual([refused, invalidOf(discord), errors.length], [1, 1, 1]);
  } finally {
    await ledger.close();
  }
});

test('a token that was refused once is not used again, and nothing that waits is given up for it', async () => {
  const delivery = await openDelivery(house, { channels: 1 });
  const { discord, watch, rest } = delivery;
  try {
    const job = await delivery.ask(0);
    await job.postCard();
    const earlier = discord.requests.length;
    discord.revokeToken();
    const parcel = await job.parcel('files');
    await assert.rejects(
      async () => await job.deliver(parcel),
      (error) => error instanceof TokenRefusedError && error instanceof SendError && error.outcome === 'not-executed',
    );
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        await assert.rejects(rest.get(Routes.user()), TokenRefusedError);
      }),
    );
    assert.deepEqual(
      discord.requests.slice(earlier).map(({ status, hasToken }) => [status, hasToken]),
      [[401, true]],
    );
    await watch.refused;
    const states = new Map((await job.deliveries()).map(({ slot, state }) => [slot, state]));
    assert.deepEqual([states.get('card'), states.get('result'), states.size], ['sent', 'planned', 2]);
  } finally {
    await delivery.close();
  }
});

test('a gateway that refuses the token ends the connection, and no call is made with it', async () => {
  const ledger = await openLedger(house.database);
  try {
    // One that has not been spoken to anywhere, and looks for nothing.
    const { discord, watch, connection, rest } = await ledger.openBot({ bot: { ...BOT, id: '290000000000000009' } });
    const earlier = discord.requests.length;
    discord.revokeToken();
    await assert.rejects(connection.lost, /4004/u);
    await watch.refused;
    await assert.rejects(rest.get(Routes.user()), TokenRefusedError);
    await assert.rejects(connection.client.rest.get(Routes.user()), TokenRefusedError);
    assert.equal(discord.requests.length, earlier);
  } finally {
    await ledger.close();
  }
});
