import { LONGEST_LYRICS } from '../../workflows/contract/request.ts';
import type { ReadCommand } from './chat-command.ts';
import { decodeText } from './decode-text.ts';
import { givenWords } from './given-words.ts';

/** The command with what a file holds for its words. @param bytes null where the file is too large to be words */
export function withFileWords(read: ReadCommand, bytes: Uint8Array | null): ReadCommand {
  if ('failure' in read || read.command.kind !== 'lyrics') return read;
  const given = bytes === null ? null : givenWords(decodeText(bytes));
  return bytes === null || (given?.length ?? 0) > LONGEST_LYRICS
    ? { failure: { code: 'words-too-long', facts: { limit: LONGEST_LYRICS } } }
    : { command: { ...read.command, given } };
}
