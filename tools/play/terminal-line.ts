/** A line that a person types in the terminal: what is said, or, after a colon, what is done. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { SeenMessage } from '../emulators/core/conversation.ts';
import type { PersonAction, PersonFile, PersonPlace } from '../emulators/core/emulator.ts';
import { lineAction } from './line-action.ts';
import type { PlayRoom } from './room.ts';

export const TERMINAL_HELP: readonly string[] = [
  'Type a message or a /command. What else can be done:',
  '  :as NAME               speak as somebody else        :in PLACE [NUMBER]   go to a place, or to a message’s thread',
  '  :attach FILE [TEXT]    send a file, with a text      :reply NUMBER TEXT   answer a message',
  '  :press NUMBER LABEL    press a button, or choose     :menu NUMBER NAME    use a message’s menu',
  '  :edit NUMBER TEXT      change your message           :delete NUMBER       delete it',
  '  :help                  this list                     :quit                stop',
];

export interface TerminalPerson {
  readonly by: string;
  readonly at: PersonPlace;
}

export type TerminalIntent =
  | { readonly kind: 'act'; readonly action: PersonAction }
  | { readonly kind: 'be'; readonly person: TerminalPerson }
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' };

/**
 * @param numbered the message that the terminal numbered so
 * @throws RangeError with a sentence for the person; the system's error where a file cannot be read
 */
export async function terminalLine(
  line: string,
  room: PlayRoom,
  person: TerminalPerson,
  numbered: (number: number) => SeenMessage | null,
): Promise<TerminalIntent> {
  const { platform } = room.emulator;
  const say = (text: string, files: readonly PersonFile[], replyTo: string | null): TerminalIntent => ({
    kind: 'act',
    action: lineAction(platform, { ...person, text, files, replyTo }),
  });
  const match = /^:(?<verb>\w+)(?:\s+(?<first>"[^"]*"|\S+))?(?:\s+(?<rest>[\s\S]+))?$/u.exec(line.trim())?.groups;
  if (line.trim() === '') return { kind: 'nothing' };
  if (match === undefined) return say(line, [], null);
  const { verb = '', first: quoted = '', rest = '' } = match;
  const first = quoted.replaceAll('"', '');

  function message(): SeenMessage {
    const found = numbered(Number(first));
    if (found === null) throw new RangeError(`no message is numbered ${first}`);
    return found;
  }
  function onMessage(): { by: string; at: PersonPlace; messageId: string } {
    const { id, chat, thread } = message();
    return { by: person.by, at: { chat, thread }, messageId: id };
  }

  switch (verb) {
    case 'as':
      return { kind: 'be', person: { ...person, by: named(room.people, first).id } };
    case 'in': {
      const place = named(room.places, first);
      const thread = rest === '' ? place.thread : (numbered(Number(rest))?.id ?? null);
      return { kind: 'be', person: { ...person, at: { chat: place.id, thread } } };
    }
    case 'attach':
      return say(rest, [await readPersonFile(first)], null);
    case 'reply':
      return say(rest, [], message().id);
    case 'press':
      return { kind: 'act', action: { kind: 'press', ...onMessage(), label: rest } };
    case 'menu':
      return { kind: 'act', action: { kind: 'shortcut', ...onMessage(), name: rest } };
    case 'edit':
      return { kind: 'act', action: { kind: 'edit', ...onMessage(), text: rest } };
    case 'delete':
      return { kind: 'act', action: { kind: 'delete', ...onMessage() } };
    case 'help':
      return { kind: 'help' };
    case 'quit':
      return { kind: 'quit' };
    default:
      throw new RangeError(`:${verb} is not known; :help lists what is`);
  }
}

/** By the beginning of a name, whatever its case and its #. */
function named<T extends { readonly name: string }>(all: readonly T[], wanted: string): T {
  const bare = (name: string): string => name.replace(/^[#@]\s*/u, '').toLowerCase();
  const found = all.find(({ name }) => bare(name).startsWith(bare(wanted)));
  if (wanted === '' || found === undefined) {
    throw new RangeError(
      `${wanted === '' ? 'a name is wanted' : `${wanted} is not here`}: ${all.map(({ name }) => name).join(', ')}`,
    );
  }
  return found;
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
};

async function readPersonFile(path: string): Promise<PersonFile> {
  const mimeType = MIME_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { name: basename(path), bytes: await readFile(path), mimeType };
}
