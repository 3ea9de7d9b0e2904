/** Words of a song that come with a command as a text file. */
import type { REST } from 'discord.js';
import { isFailureCode } from '../../workflows/contract/failure.ts';
import type { ReadCommand } from '../core/chat-command.ts';
import { LARGEST_TEXT_BYTES } from '../core/decode-text.ts';
import { withFileWords } from '../core/with-file-words.ts';
import { openDiscordAttachment } from './attachments.ts';
import type { Song } from './attachments.ts';

/** @returns what puts the attachment's words into the command; it has none where the attachment is null. `ownHost` as in `openDiscordAttachment` */
export function createWordsReader(
  rest: REST,
  ownHost: string | null,
): (read: ReadCommand, attachment: Pick<Song, 'reference' | 'declaredBytes'> | null) => Promise<ReadCommand> {
  return async (read, attachment) => {
    if (attachment === null) return read;
    if ((attachment.declaredBytes ?? 0) > LARGEST_TEXT_BYTES) return withFileWords(read, null);
    try {
      return withFileWords(read, await readAll(await openDiscordAttachment(rest, attachment.reference, ownHost)));
    } catch (error) {
      const { type } = error as { readonly type?: unknown };
      if (isFailureCode(type)) return { failure: { code: type, facts: {} } };
      throw error;
    }
  };
}

/** Null where there is more than was said. */
async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LARGEST_TEXT_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
