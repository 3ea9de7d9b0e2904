/** Messages as the API and the gateway write them, and what of them a bot gets to see. */
import type { AttachmentStore } from './attachment-store.ts';
import type { StoredMessage, Wire } from './message.ts';
import { isoTime, wireAttachment, wireUser } from './to-wire.ts';
import { wireComponent } from './wire-component.ts';
import type { World } from './world.ts';

/** What somebody without the right to it finds in its place. */
const HIDDEN_CONTENT = { content: '', embeds: [], attachments: [], components: [] } as const;

export interface MessageWriter {
  /** As it is. */
  whole(message: StoredMessage): Wire;
  /**
   * As the bot gets it: without the privileged intent, content is there only in private, where the bot is mentioned, and where it is
   * the bot's own.
   */
  forBot(message: StoredMessage, hasMessageContent: boolean): Wire;
}

export function createMessageWriter(world: World, attachments: AttachmentStore): MessageWriter {
  function whole(message: StoredMessage, withReplied = true): Wire {
    const channel = world.channels.get(message.channelId);
    const replied = message.replyToId === null ? undefined : channel?.messages.get(message.replyToId);
    const author = world.people.get(message.authorId);
    const people = message.mentionedIds.flatMap((id) => world.people.get(id) ?? []);
    const { interaction } = message;
    const answerer = interaction === null ? undefined : world.people.get(interaction.personId);
    return {
      id: message.id,
      channel_id: message.channelId,
      author: author === undefined ? null : wireUser(author),
      content: message.content,
      timestamp: isoTime(message.postedMs),
      edited_timestamp: message.editedMs === null ? null : isoTime(message.editedMs),
      tts: false,
      mention_everyone: message.mentionsEveryone,
      mentions: people.map(wireUser),
      mention_roles: message.mentionedRoleIds,
      attachments: message.attachments.map((attachment) => wireAttachment(attachments, attachment)),
      embeds: message.embeds.map((embed) => ({ type: 'rich', ...embed })),
      components: message.components.map((component) => wireComponent(attachments, message, component)),
      pinned: false,
      type: message.type,
      flags: message.flags,
      ...(message.nonce !== null && { nonce: message.nonce }),
      ...(message.replyToId !== null && {
        message_reference: {
          type: 0,
          message_id: message.replyToId,
          channel_id: message.channelId,
          ...(channel?.guildId != null && { guild_id: channel.guildId }),
        },
        ...(withReplied && { referenced_message: replied === undefined ? null : whole(replied, false) }),
      }),
      ...(interaction !== null && {
        webhook_id: world.bot.id,
        application_id: world.bot.id,
        interaction_metadata: {
          id: interaction.id,
          type: interaction.type,
          user: answerer === undefined ? null : wireUser(answerer),
          authorizing_integration_owners: {},
        },
      }),
    };
  }
  function isOpen(message: StoredMessage): boolean {
    const isPrivate = world.channels.get(message.channelId)?.guildId === null;
    return isPrivate || message.authorId === world.bot.id || message.mentionedIds.includes(world.bot.id);
  }
  return {
    whole: (message) => whole(message),
    forBot(message, hasMessageContent) {
      const all = whole(message);
      const replied = all['referenced_message'];
      const hidden = hasMessageContent || isOpen(message) ? all : { ...all, ...HIDDEN_CONTENT };
      if (replied === undefined || replied === null || hasMessageContent) return hidden;
      const stored = world.channels.get(message.channelId)?.messages.get(message.replyToId ?? '');
      const repliedHidden = stored !== undefined && !isOpen(stored) ? { ...replied, ...HIDDEN_CONTENT } : replied;
      return { ...hidden, referenced_message: repliedHidden };
    },
  };
}
