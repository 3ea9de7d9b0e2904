/** Worlds in which a song of four minutes goes to chats that take files up to a limit. */
import type { DeliveryReport, ResultParcel } from './contract/delivery.ts';
import type { JobOutcome } from './contract/job.ts';
import type { JobRequest, Platform, SplitCommand } from './contract/request.ts';
import type { StrategyNode } from './contract/stems.ts';
import { createFakeWorld, pcm, planOf, soundFile } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';

export const PLAN = planOf({ separator: 's', outputs: { a: 'vocals', b: 'rest' } } satisfies StrategyNode);
export const MIB = 1024 * 1024;
/** Of four minutes: what each encoding really takes. */
const SIZES: Readonly<Record<string, number>> = {
  'wav null': 84_672_000,
  'flac null': 40_000_000,
  'mp3 320': 9_600_000,
  'mp3 192': 5_760_000,
  'mp3 128': 3_840_000,
};

export function requestOn(platform: Platform, command: Partial<SplitCommand> = {}): JobRequest {
  return {
    inboundEventId: 'event',
    address: { platform, botId: 'bot', chatId: 'chat', threadId: null },
    requester: { platform, userId: '1', displayName: 'Ana' },
    command: {
      kind: 'split',
      source: { kind: 'attachment', reference: 'song.mp3', name: 'song.mp3', declaredBytes: 1 },
      strategy: 'test',
      quality: 'fast',
      format: 'flac',
      pick: { kind: 'all' },
      ...command,
    },
  };
}

export type Overrides = Partial<FakeWorld['activities']>;

/** A song of four minutes; each place takes files up to its limit, and says so only when it is tried. */
export function worldOf(
  truth: Readonly<Record<string, number | null>>,
  overrides: Overrides = {},
  told: Readonly<Record<string, number | null>> = {},
): FakeWorld {
  const long = { ...pcm('long'), samples: 4 * 60 * 44_100 };
  const world: FakeWorld = createFakeWorld(PLAN, {
    async postCard({ surfaceId }) {
      return { isThere: true, fileLimitBytes: told[surfaceId] ?? null };
    },
    async finishStems({ stems }) {
      const of = (name: string) => ({ name, pcm: long, loudnessLufs: -20, peakDbtp: -3, gainDb: 2, waveform: long });
      return { stems: stems.map(({ name }) => of(name)), residual: of('residual'), nullDepthDb: 40 };
    },
    async encodeStems({ stems, encoding }) {
      const bytes = SIZES[`${encoding.format} ${String(encoding.kbps)}`] ?? 1;
      return stems.map(({ name }) => soundFile(name, encoding.format, bytes, 240));
    },
    async deliverOutcome({ surfaceId, outcome, parcel }): Promise<DeliveryReport> {
      world.delivered.push(outcome);
      world.parcels.push({ surfaceId, parcel });
      const limitBytes = truth[surfaceId] ?? null;
      const isTooLarge = limitBytes !== null && parcel.files.some(({ blob }) => blob.bytes > limitBytes);
      return isTooLarge ? { state: 'too-large', limitBytes } : { state: 'delivered' };
    },
    ...overrides,
  });
  return world;
}

export function encodingOf(parcel: ResultParcel | undefined): string {
  if (parcel === undefined) return 'nothing';
  const { encoding, files, links, left } = parcel;
  const sounds = files.filter(({ kind }) => kind === 'sound').length;
  const name = encoding === null ? 'none' : `${encoding.format} ${String(encoding.kbps)}`;
  return `${name}: ${String(sounds)} here, ${String(links.length)} linked, ${String(left.length)} left`;
}

export function lastFor(world: FakeWorld, surfaceId: string): ResultParcel | undefined {
  return world.parcels.findLast((parcel) => parcel.surfaceId === surfaceId)?.parcel;
}

export function stateOf(outcome: JobOutcome | undefined): string | undefined {
  return outcome !== undefined && 'failure' in outcome ? `${outcome.state} ${outcome.failure.code}` : outcome?.state;
}
