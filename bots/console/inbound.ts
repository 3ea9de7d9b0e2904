import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import type { SourceReference } from '../../workflows/contract/request.ts';
import type { IncomingCommand } from '../core/answer.ts';
import type { ChatCommand, ReadCommand, SongCommand } from '../core/chat-command.ts';
import { COMMANDS } from '../core/command-table.ts';
import { failureReply } from '../core/failure-reply.ts';
import { isLink } from '../core/is-link.ts';
import { readCommand } from '../core/read-command.ts';
import { splitWords } from '../core/split-words.ts';
import type { Strategies } from '../core/strategies.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { readWordsFile } from './read-words-file.ts';

export const CONSOLE_BOT_ID = 'local';

/** As codes of jobs are shown; files are named otherwise, or there. */
const CODE = /^[\dA-Z]{6}$/u;

export interface ConsoleRoom {
  /** Relative paths count from here. */
  readonly cwd: string;
  /** Results without an `--out` go to a folder of their own below this one. */
  readonly resultsFolder: string;
  readonly strategies: Strategies;
}

/** What a typed or dropped line asks for: a command for the ledger, or a sentence to show. Null for an empty line. */
export async function readLine(line: string, room: ConsoleRoom): Promise<IncomingCommand | string | null> {
  const [first, ...rest] = splitWords(line);
  if (first === undefined) {
    return null;
  }
  if (COMMANDS.some(({ name }) => first === `/${name}`)) {
    const read = await readWordsFile(readCommand([first, ...rest], room.strategies), room.cwd);
    return await incoming(read, room);
  }
  if (isLink(first) || (await isFile(resolve(room.cwd, first)))) {
    return await incoming(readCommand(['split', first, ...rest], room.strategies), room);
  }
  // Some terminals drop a path as it is.
  if (await isFile(resolve(room.cwd, line.trim()))) {
    return await incoming(readCommand(['split', line.trim()], room.strategies), room);
  }
  if (/^(?:\/[^/]*|\.{1,2})\//u.test(first)) {
    return failureReply({ code: 'file-missing', facts: {} });
  }
  return first.startsWith('/')
    ? failureReply({
        code: 'option-invalid',
        facts: { option: first.slice(0, 64), known: COMMANDS.map(({ name }) => `/${name}`).join(', ') },
      })
    : wordsOf(USUAL_LANGUAGE).answers.dropHint('/split song.mp3', '/help');
}

/** A parsed command as it goes into the ledger; or the sentence that says what was wrong with it. */
export async function incoming(parsed: ReadCommand, room: ConsoleRoom): Promise<IncomingCommand | string> {
  if ('failure' in parsed) {
    return failureReply(parsed.failure);
  }
  const { command } = parsed;
  const eventKey = randomUUID();
  const source = takesSong(command) && command.target !== null ? await sourceOf(command.target, room.cwd) : null;
  return {
    command,
    sources: source === null ? [] : [source],
    eventKey,
    requester: { platform: 'console', userId: String(userInfo().uid), displayName: displayTitle(userInfo().username) },
    address: {
      platform: 'console',
      botId: CONSOLE_BOT_ID,
      chatId: 'terminal',
      threadId: folderOf(command, source, eventKey, room),
    },
  };
}

function takesSong(command: ChatCommand): command is SongCommand {
  return 'target' in command;
}

/** Null for the code of an earlier job. */
async function sourceOf(target: string, cwd: string): Promise<SourceReference | null> {
  if (isLink(target)) {
    return { kind: 'link', url: target };
  }
  const reference = resolve(cwd, target);
  const declaredBytes = await stat(reference).then(
    (stats) => (stats.isFile() ? stats.size : null),
    () => null,
  );
  if (declaredBytes === null && CODE.test(target)) {
    return null;
  }
  return { kind: 'attachment', reference, name: displayTitle(basename(reference)), declaredBytes };
}

function folderOf(
  command: ChatCommand,
  source: SourceReference | null,
  eventKey: string,
  room: ConsoleRoom,
): string | null {
  if (
    command.kind === 'retry' ||
    (takesSong(command) && command.target !== null && source === null && command.out === null)
  ) {
    return join(room.resultsFolder, `again ${eventKey.slice(0, 6)}`);
  }
  if (!takesSong(command) || command.target === null) {
    return null;
  }
  if (command.out !== null) {
    return isAbsolute(command.out) ? command.out : resolve(room.cwd, command.out);
  }
  const name = source?.kind === 'attachment' ? basename(source.name, extname(source.name)) : 'link';
  const plain = [...name.replaceAll(/[^\p{L}\p{N} _-]/gu, '_')].slice(0, 60).join('');
  return join(room.resultsFolder, `${plain} ${eventKey.slice(0, 6)}`);
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
