import type { FileHandle } from 'node:fs/promises';

/** Fills `into`, whatever its numbers are, with the bytes from `position` on. @throws Error where the file ends before. */
export async function readFully(file: FileHandle, into: ArrayBufferView, position: number): Promise<void> {
  const bytes = await readAvailable(file, into, position);
  if (bytes < into.byteLength) throw new Error(`the file ends after ${String(position + bytes)} bytes`);
}

/** As {@link readFully}, as far as the file goes; the rest stays as it is. @returns how many bytes were read */
export async function readAvailable(file: FileHandle, into: ArrayBufferView, position: number): Promise<number> {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  let done = 0;
  // The kernel reads at most 2 GiB at once, and may read less than asked.
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
