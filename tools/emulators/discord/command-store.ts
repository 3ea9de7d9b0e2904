/** The bot's application commands: everywhere, and of single servers. */
import { z } from 'zod';
import { COMMAND_TYPES, commandSchema } from './command-schema.ts';
import type { NewCommand } from './command-schema.ts';
import { invalidForm, refuse } from './discord-error.ts';
import { checkForm } from './form-check.ts';
import type { Ids } from './ids.ts';
import type { Wire } from './message.ts';

export interface StoredCommand extends NewCommand {
  readonly id: string;
  readonly guildId: string | null;
  readonly version: string;
}

export interface CommandStore {
  /** In place of all that was there. @throws DiscordError */
  replaceAll(guildId: string | null, body: unknown): readonly StoredCommand[];
  /** In place of one with the same name and kind. @throws DiscordError */
  put(guildId: string | null, body: unknown): { readonly command: StoredCommand; readonly isNew: boolean };
  remove(guildId: string | null, id: string): void;
  get(guildId: string | null, id: string): StoredCommand;
  list(guildId: string | null): readonly StoredCommand[];
  /** As a person finds it in this server, or in private; by any of its translated names. */
  find(guildId: string | null, type: number, name: string): StoredCommand | null;
}

const MOST_BY_TYPE: Readonly<Record<number, number>> = {
  [COMMAND_TYPES.slash]: 100,
  [COMMAND_TYPES.user]: 15,
  [COMMAND_TYPES.message]: 15,
};
const IN_GUILD = 0;
const IN_PRIVATE = 1;

export function createCommandStore(ids: Ids): CommandStore {
  const stored = new Map<string | null, readonly StoredCommand[]>();
  const list = (guildId: string | null): readonly StoredCommand[] => stored.get(guildId) ?? [];
  const isSame = (a: NewCommand, b: NewCommand): boolean => a.type === b.type && a.name === b.name;

  function made(guildId: string | null, command: NewCommand): StoredCommand {
    const id = list(guildId).find((one) => isSame(one, command))?.id ?? ids.snowflake();
    return { ...command, id, guildId, version: ids.snowflake() };
  }

  function keep(guildId: string | null, commands: readonly StoredCommand[]): void {
    for (const [type, most] of Object.entries(MOST_BY_TYPE)) {
      if (commands.filter((command) => command.type === Number(type)).length > most) refuse('tooManyCommands');
    }
    stored.set(guildId, commands);
  }

  return {
    list,
    replaceAll(guildId, body) {
      const given = checkForm(z.array(commandSchema), body);
      for (const [index, command] of given.entries()) {
        if (given.findIndex((one) => isSame(one, command)) < index) {
          const error = {
            code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
            message: 'Application command names must be unique',
          };
          throw invalidForm([index], error);
        }
      }
      keep(
        guildId,
        given.map((command) => made(guildId, command)),
      );
      return list(guildId);
    },
    put(guildId, body) {
      const command = made(guildId, checkForm(commandSchema, body));
      const others = list(guildId).filter((one) => !isSame(one, command));
      const isNew = others.length === list(guildId).length;
      keep(guildId, [...others, command]);
      return { command, isNew };
    },
    get: (guildId, id) => list(guildId).find((command) => command.id === id) ?? refuse('unknownCommand'),
    remove(guildId, id) {
      const left = list(guildId).filter((command) => command.id !== id);
      if (left.length === list(guildId).length) refuse('unknownCommand');
      stored.set(guildId, left);
    },
    find(guildId, type, name) {
      const context = guildId === null ? IN_PRIVATE : IN_GUILD;
      const offered = [...(guildId === null ? [] : list(guildId)), ...list(null)].filter(
        ({ contexts }) => contexts?.includes(context) ?? true,
      );
      return (
        offered.find(
          (command) =>
            command.type === type &&
            (command.name === name || Object.values(command.name_localizations ?? {}).includes(name)),
        ) ?? null
      );
    },
  };
}

export function wireCommand(applicationId: string, { guildId, ...command }: StoredCommand): Wire {
  return {
    ...command,
    application_id: applicationId,
    ...(guildId !== null && { guild_id: guildId }),
    default_member_permissions: null,
    nsfw: false,
  };
}
