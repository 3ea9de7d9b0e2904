import { DiscordAPIError, Routes } from 'discord.js';
import type { REST } from 'discord.js';

const ARCHIVED = 50_083;

/**
 * In an archived thread nothing can be changed, though new messages open it by themselves: opens it, which whoever may write there may do
 * while it is not locked, and tries once more.
 */
export async function inOpenThread<T>(rest: REST, channelId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DiscordAPIError) || error.code !== ARCHIVED) throw error;
    await rest.patch(Routes.channel(channelId), { body: { archived: false } });
    return await call();
  }
}
