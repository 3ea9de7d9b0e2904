/** Workspaces, channels, people and messages, as Slack keeps them. */
import type { Ids } from './ids.ts';
import type { PersonSeed, WorkspaceSeed } from './options.ts';
import { SlackError } from './slack-error.ts';

export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

export interface StoredMessage {
  readonly ts: string;
  readonly channelId: string;
  /** Null: the app's bot. */
  readonly personId: string | null;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly fileIds: readonly string[];
  /** `ts` of the thread's first message; null outside threads. */
  readonly threadTs: string | null;
  readonly isBroadcast: boolean;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly editedTs: string | null;
  readonly ephemeralFor: string | null;
  /** How `text` is read: as mark-up, or with names linked and everything else as it is. */
  readonly reading: { readonly mrkdwn: boolean; readonly linkNames: boolean; readonly parseFull: boolean };
  /** Whom it pinged when it was posted: an edit pings nobody anew. */
  readonly pings: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly createdSeconds: number;
  readonly members: Set<string>;
  isArchived: boolean;
  isDeleted: boolean;
  /** Only some may post: `restricted_action`. */
  isReadOnly: boolean;
  readonly messages: Map<string, StoredMessage>;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly people: ReadonlyMap<string, PersonSeed>;
  readonly channels: Map<string, Channel>;
  readonly botUserId: string;
  readonly botId: string;
  readonly botName: string;
  isInstalled: boolean;
}

export interface World {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  /** Slack's error for whatever the bot does in a channel, by the channel's id. */
  readonly refusals: Map<string, string>;
  /** @throws RangeError where there is no such person */
  workspaceOf(personId: string): Workspace;
  /** As a test knows it, wherever it is. @throws RangeError */
  channel(channelId: string): { readonly workspace: Workspace; readonly channel: Channel };
  /** Made when it is not there yet. */
  directChannel(workspace: Workspace, personId: string): Channel;
}

export function createWorld(seeds: readonly WorkspaceSeed[], appName: string, ids: Ids, nowSeconds: number): World {
  const workspaces = new Map(seeds.map((seed) => [seed.id, createWorkspace(seed, appName, ids, nowSeconds)]));
  const all = [...workspaces.values()];
  return {
    workspaces,
    refusals: new Map(),
    workspaceOf(personId) {
      const found = all.find(({ people }) => people.has(personId));
      if (found === undefined) throw new RangeError(`nobody here is ${personId}`);
      return found;
    },
    channel(channelId) {
      for (const workspace of all) {
        const channel = workspace.channels.get(channelId);
        if (channel !== undefined) return { workspace, channel };
      }
      throw new RangeError(`there is no channel ${channelId}`);
    },
    directChannel(workspace, personId) {
      if (!workspace.people.has(personId)) throw new SlackError('user_not_found');
      const members = [workspace.botUserId, personId];
      const found = [...workspace.channels.values()].find(
        ({ kind, members: inside }) => kind === 'im' && members.every((member) => inside.has(member)),
      );
      if (found !== undefined) return found;
      const channel = createChannel({ id: ids.next('D'), name: personId, kind: 'im', members, nowSeconds });
      workspace.channels.set(channel.id, channel);
      return channel;
    },
  };
}

function createWorkspace(seed: WorkspaceSeed, appName: string, ids: Ids, nowSeconds: number): Workspace {
  const botUserId = ids.next('U');
  const channels = seed.channels.map(({ id, name, isPrivate, members, botIsMember }) =>
    createChannel({
      id,
      name,
      kind: isPrivate ? 'private' : 'public',
      members: botIsMember ? [...members, botUserId] : members,
      nowSeconds,
    }),
  );
  return {
    id: seed.id,
    name: seed.name,
    domain: seed.domain,
    people: new Map(seed.people.map((person) => [person.id, person])),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    botUserId,
    botId: ids.next('B'),
    botName: appName,
    isInstalled: seed.hasApp,
  };
}

interface ChannelStart {
  readonly id: string;
  readonly name: string;
  readonly kind: Channel['kind'];
  readonly members: readonly string[];
  readonly nowSeconds: number;
}

function createChannel({ id, name, kind, members, nowSeconds }: ChannelStart): Channel {
  return {
    id,
    name,
    kind,
    createdSeconds: nowSeconds,
    members: new Set(members),
    isArchived: false,
    isDeleted: false,
    isReadOnly: false,
    messages: new Map(),
  };
}
