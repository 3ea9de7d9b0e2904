/** What a person's line in the composer or the terminal means on a platform. */
import type { ChatEmulator, PersonAction, PersonFile, PersonPlace } from '../emulators/core/emulator.ts';

export interface TypedLine {
  readonly by: string;
  readonly at: PersonPlace;
  readonly text: string;
  readonly files: readonly PersonFile[];
  readonly replyTo: string | null;
}

const OPTION = /(?<=^|\s)([a-z][a-z_-]*):(?:"([^"]*)"|(\S+))/gu;

/**
 * A line that begins with a slash is a command. On Telegram a command is a message like any other, so one that answers a message or
 * carries files is sent as such; elsewhere a command stands alone and carries one file at most. Discord takes a command apart into its
 * options, and leaves words without a name (of sub-commands) as they are; the others send what was typed.
 *
 * @throws RangeError where the platform's own clients would not let a person do it
 */
export function lineAction(platform: ChatEmulator['platform'], line: TypedLine): PersonAction {
  const { by, at, text, files, replyTo } = line;
  const command = /^\/(?<verb>[\w-]+)(?:@\w+)?(?:\s+(?<rest>[\s\S]*))?$/u.exec(text.trim())?.groups;
  const asMessage = platform === 'telegram' && (files.length > 0 || replyTo !== null);
  if (command === undefined || asMessage) {
    if (text.trim() === '' && files.length === 0) throw new RangeError('there is nothing to send');
    return { kind: 'message', by, at, text, files, replyTo };
  }
  if (files.length > 1) throw new RangeError('a command carries one file at most');
  if (files.length > 0 && platform === 'slack') {
    throw new RangeError('a Slack command carries no file: send the file first, then use its menu');
  }
  if (replyTo !== null) throw new RangeError('a command answers no message: use the message’s menu');
  const rest = (command['rest'] ?? '').trim();
  const options: Record<string, string> = {};
  const words =
    platform === 'discord'
      ? rest.replaceAll(OPTION, (_, name: string, quoted: string | undefined, bare: string | undefined) => {
          options[name] = quoted ?? bare ?? '';
          return '';
        })
      : rest;
  const verb = command['verb'] ?? '';
  return {
    kind: 'command',
    by,
    at,
    verb,
    options,
    text: words.replaceAll(/\s+/gu, ' ').trim(),
    file: files[0] ?? null,
  };
}
