/**
 * How a platform's waits are kept on the way out, by the platform's own log: never ended early, not much overslept, and by the chat alone
 * that was asked for it. Run by each platform.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { ChatEmulator, EmulatedRequest } from '../../tools/emulators/core/emulator.ts';
import { plannedFaults } from '../../tools/emulators/core/faults.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { openDeliveryPath } from './delivery-path.test-kit.ts';
import type { AskedJob } from './delivery-path.test-kit.ts';
import { openHouse } from './house.test-kit.ts';
import type { House } from './house.test-kit.ts';
import { pause } from './pacing.ts';

export interface WaitingRoom {
  readonly emulator: ChatEmulator;
  readonly port: ChatPort;
  readonly address: ChatAddress;
  /** Another chat of the same bot. */
  readonly other: ChatAddress;
  readonly requester: Requester;
  /** The platform asks for a wait in the first chat, whatever is posted there. */
  limitChat(ms: number): void;
  /** And of whatever tells the requester something in private. */
  limitPrivate(ms: number): void;
  /** Id of the requester's private chat with the bot. */
  readonly privateChat: string;
  close(): Promise<void>;
}

export interface PlatformWaits<Room extends WaitingRoom> {
  /** @param faultRetryAfterSeconds what a 429 asks for */
  readonly open: (options: { readonly faultRetryAfterSeconds: number }) => Promise<Room>;
  /** Deliveries side by side, each with the calls that are limited in it; a method's name with null is a call of it that passes. */
  readonly limited: readonly (readonly (string | readonly [method: string, fault: null])[])[];
  /** Requests with the same scope wait for each other; null for those that nothing limits. */
  readonly scopeOf: (room: Room, request: Room['emulator']['requests'][number]) => string | null;
}

const LIMIT = { timeout: 180_000 };
const SHORT_SECONDS = 2;
/** Above what is sat out: Temporal is given the place back. */
const LONG_MS = 6000;
const ENDLESS_MS = 3_600_000;
/** What may be overslept: this, and a tenth of what was asked for. */
const GRACE_MS = 1000;
const GRACE_SHARE = 0.1;

export function testWaits<Room extends WaitingRoom>(
  name: string,
  { open, limited, scopeOf }: PlatformWaits<Room>,
): void {
  describe(`${name}, waits that the platform asks for`, { concurrency: true }, () => {
    let house: House;
    before(async () => {
      house = await openHouse();
    });
    after(async () => {
      await house.close();
    });

    for (const calls of limited) {
      const methods = calls.filter((call) => typeof call === 'string');
      test(`are kept by ${[...new Set(methods)].join(', ')}, and the result comes whole`, LIMIT, async () => {
        await inRoom(SHORT_SECONDS, async (room, job, stalls) => {
          const planned = calls.map((call) =>
            typeof call === 'string'
              ? { method: call, fault: 'rate-limited' as const }
              : { method: call[0], fault: call[1] },
          );
          room.emulator.setFaults(plannedFaults(planned));
          await asTemporal(job.postCard);
          const parcel = await job.parcel('files');
          assert.deepEqual(await asTemporal(async () => await job.deliver(parcel)), { state: 'delivered' });
          const gaps = gapsIn(room.emulator.requests, (request) => scopeOf(room, request));
          assert.equal(gaps.length, methods.length, 'every limit was met');
          for (const gap of gaps) assertKept(gap, SHORT_SECONDS * 1000, stalls);
          assertWhole(room, job, room.address);
        });
      });
    }

    test('are handed to Temporal where they are long, which comes again in time', LIMIT, async () => {
      await inRoom(SHORT_SECONDS, async (room, job, stalls) => {
        await job.postCard();
        room.limitChat(LONG_MS);
        const parcel = await job.parcel('files');
        assert.deepEqual(await asTemporal(async () => await job.deliver(parcel)), { state: 'delivered' });
        const gaps = gapsIn(room.emulator.requests, (request) => scopeOf(room, request));
        assert.equal(gaps.length, 1);
        for (const gap of gaps) assertKept(gap, LONG_MS, stalls);
        assertWhole(room, job, room.address);
      });
    });

    test('are kept in private as well, and then the asker is told', LIMIT, async () => {
      await inRoom(SHORT_SECONDS, async (room, job, stalls) => {
        room.limitPrivate(LONG_MS);
        const links = await job.parcel('links');
        await asTemporal(async () => await job.tellInPrivate(links));
        const [gap, ...more] = gapsIn(room.emulator.requests, (request) => scopeOf(room, request));
        assert.ok(gap !== undefined && more.length === 0);
        assertKept(gap, LONG_MS, stalls);
        assert.equal(room.emulator.conversation.messages(room.privateChat).length, 1);
      });
    });

    test('hold up no other chat', LIMIT, async () => {
      await inRoom(SHORT_SECONDS, async (room, job, _stalls, ask) => {
        const others = [await ask(room.other), await ask(room.other)];
        room.limitChat(ENDLESS_MS);
        const refusedFor = async (): Promise<number> => delayOf(await job.postCard().catch((error: unknown) => error));
        const first = await refusedFor();
        for (const other of others) {
          await other.postCard();
          assert.deepEqual(await other.deliver(await other.parcel('files')), { state: 'delivered' });
          assertWhole(room, other, room.other);
        }
        const second = await refusedFor();
        assert.ok(second <= first && first <= ENDLESS_MS, `first ${String(first)} ms, then ${String(second)} ms`);
        const refused = room.emulator.requests.filter(({ status }) => status === 429);
        assert.equal(refused.length, 1, 'the platform is asked once');
      });
    });

    async function inRoom(
      faultRetryAfterSeconds: number,
      use: (
        room: Room,
        job: AskedJob,
        stalls: Stalls,
        ask: (address: ChatAddress) => Promise<AskedJob>,
      ) => Promise<void>,
    ): Promise<void> {
      const room = await open({ faultRetryAfterSeconds });
      const path = await openDeliveryPath(house, room.port, room.address.platform);
      const stalls = watchStalls();
      const ask = async (address: ChatAddress): Promise<AskedJob> =>
        await path.ask({ address, requester: room.requester });
      try {
        await use(room, await ask(room.address), stalls, ask);
      } finally {
        stalls.stop();
        await path.stop();
        await room.close();
      }
    }
  });
}

/** Again when an activity's failure says so. */
async function asTemporal<T>(activity: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await activity();
    } catch (error) {
      await pause(delayOf(error));
    }
  }
}

/** Milliseconds; fails where it is no failure that asks for a wait. */
function delayOf(error: unknown): number {
  assert.ok(error instanceof ApplicationFailure && typeof error.nextRetryDelay === 'number', String(error));
  return error.nextRetryDelay;
}

interface Gap {
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** From each 429 to the next request in its scope. */
function gapsIn<R extends EmulatedRequest>(requests: readonly R[], scopeOf: (request: R) => string | null): Gap[] {
  return requests.flatMap((request, index) => {
    if (request.status !== 429) return [];
    const next = requests.slice(index + 1).find((later) => scopeOf(later) === scopeOf(request));
    assert.ok(next !== undefined, `${request.method} was not tried again`);
    return [{ what: `${request.method}, then ${next.method}`, fromMs: request.atMs, toMs: next.atMs }];
  });
}

function assertKept({ what, fromMs, toMs }: Gap, askedMs: number, stalls: Stalls): void {
  const waitedMs = toMs - fromMs;
  const mostMs = askedMs * (1 + GRACE_SHARE) + GRACE_MS + stalls.between(fromMs, toMs);
  assert.ok(waitedMs >= askedMs, `${what}: ${String(waitedMs)} ms of ${String(askedMs)}`);
  assert.ok(waitedMs <= mostMs, `${what}: ${String(waitedMs)} ms, and at most ${String(mostMs)} were expected`);
}

function assertWhole({ emulator }: WaitingRoom, job: AskedJob, { chatId }: ChatAddress): void {
  const seen = emulator.conversation.messages(chatId).flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  const wanted = job.files.map(({ blob }) => blob.sha256);
  assert.deepEqual(seen.filter((sha256) => wanted.includes(sha256)).toSorted(), wanted.toSorted());
}

/** Times in which this process was given no processor: nobody can be awake in them. */
interface Stalls {
  between(fromMs: number, toMs: number): number;
  stop(): void;
}

const PROBE_MS = 20;

function watchStalls(): Stalls {
  const stalls: { readonly atMs: number; readonly ms: number }[] = [];
  let lastMs = Date.now();
  const timer = setInterval(() => {
    const atMs = Date.now();
    if (atMs - lastMs > 2 * PROBE_MS) stalls.push({ atMs, ms: atMs - lastMs - PROBE_MS });
    lastMs = atMs;
  }, PROBE_MS);
  return {
    between: (fromMs, toMs) =>
      stalls.filter(({ atMs, ms }) => atMs >= fromMs && atMs - ms <= toMs).reduce((sum, { ms }) => sum + ms, 0),
    stop: () => clearInterval(timer),
  };
}
