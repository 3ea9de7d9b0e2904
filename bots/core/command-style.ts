import type { CommandOption, CommandPath } from './command-table.ts';

/** How commands are typed on a platform, for help and for sentences that name one. */
export interface CommandStyle {
  verb(path: CommandPath): string;
  /** An option with what stands for its value. */
  option(option: Pick<CommandOption, 'name'>, value: string): string;
}

/** `/split --strategy band` */
export const CONSOLE_STYLE: CommandStyle = {
  verb: (path) => `/${path}`,
  option: ({ name }, value) => `--${name} ${value}`,
};

/** `/split strategy:band` */
export const SLASH_STYLE: CommandStyle = {
  verb: (path) => `/${path}`,
  option: ({ name }, value) => `${name}:${value}`,
};

/** One command for all: `/jam split strategy:band` */
export const JAM_STYLE: CommandStyle = {
  verb: (path) => (path.startsWith('jam') ? `/${path}` : `/jam ${path}`),
  option: SLASH_STYLE.option,
};
