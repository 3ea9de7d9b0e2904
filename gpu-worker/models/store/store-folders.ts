/** Where the model store keeps things in the cache folder; all of it may be deleted at any time. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CREMA_COMPILER_VERSION } from '../keras/compile-crema.ts';
import type { ModelEntry } from '../manifest/model-manifest.ts';
import { MUSICNN_COMPILER_VERSION } from '../musicnn/compile-musicnn.ts';
import { SPLEETER_COMPILER_VERSION } from '../spleeter/compile-spleeter.ts';
import { WHISPER_COMPILER_VERSION } from '../whisper/compile-whisper.ts';

export interface StoreFolders {
  /** Checked weights; named for the hashes they were checked against, so that another pin is another folder. */
  weights(entry: ModelEntry): string;
  /** Graphs made from them; named for the weights and the compiler's version. */
  compiled(entry: ModelEntry): string;
  /** Where its graphs lie, of these two; its name says all that decides them, before any of them is there. */
  graphs(entry: ModelEntry): string;
  lock(entry: ModelEntry): string;
  /** What has come so far of a download. */
  partial(url: string): string;
  readonly staging: string;
  /** Where a person puts files that cannot be fetched. */
  byHand(entry: ModelEntry): string;
}

const COMPILER_VERSIONS = {
  spleeter: SPLEETER_COMPILER_VERSION,
  whisper: WHISPER_COMPILER_VERSION,
  crema: CREMA_COMPILER_VERSION,
  musicnn: MUSICNN_COMPILER_VERSION,
} as const;

/** @param overrideDir the operator's own folder of files placed by hand, if there is one. */
export function createStoreFolders(cacheDir: string, overrideDir: string | undefined, pins: Pins): StoreFolders {
  const root = join(cacheDir, 'models');
  const weightsName = (entry: ModelEntry): string => `${entry.id}-${hashesOf(entry, pins).slice(0, 32)}`;
  const weights = (entry: ModelEntry): string => join(root, 'weights', weightsName(entry));
  const compiled = (entry: ModelEntry): string => {
    const compiler = entry.compile?.compiler ?? 'spleeter';
    return join(root, 'compiled', `${weightsName(entry)}-${compiler}-${COMPILER_VERSIONS[compiler]}`);
  };
  return {
    weights,
    compiled,
    graphs: (entry) => (entry.compile === null ? weights(entry) : compiled(entry)),
    lock: (entry) => join(root, 'locks', `${entry.id}.lock`),
    partial: (url) => join(root, 'partial', createHash('sha256').update(url).digest('hex')),
    staging: join(root, 'staging'),
    byHand: (entry) => join(overrideDir ?? join(root, 'by-hand'), entry.id),
  };
}

/** SHA-256 by model id, for its first file, or by `<model id>/<file name>`. They override the manifest's. */
export type Pins = Readonly<Record<string, string>>;

/** The hash that a file must have; null where only its archive's is known. */
export function wantedHash(entry: ModelEntry, name: string, pins: Pins): string | null {
  const isFirst = entry.files[0]?.name === name;
  const pin = pins[`${entry.id}/${name}`] ?? (isFirst ? pins[entry.id] : undefined);
  return pin ?? entry.files.find((file) => file.name === name)?.sha256 ?? null;
}

/** One hash for all that is known of a model's files before any of them is there. */
function hashesOf(entry: ModelEntry, pins: Pins): string {
  const files = entry.files.map(({ name }) => [name, wantedHash(entry, name, pins)]);
  const archives = entry.sources.flatMap((source) => (source.kind === 'tar-gz' ? [source.sha256] : []));
  return createHash('sha256')
    .update(JSON.stringify([files, archives]))
    .digest('hex');
}
