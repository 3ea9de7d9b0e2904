import type { FileHandle } from 'node:fs/promises';

/** Writes all of `bytes`; a nearly full disk takes part of a write, and says so with the next. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
