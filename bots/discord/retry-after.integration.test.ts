/** Where Discord asks for quiet, nothing is sent before that is over, and something soon after; other chats do not notice. */
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { ADA, REHEARSAL } from '../../tools/emulators/discord/options.ts';
import { openHouse } from '../core/delivery-path.test-kit.ts';
import type { AskedJob, House } from '../core/delivery-path.test-kit.ts';
import { channelId, deliver, openDelivery, resultsOf } from './delivery.test-kit.ts';
import type { DiscordDelivery } from './delivery.test-kit.ts';
import { openLedger, until } from './ledger.test-kit.ts';

const JOBS_IN_CHAT = 4;
/** Sat out, all but the last: that one gives its place in the queue back. */
const WAITS_SECONDS = [1, 2, 4, 6];
const LONG_MS = 60_000;

let house: House;
before(async () => {
  house = await openHouse();
});
after(async () => {
  await house.close();
});

/** Their cards stand. */
async function askedIn(delivery: DiscordDelivery, channel: number, count: number): Promise<readonly AskedJob[]> {
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const job = await delivery.ask(channel);
      assert.deepEqual((await job.postCard()).isThere, true);
      return job;
    }),
  );
}

test('never before the time that Discord named, and at most a second and a tenth after it', async (t) => {
  const delivery = await openDelivery(house, { channels: WAITS_SECONDS.length });
  const { discord } = delivery;
  try {
    const asked = await Promise.all(
      WAITS_SECONDS.map(async (_wait, channel) => await askedIn(delivery, channel, JOBS_IN_CHAT)),
    );
    // A machine that stood still is no lateness of the bot's.
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    await Promise.all(
      asked.map(async (jobs, channel) => {
        discord.limitChannel(channelId(channel), (WAITS_SECONDS[channel] ?? 0) * 1000);
        await Promise.all(jobs.map(deliver));
        assert.deepEqual(
          jobs.map((job) => resultsOf(discord, channel, job)),
          jobs.map(() => 1),
        );
      }),
    );
    stalls.disable();
    const stalledMs = stalls.max / 1e6;
    for (const [channel, waitSeconds] of WAITS_SECONDS.entries()) {
      const calls = discord.requests.filter(({ place }) => place === channelId(channel));
      // The channel answers so as long as it is limited: a second one would have come early.
      assert.equal(calls.filter(({ status }) => status === 429).length, 1, `${String(waitSeconds)} s`);
      const index = calls.findIndex(({ status }) => status === 429);
      const tookMs = (calls[index + 1]?.atMs ?? Number.NaN) - (calls[index]?.atMs ?? Number.NaN);
      t.diagnostic(`asked for ${String(waitSeconds)} s, came after ${(tookMs / 1000).toFixed(2)} s`);
      assert.ok(
        tookMs <= waitSeconds * 1100 + 1000 + 2 * stalledMs,
        `${String(tookMs)} ms for ${String(waitSeconds)} s`,
      );
    }
  } finally {
    await delivery.close();
  }
});

test('a chat that must be quiet for long gives its place back, and ten others are served meanwhile without any wait', async () => {
  const others = 10;
  const delivery = await openDelivery(house, { channels: 1 + others });
  const { discord } = delivery;
  try {
    const [limited] = await askedIn(delivery, 0, 1);
    const served = await Promise.all(
      Array.from({ length: others }, async (_, index) => (await askedIn(delivery, 1 + index, 1))[0]),
    );
    assert.ok(limited !== undefined);
    discord.limitChannel(channelId(0), LONG_MS);
    const earlier = discord.requests.length;
    const parcel = await limited.parcel('files');
    const toLimited = (): number =>
      discord.requests.slice(earlier).filter(({ place }) => place === channelId(0)).length;
    for (let tries = 0; tries < 3; tries += 1) {
      await assert.rejects(limited.deliver(parcel), (error) => {
        assert.ok(error instanceof ApplicationFailure && typeof error.nextRetryDelay === 'number', String(error));
        return error.nextRetryDelay > LONG_MS / 2 && error.nextRetryDelay <= LONG_MS * 1.1 + 1000;
      });
      assert.equal(toLimited(), 1, 'asked once, and then told to come later without asking');
    }
    await Promise.all(
      served.map(async (job, index) => {
        assert.ok(job !== undefined);
        const files = await job.parcel('files');
        // At the first try: nothing of the other chat's limit is theirs.
        assert.deepEqual(await job.deliver(files), { state: 'delivered' });
        assert.equal(resultsOf(discord, 1 + index, job), 1);
      }),
    );
    assert.equal(toLimited(), 1);
    assert.equal(resultsOf(discord, 0, limited), 0);
    assert.equal(discord.invalidRequests(), 1);
  } finally {
    await delivery.close();
  }
});

test('an answer to a mention waits as well, and comes once', async () => {
  const ledger = await openLedger();
  try {
    const { discord, errors } = await ledger.openBot();
    discord.limitChannel(REHEARSAL.id, 2000);
    const at = { chat: REHEARSAL.id, thread: null };
    const text = `<@${discord.botId}> jobs`;
    await discord.act({ kind: 'message', by: ADA.id, at, text, files: [], replyTo: null });
    const posts = (): (number | null)[] =>
      discord.requests.filter(({ place }) => place === REHEARSAL.id).map(({ status }) => status);
    await until(() => posts().includes(200));
    assert.deepEqual(posts(), [429, 200]);
    assert.equal(discord.conversation.messages(REHEARSAL.id).filter(({ by }) => by === 'bot').length, 1);
    assert.deepEqual(errors, []);
  } finally {
    await ledger.close();
  }
});
