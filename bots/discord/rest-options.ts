import { DefaultRestOptions } from 'discord.js';
import type { RESTOptions } from 'discord.js';
import { TokenRefusedError } from './token-watch.ts';
import type { TokenWatch } from './token-watch.ts';

const ANSWER_LIMIT_MS = 15_000;

/**
 * How both of our clients of the API are made: the library repeats nothing and waits for nothing by itself, since that is the ledger's and
 * the chat's lane's matter; and a token that Discord refused is not used again ({@link TokenRefusedError}).
 *
 * @param apiUrl without a version; null is Discord's own
 */
export function restOptions(apiUrl: string | null, token: TokenWatch): Partial<RESTOptions> {
  return {
    ...(apiUrl === null ? {} : { api: apiUrl }),
    retries: 0,
    timeout: ANSWER_LIMIT_MS,
    rejectOnRateLimit: () => true,
    async makeRequest(url, init) {
      // Answers to interactions bear no token of the bot.
      const isOurs = new Headers(init.headers as Record<string, string>).has('authorization');
      if (isOurs && token.isRefused) throw new TokenRefusedError();
      const response = await DefaultRestOptions.makeRequest(url, init);
      if (isOurs && response.status === 401) {
        token.refuse();
        await response.text();
        throw new TokenRefusedError();
      }
      return response;
    },
  };
}
