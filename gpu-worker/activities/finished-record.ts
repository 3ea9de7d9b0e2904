/** What is kept of a finished song beside its files, so that a second attempt, or the same song again, computes nothing. */
import { createHash } from 'node:crypto';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';

/** Raised whenever the code changes any output sample, reading or picture. */
export const FINISH_VERSION = 1;

export interface FinishedPart {
  readonly pcm: PcmBlob;
  readonly loudnessLufs: number | null;
  readonly peakDbtp: number | null;
  readonly waveform: StoredBlob;
}

export interface FinishedRecord {
  /** Stems by name, and the residual. */
  readonly parts: Readonly<Record<string, FinishedPart>>;
  readonly nullDepthDb: number | null;
}

/** Everything that decides what comes out; the order of the stems does not. `resampler` is null where nothing is resampled. */
export function finishKey(
  recording: PcmBlob,
  stems: readonly { readonly name: string; readonly pcm: PcmBlob }[],
  resampler: string | null,
): string {
  const inputs = stems
    .map(({ name, pcm }) => [name, pcm.sha256])
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([FINISH_VERSION, recording.sha256, inputs, resampler]))
    .digest('hex');
}

export function partKey(key: string, fileName: string): string {
  return `stems/${key}/${fileName}`;
}

function recordKey(key: string): string {
  return partKey(key, 'finished.json');
}

/** Null where there is none, or where one of its files is gone. */
export async function findRecord(blobs: BlobStore, key: string): Promise<FinishedRecord | null> {
  if ((await blobs.head(recordKey(key))) === null) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(recordKey(key))) pieces.push(piece);
  // Our own words: it was put whole or not at all.
  const record = JSON.parse(Buffer.concat(pieces).toString('utf8')) as FinishedRecord;
  const files = Object.values(record.parts).flatMap(({ pcm, waveform }) => [pcm, waveform]);
  const heads = await Promise.all(files.map(({ key: file }) => blobs.head(file)));
  return heads.every((head, index) => head?.bytes === files[index]?.bytes) ? record : null;
}

export async function putRecord(blobs: BlobStore, key: string, record: FinishedRecord): Promise<void> {
  await blobs.put(recordKey(key), bytesOf(Buffer.from(JSON.stringify(record))));
}

/** Bytes in memory as a source for the blob store. */
export async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
