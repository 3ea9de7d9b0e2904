/** Whom a message calls: what its text says, as far as the sender may and wants to. */
import { mentionsIn } from './markdown.ts';
import type { StoredMessage, Wire } from './message.ts';
import type { Channel, World } from './world.ts';

/** What a request says of whom it may call; null: all that the text names. */
export interface AllowedMentions {
  readonly parse: readonly ('users' | 'roles' | 'everyone')[];
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly repliedUser: boolean;
}

export const ALL_MENTIONS: AllowedMentions = {
  parse: ['users', 'roles', 'everyone'],
  users: [],
  roles: [],
  repliedUser: true,
};

export type Calls = Pick<StoredMessage, 'mentionedIds' | 'mentionedRoleIds' | 'mentionsEveryone' | 'pings'>;

export interface Calling {
  readonly authorId: string;
  readonly content: string;
  readonly allowed: AllowedMentions;
  readonly repliedTo: StoredMessage | null;
  readonly onlyFor: string | null;
}

export function callsOf(world: World, channel: Channel, calling: Calling): Calls {
  const { authorId, content, allowed, repliedTo, onlyFor } = calling;
  const named = mentionsIn(content);
  const readers = world.readers(channel);
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const isBot = authorId === world.bot.id;
  const isAllowed = (kind: 'users' | 'roles', id: string): boolean =>
    allowed.parse.includes(kind) || allowed[kind].includes(id);

  const people = named.people.filter((id) => world.people.has(id) && isAllowed('users', id));
  if (repliedTo !== null && allowed.repliedUser && repliedTo.authorId !== authorId) people.push(repliedTo.authorId);
  const mayCallAll = !isBot || world.botPermissions(channel).has('mentionEveryone');
  const roles = (guild?.roles ?? []).filter(
    ({ id, isMentionable }) => named.roles.includes(id) && isAllowed('roles', id) && (isMentionable || mayCallAll),
  );
  const everyone = guild !== undefined && named.everyone && allowed.parse.includes('everyone') && mayCallAll;
  const called = [...people, ...roles.flatMap(({ members }) => members), ...(everyone ? readers : [])];
  return {
    mentionedIds: [...new Set(people)],
    mentionedRoleIds: roles.map(({ id }) => id),
    mentionsEveryone: everyone,
    pings: [...new Set(called)].filter(
      (id) => readers.has(id) && id !== authorId && (onlyFor === null || onlyFor === id),
    ),
  };
}

/** @param given `allowed_mentions` of a request, already checked */
export function readAllowedMentions(given: Wire | null | undefined): AllowedMentions {
  if (given === null || given === undefined) return ALL_MENTIONS;
  const list = (name: string): string[] => ((given[name] as readonly unknown[] | null | undefined) ?? []).map(String);
  return {
    parse: list('parse') as AllowedMentions['parse'],
    users: list('users'),
    roles: list('roles'),
    repliedUser: given['replied_user'] === true,
  };
}
