/** What is kept of an analysed song beside its files, so that a second attempt, or the same song again, computes nothing. */
import { createHash } from 'node:crypto';
import type { SongFacts } from '../../workflows/contract/analysis.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import type { MadeAnalysis } from '../../workflows/contract/sheets.ts';
import { rhythmFacts } from '../analysis/rhythm-facts.ts';
import { bytesOf } from './finished-record.ts';
import type { NetworkKeys } from './hear-networks.ts';

/** Raised whenever the code changes anything that is heard or found, or the picture. */
export const ANALYSIS_VERSION = 7;

/** What is heard in the samples, whatever is said of them. */
export function evidenceBlobKey(recording: PcmBlob): string {
  return analysisBlobKey(hashOf('evidence', recording), 'evidence.bin');
}

/** What decides an analysis beside the samples. */
export interface AnalysedWith {
  readonly facts: SongFacts;
  /** Where what they hear lies: these names say what it is made of. */
  readonly networks: NetworkKeys;
}

/** The key of the song decides nothing of its rhythm, nor does what a network says of its chords. */
export function rhythmBlobKey(recording: PcmBlob, { facts, networks: { beats } }: AnalysedWith): string {
  return analysisBlobKey(hashOf('rhythm', recording, inOrder(rhythmFacts(facts)), beats), 'rhythm.bin');
}

/** Everything that decides what comes out. */
export function analysisKey(recording: PcmBlob, { facts, networks: { beats, chords, style } }: AnalysedWith): string {
  return hashOf('analysis', recording, inOrder(facts), beats, chords, style);
}

function hashOf(what: string, recording: PcmBlob, ...decidedBy: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([what, ANALYSIS_VERSION, recording.sha256, ...decidedBy]))
    .digest('hex');
}

function inOrder(facts: SongFacts): [string, unknown][] {
  return Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));
}

type FileName = 'evidence.bin' | 'rhythm.bin' | 'analysis.json' | 'picture.png' | 'made.json';

export function analysisBlobKey(key: string, fileName: FileName): string {
  return `analyses/${key}/${fileName}`;
}

/** Null where there is none, or where one of its files is gone. */
export async function findMade(blobs: BlobStore, key: string): Promise<MadeAnalysis | null> {
  const recordKey = analysisBlobKey(key, 'made.json');
  if ((await blobs.head(recordKey)) === null) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(recordKey)) pieces.push(piece);
  // Our own words: it was put whole or not at all.
  const made = JSON.parse(Buffer.concat(pieces).toString('utf8')) as MadeAnalysis;
  const files = Object.values(made.blobs);
  const heads = await Promise.all(files.map(({ key: file }) => blobs.head(file)));
  return heads.every((head, index) => head?.bytes === files[index]?.bytes) ? made : null;
}

export async function putMade(blobs: BlobStore, key: string, made: MadeAnalysis): Promise<void> {
  await blobs.put(analysisBlobKey(key, 'made.json'), bytesOf(Buffer.from(JSON.stringify(made))));
}
