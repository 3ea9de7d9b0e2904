/** How a result comes to one place: in the best encoding that fits there, stepping down until the platform takes it. */
import type { DeliveryReport, Encoding, ResultFile, ResultParcel } from './contract/delivery.ts';
import { refuse } from './contract/failure.ts';
import type { JobOutcome, JobResult } from './contract/job.ts';
import type { Platform, StemFormat } from './contract/request.ts';
import type { FinishedStem, SeparationResult } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { bestEncoding, ladder } from './delivery-ladder.ts';
import type { SoundShape } from './delivery-ladder.ts';
import { chatActivities, controlActivities, mediaActivities } from './proxies.ts';

export interface Place {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly platform: Platform;
  readonly fileLimitBytes: number | null;
}

/** Files for one place. */
export interface PackedResult {
  /** Null where the sounds do not fit: then they are in the preferred encoding, for links. */
  readonly encoding: Encoding | null;
  readonly files: readonly ResultFile[];
  /** Smaller encodings that are left to try. */
  readonly smaller: readonly Encoding[];
}

export type DoneOutcome = Extract<JobOutcome, { state: 'done' }>;

export interface DeliveredResult {
  readonly state: Extract<DeliveryReport['state'], 'delivered' | 'gone'>;
  /** As it was handed over in the end. */
  readonly outcome: DoneOutcome;
  readonly parcel: ResultParcel;
}

const METADATA = 'metadata.json';

/** The sounds that are handed over, in their order. */
export function soundsOf({ mixed, finished }: Pick<SeparationResult, 'mixed' | 'finished'>): readonly FinishedStem[] {
  return mixed === null ? [...finished.stems, finished.residual] : [mixed];
}

/** Encodes for a place: by what must fit first, then by what came out. */
export async function packResult(
  place: Place,
  sounds: readonly FinishedStem[],
  preferred: StemFormat,
  timing: Timing,
): Promise<PackedResult> {
  return await pack(place, sounds, preferred, ladder(preferred, shapeOf(sounds), place.fileLimitBytes), timing);
}

/** All stems of a song have its length, rate and channels. */
function shapeOf([first]: readonly FinishedStem[]): SoundShape {
  return first?.pcm ?? refuse('internal');
}

async function pack(
  { jobId, fileLimitBytes }: Place,
  stems: readonly FinishedStem[],
  preferred: StemFormat,
  encodings: readonly Encoding[],
  timing: Timing,
): Promise<PackedResult> {
  const media = mediaActivities(timing);
  for (const [index, encoding] of encodings.entries()) {
    const files = await media.encodeStems({ jobId, stems, encoding });
    if (fileLimitBytes === null || largestSound(files) <= fileLimitBytes) {
      return { encoding, files, smaller: encodings.slice(index + 1) };
    }
  }
  const files = await media.encodeStems({ jobId, stems, encoding: bestEncoding(preferred) });
  return { encoding: null, files, smaller: [] };
}

/** Sounds in an encoding that fits into a place that takes less than was thought. */
export type Narrow = (packed: PackedResult, narrower: Place) => Promise<PackedOutcome>;

export interface PackedOutcome {
  readonly packed: PackedResult;
  readonly outcome: DoneOutcome;
}

/** @param toOutcome keeps what is handed over; called again for each encoding */
export function narrowStems(
  sounds: readonly FinishedStem[],
  preferred: StemFormat,
  toOutcome: (packed: PackedResult) => Promise<DoneOutcome>,
  timing: Timing,
): Narrow {
  return async ({ smaller }, narrower) => {
    const fitting = ladder(preferred, shapeOf(sounds), narrower.fileLimitBytes);
    const encodings = fitting.filter((encoding) => smaller.includes(encoding));
    const packed = await pack(narrower, sounds, preferred, encodings, timing);
    return { packed, outcome: await toOutcome(packed) };
  };
}

/**
 * Delivers, and steps down as often as the platform takes none of it.
 *
 * @param narrow null where there are no sounds
 */
export async function deliverResult(
  place: Place,
  { packed, outcome }: PackedOutcome,
  narrow: Narrow | null,
  timing: Timing,
): Promise<DeliveredResult> {
  const { jobId, surfaceId } = place;
  const chat = chatActivities(place.platform, timing);
  let limitBytes = place.fileLimitBytes;
  let asLinks = false;
  for (;;) {
    const parcel = await parcelOf(jobId, packed, { result: outcome.result, limitBytes, asLinks, timing });
    const report = await chat.deliverOutcome({ jobId, surfaceId, outcome, parcel });
    if (report.state === 'delivered') {
      return { state: 'delivered', outcome, parcel };
    }
    if (report.state === 'gone') {
      // Whoever is told elsewhere gets links: what can be opened from anywhere.
      const elsewhere = { result: outcome.result, limitBytes, asLinks: true, timing };
      return { state: 'gone', outcome, parcel: await parcelOf(jobId, packed, elsewhere) };
    }
    if (parcel.files.length === 0) {
      // Nothing was in it that could be too large, or lost.
      refuse('internal');
    }
    if (report.state === 'unknown') {
      asLinks = true;
      continue;
    }
    limitBytes = lowered(limitBytes, report.limitBytes, parcel);
    await controlActivities(timing).learnSurface({ surfaceId, fileLimitBytes: limitBytes });
    if (packed.encoding !== null && narrow !== null) {
      ({ packed, outcome } = await narrow(packed, { ...place, fileLimitBytes: limitBytes }));
    }
  }
}

/** What a platform says is at times more than what it has just refused; then only that is known. */
function lowered(known: number | null, told: number, { files }: ResultParcel): number {
  const refused = Math.max(...files.map(({ blob }) => blob.bytes));
  return Math.max(0, Math.min(told, refused - 1, known ?? told));
}

interface Parcelling {
  readonly result: JobResult;
  readonly limitBytes: number | null;
  /** Everything stands behind links: nobody can vouch for posted files, or there is no place for them. */
  readonly asLinks: boolean;
  readonly timing: Timing;
}

async function parcelOf(
  jobId: string,
  packed: PackedResult,
  { result, limitBytes, asLinks, timing }: Parcelling,
): Promise<ResultParcel> {
  const encoding = asLinks ? null : packed.encoding;
  const data = result.files
    .filter(({ fileName }) => fileName === METADATA)
    .map((file): ResultFile => ({ ...file, kind: 'data', durationSeconds: null }));
  const files = [...packed.files, ...data];
  const here = files.filter(
    ({ kind, blob }) =>
      !asLinks && (kind !== 'sound' || encoding !== null) && (limitBytes === null || blob.bytes <= limitBytes),
  );
  const apart = files.filter((file) => !here.includes(file));
  const links = apart.length === 0 ? [] : await controlActivities(timing).makeLinks({ jobId, files: apart });
  const left = links.length === 0 ? apart.map(({ fileName }) => fileName) : [];
  return { encoding, files: here, links, left };
}

function largestSound(files: readonly ResultFile[]): number {
  return Math.max(0, ...files.filter(({ kind }) => kind === 'sound').map(({ blob }) => blob.bytes));
}
