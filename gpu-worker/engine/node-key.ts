/** Names in the blob store for what one node of a strategy tree computes. */
import { createHash } from 'node:crypto';
import type { Quality } from '../../workflows/contract/request.ts';
import type { WindowRange } from './chunk-plan.ts';

/** Raised whenever the engine changes any output sample, or the form of its chunk files. */
export const ENGINE_VERSION = 1;

/** Everything that decides a node's samples. How windows are cut into chunks does not. */
export interface NodeIdentity {
  readonly mixSha256: string;
  readonly separator: string;
  readonly separatorVersion: number;
  /** Of the compiled model files, in the order of the separator's models. */
  readonly modelSha256s: readonly string[];
  readonly quality: Quality;
}

export function nodeKey(identity: NodeIdentity): string {
  const { mixSha256, separator, separatorVersion, modelSha256s, quality } = identity;
  const parts = [ENGINE_VERSION, mixSha256, separator, separatorVersion, modelSha256s, quality];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export function slotBlobKey(node: string, slot: string): string {
  return `nodes/${node}/${slot}.wav`;
}

export function chunkPrefix(node: string): string {
  return `chunks/${node}/`;
}

export function chunkBlobKey(node: string, { first, last }: WindowRange): string {
  return `${chunkPrefix(node)}${String(first)}-${String(last)}`;
}

/** Null where the key is none of this node's chunks. */
export function parseChunkBlobKey(node: string, key: string): WindowRange | null {
  const match = /^(?<first>\d{1,9})-(?<last>\d{1,9})$/u.exec(key.slice(chunkPrefix(node).length));
  if (!key.startsWith(chunkPrefix(node)) || match === null) return null;
  return { first: Number(match[1]), last: Number(match[2]) };
}
