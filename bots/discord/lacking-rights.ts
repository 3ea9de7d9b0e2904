import { PermissionFlagsBits } from 'discord.js';
import type { BaseInteraction } from 'discord.js';
import type { ChatRight } from '../core/words/words.ts';

/** What the bot may not do in the channel of an interaction, and would have to for a card with files. Empty in private. */
export function lackingRights(
  interaction: Pick<BaseInteraction, 'appPermissions' | 'channel' | 'guildId'>,
): readonly ChatRight[] {
  const { appPermissions, channel, guildId } = interaction;
  if (guildId === null) return [];
  const needed: readonly (readonly [ChatRight, bigint])[] = [
    ['view', PermissionFlagsBits.ViewChannel],
    channel?.isThread() === true
      ? ['sendInThreads', PermissionFlagsBits.SendMessagesInThreads]
      : ['send', PermissionFlagsBits.SendMessages],
    ['embed', PermissionFlagsBits.EmbedLinks],
    ['attach', PermissionFlagsBits.AttachFiles],
  ];
  return needed.filter(([, flag]) => !appPermissions.has(flag)).map(([right]) => right);
}
