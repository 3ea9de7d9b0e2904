/** Discord's things as its API and its gateway write them. */
import type { AttachmentStore, StoredAttachment } from './attachment-store.ts';
import { snowflakeMs } from './ids.ts';
import type { Wire } from './message.ts';
import type { PersonSeed } from './options.ts';
import { PERMISSIONS, USUAL_PERMISSIONS, permissionBits } from './permissions.ts';
import type { Channel, Guild, World } from './world.ts';

export const CHANNEL_TYPES = { text: 0, dm: 1, forum: 15, publicThread: 11, privateThread: 12 } as const;

export function channelType({ kind, isPrivate }: Pick<Channel, 'kind' | 'isPrivate'>): number {
  if (kind === 'thread') return isPrivate ? CHANNEL_TYPES.privateThread : CHANNEL_TYPES.publicThread;
  return CHANNEL_TYPES[kind];
}

export function wireUser({ id, username, displayName, isBot }: PersonSeed): Wire {
  return {
    id,
    username,
    discriminator: '0',
    global_name: isBot ? null : displayName,
    avatar: null,
    public_flags: 0,
    ...(isBot && { bot: true }),
  };
}

/** Of a server, without the user. */
export function wireMember(guild: Guild, personId: string): Wire {
  return {
    roles: guild.roles.filter(({ members }) => members.includes(personId)).map(({ id }) => id),
    joined_at: isoTime(snowflakeMs(guild.id)),
    nick: null,
    avatar: null,
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
  };
}

export function wireChannel(world: World, channel: Channel): Wire {
  const { id, kind, guildId, parentId, name, ownerId, members, messages, botLacks } = channel;
  const type = channelType(channel);
  const last = { id, type, last_message_id: messages.keys().toArray().at(-1) ?? null };
  switch (kind) {
    case 'dm': {
      const other = [...members].find((member) => member !== world.bot.id) ?? '';
      const person = world.people.get(other);
      return { ...last, recipients: person === undefined ? [] : [wireUser(person)], flags: 0 };
    }
    case 'thread':
      return {
        ...last,
        guild_id: guildId,
        parent_id: parentId,
        name,
        owner_id: ownerId,
        message_count: messages.size,
        total_message_sent: messages.size,
        member_count: members.size,
        rate_limit_per_user: 0,
        flags: 0,
        thread_metadata: {
          archived: channel.isArchived,
          auto_archive_duration: 1440,
          archive_timestamp: isoTime(snowflakeMs(id)),
          locked: channel.isLocked,
          ...(channel.isPrivate && { invitable: true }),
        },
        ...(members.has(world.bot.id) && {
          member: { id, user_id: world.bot.id, join_timestamp: isoTime(snowflakeMs(id)), flags: 0 },
        }),
      };
    case 'text':
    case 'forum':
      return {
        ...last,
        guild_id: guildId,
        name,
        topic: null,
        position: 0,
        parent_id: null,
        nsfw: false,
        rate_limit_per_user: 0,
        flags: 0,
        permission_overwrites:
          botLacks.size === 0 ? [] : [{ id: world.bot.id, type: 1, allow: '0', deny: permissionBits(botLacks) }],
        ...(kind === 'forum' && {
          available_tags: [],
          default_reaction_emoji: null,
          default_sort_order: null,
          default_forum_layout: 0,
        }),
      };
  }
}

/** As GUILD_CREATE brings it: with its channels, and those threads that the bot may see. */
export function wireGuild(world: World, guild: Guild): Wire {
  const channels = [...world.channels.values()].filter(
    (channel) => channel.guildId === guild.id && world.botPermissions(channel).size > 0,
  );
  const members = [...guild.members].flatMap((id) => world.people.get(id) ?? []);
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    vanity_url_code: null,
    premium_tier: guild.boostTier,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: guild.locale,
    features: [],
    roles: wireRoles(guild),
    emojis: [],
    stickers: [],
    joined_at: isoTime(snowflakeMs(guild.id)),
    large: false,
    unavailable: false,
    member_count: members.length + 1,
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    members: [...members, world.bot].map((person) => ({ ...wireMember(guild, person.id), user: wireUser(person) })),
    channels: channels.filter(({ kind }) => kind !== 'thread').map((channel) => wireChannel(world, channel)),
    threads: channels
      .filter(({ kind, isArchived }) => kind === 'thread' && !isArchived)
      .map((channel) => wireChannel(world, channel)),
  };
}

/** The first is everybody's, and has the server's own id. */
function wireRoles(guild: Guild): Wire[] {
  const role = {
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    managed: false,
    flags: 0,
  };
  return [
    {
      ...role,
      id: guild.id,
      name: '@everyone',
      position: 0,
      permissions: permissionBits(USUAL_PERMISSIONS),
      mentionable: false,
    },
    ...guild.roles.map(({ id, name, isMentionable }, index) => ({
      ...role,
      id,
      name,
      position: index + 1,
      permissions: '0',
      mentionable: isMentionable,
    })),
  ];
}

export function wireAttachment(attachments: AttachmentStore, attachment: StoredAttachment): Wire {
  const { id, filename, title, bytes, mimeType, description, voice, isEphemeral } = attachment;
  const url = attachments.url(attachment);
  return {
    id,
    filename,
    ...(title !== null && { title }),
    size: bytes.byteLength,
    url,
    proxy_url: url,
    content_type: mimeType,
    ...(description !== null && { description }),
    ...(voice !== null && { duration_secs: voice.durationSeconds, waveform: voice.waveformBase64 }),
    ...(isEphemeral && { ephemeral: true }),
  };
}

/** What a person may do there, as interactions tell it: everything that matters here. */
export const PERSON_PERMISSIONS = permissionBits(Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[]);

/** As Discord writes times. */
export function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('Z', '000+00:00');
}
