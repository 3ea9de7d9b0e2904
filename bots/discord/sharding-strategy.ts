import { SimpleShardingStrategy } from 'discord.js';
import type { SessionInfo, WebSocketOptions } from 'discord.js';

/**
 * The library's own, but it does not forget what a session was that has ended. The last frames of one may still be under way when its
 * connection is closed, and the library's handler of RESUMED reads then what is not there any more: a rejection that ends the process.
 */
export const shardingStrategy: NonNullable<WebSocketOptions['buildStrategy']> = (manager) => {
  const { options } = manager;
  const remember = options.updateSessionInfo;
  const sessions = new Map<number, SessionInfo | null>();
  options.retrieveSessionInfo = (shardId) => sessions.get(shardId) ?? null;
  options.updateSessionInfo = async (shardId, session) => {
    sessions.set(shardId, session);
    if (session !== null) await remember(shardId, session);
  };
  return new SimpleShardingStrategy(manager);
};
