import type { CommandOption, CommandPath, MessageActionVerb } from './command-table.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';

/** How commands are typed on a platform, for help and for sentences that name one. */
export interface CommandStyle {
  verb(path: CommandPath): string;
  /** An option with what stands for its value. */
  option(option: Pick<CommandOption, 'name'>, value: string): string;
  /** Where a command cannot carry a file: the entries of a message's menu that take the message's songs. Null where it can. */
  readonly songMenu: Readonly<Record<MessageActionVerb, string>> | null;
  /**
   * What becomes of a song without a word: it is split where it is `dropped`; where others read along the bot must be mentioned, and in private
   * the file is `taken` as well, or `offered` buttons. A link is split wherever it is sent alone.
   */
  readonly bareSong: 'dropped' | 'taken' | 'offered';
  /** Addresses that join a band with this code when somebody opens them; null where there are none. */
  readonly joinLinks: ((code: string) => JoinLinks) | null;
}

export interface JoinLinks {
  /** For a private chat with the bot. */
  readonly alone: string;
  /** For a group, into which the bot comes by it. */
  readonly group: string;
}

/** `/split --strategy band` */
export const CONSOLE_STYLE: CommandStyle = {
  verb: (path) => `/${path}`,
  option: ({ name }, value) => `--${name} ${value}`,
  songMenu: null,
  bareSong: 'dropped',
  joinLinks: null,
};

/** `/split strategy:band` */
export const SLASH_STYLE: CommandStyle = {
  verb: (path) => `/${path}`,
  option: ({ name }, value) => `${name}:${value}`,
  songMenu: null,
  bareSong: 'offered',
  joinLinks: null,
};

/** One command for all: `/jam split strategy:band` */
export const JAM_STYLE: CommandStyle = {
  verb: (path) => (path.startsWith('jam') ? `/${path}` : `/jam ${path}`),
  option: SLASH_STYLE.option,
  songMenu: wordsOf(USUAL_LANGUAGE).messageActions,
  bareSong: 'taken',
  joinLinks: null,
};
