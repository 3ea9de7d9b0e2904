/** One call of the REST API, and what is known of it when it fails. */
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';

/** Nothing left this machine, or the other side refused to listen. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The place or the message is not there, or not ours to write in. */
const GONE = new Set([
  10_003, // unknown channel
  10_004, // unknown guild
  10_008, // unknown message
  10_013, // unknown user
  50_001, // missing access
  50_005, // somebody else's message
  50_007, // no private messages to this user
  50_013, // missing permissions
  50_083, // archived thread
  50_278, // no private messages without a server in common
]);
const TOO_LARGE = 40_005;

/**
 * @param largestBytes of the files that go along; what is too large is said to be less than that.
 * @throws SendError, FileTooLargeError; what the API calls a mistake of ours as it is.
 */
export async function callDiscord<T>(call: () => Promise<T>, largestBytes = 0): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explained(error, largestBytes);
  }
}

function explained(error: unknown, largestBytes: number): unknown {
  if (error instanceof RateLimitError) {
    return new SendError('not-executed', `Discord asks to wait (${error.scope})`, { retryAfterMs: error.retryAfter });
  }
  if (error instanceof DiscordAPIError) {
    const said = `Discord: ${String(error.status)} ${String(error.code)}`;
    if (error.code === TOO_LARGE || error.status === 413) return new FileTooLargeError(Math.max(0, largestBytes - 1));
    // That says something of a token, and nothing of the place.
    if (error.status === 401) return new SendError('not-executed', said);
    if (typeof error.code === 'number' && GONE.has(error.code)) return new SendError('gone', said);
    if (error.status === 403 || error.status === 404) return new SendError('gone', said);
    return error.status >= 500 ? new SendError('ambiguous', said) : new Error(`${said} ${error.message.slice(0, 300)}`);
  }
  if (error instanceof HTTPError) {
    if (error.status === 413) return new FileTooLargeError(Math.max(0, largestBytes - 1));
    return new SendError(error.status >= 500 ? 'ambiguous' : 'not-executed', `Discord: ${String(error.status)}`);
  }
  const code = codeOf(error);
  if (code === null) return error;
  return new SendError(NOT_CONNECTED.has(code) ? 'not-executed' : 'ambiguous', `Discord did not answer (${code})`);
}

/** Of a failed connection; null for what is none. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error.cause === undefined ? (error instanceof TypeError ? 'no answer' : null) : codeOf(error.cause);
}
