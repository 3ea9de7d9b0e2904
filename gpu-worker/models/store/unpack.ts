/** Takes named files out of archives, and nothing else: no other entry is written, no path of an archive is followed. */
import { createWriteStream } from 'node:fs';
import { join, posix } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { list } from 'tar';
import type { ReadEntry } from 'tar';
import { openPromise } from 'yauzl';
import { SourceError } from './source-error.ts';

export interface WantedFile {
  /** Its path in the archive, and the name under which it is written into the folder. */
  readonly path: string;
  readonly name: string;
  readonly mostBytes: number;
}

/** @throws SourceError when the archive is damaged or lacks a file. */
export async function unpackTarGz(archive: string, folder: string, wanted: readonly WantedFile[]): Promise<void> {
  const writes = new Map<WantedFile, Promise<void>>();
  const take = (entry: ReadEntry): void => {
    const file = wanted.find(({ path }) => path === posix.normalize(entry.path));
    if (file === undefined || writes.has(file) || entry.type !== 'File') {
      entry.resume();
      return;
    }
    const write = writeBounded(entry, folder, file);
    // Seen again below; until then it must not count as unhandled, and the rest of the archive must flow on.
    write.catch(() => entry.resume());
    writes.set(file, write);
  };
  await list({ file: archive, strict: true, onReadEntry: take }).catch((error: unknown) => {
    throw new SourceError('wrong-content', 'the archive is damaged', { cause: error });
  });
  for (const file of wanted) {
    const write = writes.get(file);
    if (write === undefined) throw new SourceError('wrong-content', `the archive has no "${file.path}"`);
    await write;
  }
}

/** A wheel is a zip archive. @throws SourceError when the archive is damaged or lacks a file. */
export async function unpackZip(archive: string, folder: string, wanted: readonly WantedFile[]): Promise<void> {
  const missing = new Set(wanted);
  try {
    const zip = await openPromise(archive, { lazyEntries: true, validateEntrySizes: true });
    try {
      for await (const entry of zip.eachEntry()) {
        const file = wanted.find(({ path }) => path === entry.fileName);
        if (file === undefined || !missing.delete(file)) continue;
        await writeBounded(await zip.openReadStreamPromise(entry), folder, file);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof SourceError || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new SourceError('wrong-content', 'the package is damaged', { cause: error });
  }
  for (const { path } of missing) throw new SourceError('wrong-content', `the package has no "${path}"`);
}

async function writeBounded(bytes: AsyncIterable<Uint8Array>, folder: string, file: WantedFile): Promise<void> {
  let written = 0;
  const bound = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      written += piece.length;
      if (written > file.mostBytes) {
        done(new SourceError('wrong-content', `"${file.path}" unpacks to more than ${file.mostBytes} bytes`));
      } else done(null, piece);
    },
  });
  await pipeline(bytes, bound, createWriteStream(join(folder, file.name), { flush: true }));
}
