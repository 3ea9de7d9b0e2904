import { DefaultRestOptions } from 'discord.js';
import type { RESTOptions } from 'discord.js';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { createQuietPlaces } from './quiet-places.ts';
import { TokenRefusedError } from './token-watch.ts';
import type { TokenWatch } from './token-watch.ts';

const ANSWER_LIMIT_MS = 15_000;
/** Discord's clock and ours are not the same. */
const MARGIN_MS = 50;

/**
 * How our clients of the API are made, both with the same: the library repeats nothing and waits for nothing by itself, since that is the
 * matter of the ledger and of the chat's lane. A token that Discord refused is not used again ({@link TokenRefusedError}), and where it
 * asked for quiet nothing is asked before that is over (`not-executed`), also of what waited for its turn.
 *
 * @param apiUrl without a version; null is Discord's own
 */
export function createRestOptions(apiUrl: string | null, token: TokenWatch): Partial<RESTOptions> {
  const quiet = createQuietPlaces();
  return {
    ...(apiUrl === null ? {} : { api: apiUrl }),
    retries: 0,
    timeout: ANSWER_LIMIT_MS,
    rejectOnRateLimit: () => true,
    async makeRequest(url, init) {
      // Answers to interactions bear no token of the bot.
      const isOurs = new Headers(init.headers as Record<string, string>).has('authorization');
      if (isOurs && token.isRefused) throw new TokenRefusedError();
      const path = pathOf(url);
      const restMs = quiet.restMs(path);
      if (restMs > 0) {
        throw new SendError('not-executed', 'Discord asked to wait', { retryAfterMs: restMs + MARGIN_MS });
      }
      const response = await DefaultRestOptions.makeRequest(url, await inOnePiece(init));
      if (response.status === 429) quiet.note(path, response.headers);
      if (isOurs && response.status === 401) {
        token.refuse();
        await response.text();
        throw new TokenRefusedError();
      }
      return response;
    },
  };
}

type Init = Parameters<RESTOptions['makeRequest']>[1];

/** A form is streamed otherwise, and when the connection breaks under the stream, Node throws where nobody can catch it. */
async function inOnePiece(init: Init): Promise<Init> {
  if (!(init.body instanceof FormData)) return init;
  const form = new Response(init.body);
  const type = form.headers.get('content-type') ?? '';
  const headers = { ...(init.headers as Record<string, string>), 'content-type': type };
  return { ...init, headers, body: new Uint8Array(await form.arrayBuffer()) };
}

/** Without the API's own prefix. */
function pathOf(url: string): string {
  return new URL(url).pathname.replace(/^(?:\/api)?\/v\d+/u, '');
}
