import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ReadCommand } from '../core/chat-command.ts';
import { LARGEST_TEXT_BYTES } from '../core/decode-text.ts';
import { withFileWords } from '../core/with-file-words.ts';

/** On the console the words of a song lie in a file, which is read here. @param cwd relative paths count from here */
export async function readWordsFile(read: ReadCommand, cwd: string): Promise<ReadCommand> {
  if ('failure' in read || read.command.kind !== 'lyrics' || read.command.given === null) return read;
  const bytes = await readSmall(resolve(cwd, read.command.given));
  return bytes === 'missing' ? { failure: { code: 'file-missing', facts: {} } } : withFileWords(read, bytes);
}

/** Null where there is more than we look at. */
async function readSmall(path: string): Promise<Uint8Array | null | 'missing'> {
  const file = await open(path).catch(() => null);
  if (file === null) return 'missing';
  try {
    if (!(await file.stat()).isFile()) return 'missing';
    const buffer = new Uint8Array(LARGEST_TEXT_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
    return length > LARGEST_TEXT_BYTES ? null : buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}
