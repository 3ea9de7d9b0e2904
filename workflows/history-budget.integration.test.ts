/** Histories stay small: what is large lies in the blob store and in rows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DeliveryReport, Encoding } from './contract/delivery.ts';
import { mirrorWorkflowId, separationWorkflowId } from './contract/ids.ts';
import type { PcmBlob, StoredBlob } from './contract/recording.ts';
import { PLATFORMS } from './contract/request.ts';
import type { JobRequest } from './contract/request.ts';
import { separatorsOf, stemNames } from './contract/stems.ts';
import type { FinishedStem, StrategyNode } from './contract/stems.ts';
import { createFakeWorld, planOf } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { LARGEST_PAYLOAD_BYTES, openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';
import type { History } from './stored-history.test-kit.ts';

interface Budget {
  readonly what: string;
  /** What every place takes; larger ones are refused. */
  readonly taken: readonly string[];
  readonly deliveries: number;
  readonly mostEvents: number;
  readonly mostBytes: number;
}

const BUDGETS: readonly Budget[] = [
  { what: 'is taken everywhere at once', taken: ['wav null'], deliveries: 1, mostEvents: 300, mostBytes: 300 * 1024 },
  { what: 'steps down once everywhere', taken: ['flac null'], deliveries: 2, mostEvents: 300, mostBytes: 300 * 1024 },
  // Limits are known before, or learned for the next time: nobody steps down all rungs twice.
  { what: 'ends in links everywhere', taken: ['links'], deliveries: 6, mostEvents: 300, mostBytes: 700 * 1024 },
];

const HASH = 'c0ffee'.repeat(11).slice(0, 64);
/** As long as titles may be, in letters of four bytes. */
const TITLE = '𝄞'.repeat(80);
const UUID = '0b5d2f0e-3a7c-4b6e-9a51-7f1d6f0a2c3e';

/** Twelve stems of five separators: more than any strategy that comes with the house. */
const TREE: StrategyNode = {
  separator: 'four-parts',
  outputs: {
    a: { separator: 'voices', outputs: { a: 'lead-vocals', b: 'backing-vocals', c: 'choir' } },
    b: { separator: 'drum-kit', outputs: { a: 'kick', b: 'snare', c: 'cymbals' } },
    c: { separator: 'strings-and-keys', outputs: { a: 'guitar', b: 'piano', c: 'strings' } },
    d: { separator: 'the-rest', outputs: { a: 'bass', b: 'winds', c: 'other' } },
  },
};

/** As blobs are in production: long keys, long hashes. */
function blob(fileName: string, bytes: number): StoredBlob {
  return { key: `stems/${HASH}/${fileName}`, bytes, sha256: HASH };
}

function pcm(fileName: string): PcmBlob {
  return { ...blob(fileName, 423_360_058), rateHz: 44_100, channels: 2, samples: 52_920_000 };
}

function stem(name: string): FinishedStem {
  return {
    name,
    pcm: pcm(`${name}.wav`),
    loudnessLufs: -20.12345678901234,
    peakDbtp: -3.123456789012345,
    gainDb: 2.123456789012345,
    waveform: blob(`${name}.png`, 46_738),
  };
}

/** Nothing fits anywhere until every rung was tried; a mirror on every platform. */
function largeWorld(tried: string[], taken: readonly string[]): FakeWorld {
  return createFakeWorld(planOf(TREE), {
    async openJob() {
      return {
        jobId: UUID,
        surfaceId: UUID,
        mirrors: PLATFORMS.map((platform) => ({ surfaceId: `${platform}-home`, platform })),
        plan: planOf(TREE),
      };
    },
    async decodeRecording() {
      return {
        sha256: HASH,
        title: TITLE,
        durationSeconds: 1200.123,
        canonical: pcm('mix.wav'),
        working: pcm('w.wav'),
      };
    },
    async separateNode({ separator }) {
      return { slots: Object.fromEntries(['a', 'b', 'c', 'd'].map((slot) => [slot, pcm(`${separator}.${slot}.wav`)])) };
    },
    async finishStems({ stems }) {
      return { stems: stems.map(({ name }) => stem(name)), residual: stem('residual'), nullDepthDb: 40.123456789 };
    },
    async encodeStems({ stems, encoding: { format, kbps } }) {
      const key = `encoded/${HASH}/${format}-${String(kbps)}-v2.${format}`;
      return stems.flatMap(({ name, waveform }) => [
        {
          name,
          fileName: `${name}.${format}`,
          blob: {
            key,
            bytes: { wav: 423_360_058, flac: 300_000_000, opus: 0, mp3: 150_000 * (kbps ?? 0) }[format],
            sha256: HASH,
          },
          kind: 'sound' as const,
          durationSeconds: 1200.123,
        },
        { name, fileName: `${name}.png`, blob: waveform, kind: 'picture' as const, durationSeconds: null },
      ]);
    },
    async deliverOutcome({ surfaceId, parcel }): Promise<DeliveryReport> {
      tried.push(`${surfaceId} ${encodingName(parcel.encoding)}`);
      const isTaken = taken.includes(encodingName(parcel.encoding));
      return isTaken ? { state: 'delivered' } : { state: 'too-large', limitBytes: 1e9 };
    },
  });
}

function encodingName(encoding: Encoding | null): string {
  return encoding === null ? 'links' : `${encoding.format} ${String(encoding.kbps)}`;
}

/** Serialised payloads of an event, wherever they stand in it. */
function payloadsOf(value: unknown): Uint8Array[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { data } = value as { readonly data?: unknown };
  return data instanceof Uint8Array ? [data] : Object.values(value).flatMap(payloadsOf);
}

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(async () => {
  await stage.close();
});

for (const { what, taken, deliveries, mostEvents, mostBytes } of BUDGETS) {
  test(`a job with twelve stems and four mirrors that ${what} stays within its budget`, async (t) => {
    const request: JobRequest = {
      inboundEventId: UUID,
      address: { platform: 'discord', botId: '1'.repeat(20), chatId: '2'.repeat(20), threadId: '3'.repeat(20) },
      requester: { platform: 'discord', userId: '4'.repeat(20), displayName: TITLE },
      command: {
        kind: 'split',
        source: {
          kind: 'attachment',
          reference: `https://cdn.example.org/${'x'.repeat(400)}`,
          name: TITLE,
          declaredBytes: 1,
        },
        strategy: 'test',
        quality: 'fast',
        format: 'wav',
        pick: { kind: 'all' },
      },
    };
    assert.deepEqual([stemNames(TREE).length, separatorsOf(TREE).length], [12, 5]);
    const { client } = stage.environment;
    const tried: string[] = [];
    await stage.run(largeWorld(tried, taken), async (run) => {
      const started = await run.start(request);
      const outcome = await started.result();
      assert.equal(outcome.state, 'done', JSON.stringify(outcome).slice(0, 500));
      const { workflowId } = started;
      assert.equal(tried.filter((each) => each.startsWith(UUID)).length, deliveries, tried.join());
      const ids = {
        request: workflowId,
        separate: separationWorkflowId(workflowId),
        mirror: mirrorWorkflowId(workflowId, 'slack-home'),
      };
      for (const [name, id] of Object.entries(ids)) {
        const handle = client.workflow.getHandle(id);
        await handle.result();
        const { historySize = 0 } = await handle.describe();
        const history: History = await handle.fetchHistory();
        const events = history.events ?? [];
        const largest = Math.max(...events.flatMap(payloadsOf).map(({ length }) => length));
        t.diagnostic(
          `${name}: ${String(events.length)} events, ${String(historySize)} bytes, payloads up to ${String(largest)}`,
        );
        assert.ok(events.length <= mostEvents, `${name}: ${String(events.length)} events`);
        assert.ok(historySize > 1000 && historySize <= mostBytes, `${name}: ${String(historySize)} bytes`);
        assert.ok(largest > 500 && largest <= LARGEST_PAYLOAD_BYTES, `${name}: a payload of ${String(largest)} bytes`);
        // Everything of a job waits its requester's turn.
        const [first] = events;
        assert.equal(first?.workflowExecutionStartedEventAttributes?.priority?.fairnessKey, '4'.repeat(20), name);
      }
    });
  });
}

test('a payload that is too large ends the workflow here, so that none gets into a release', async () => {
  const world = createFakeWorld(planOf({ separator: 's', outputs: { a: 'vocals' } }), {
    async collectAttachment() {
      return { ...blob('song', 1), title: 'x'.repeat(LARGEST_PAYLOAD_BYTES) };
    },
  });
  await stage.run(world, async (run) => {
    const started = await run.start({
      inboundEventId: UUID,
      address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: null },
      requester: { platform: 'console', userId: '1', displayName: 'Ana' },
      command: {
        kind: 'split',
        source: { kind: 'attachment', reference: 'song.mp3', name: 'song.mp3', declaredBytes: 1 },
        strategy: 'test',
        quality: 'fast',
        format: 'wav',
        pick: { kind: 'all' },
      },
    });
    const outcome = await started.result();
    assert.equal(outcome.state, 'failed', JSON.stringify(outcome).slice(0, 500));
  });
});
