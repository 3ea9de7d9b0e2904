/** One call of the Bot API, and what is known of it when it fails. */
import { GrammyError, HttpError } from 'grammy';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import { waitMs } from '../core/pacing.ts';

/** Nothing left this machine, or the other side refused to listen. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN']);

/** Beginnings of descriptions; the API has no finer codes. */
const GONE = [
  'Bad Request: chat not found',
  'Bad Request: message to edit not found',
  "Bad Request: message can't be edited",
  'Bad Request: message thread not found',
  'Bad Request: TOPIC_',
  'Bad Request: MESSAGE_ID_INVALID',
  'Bad Request: not enough rights',
  'Bad Request: need administrator rights',
  'Bad Request: have no rights',
  'Bad Request: CHAT_',
  'Bad Request: PEER_ID_INVALID',
  'Bad Request: group chat was upgraded',
];
const UNCHANGED = 'Bad Request: message is not modified';

/**
 * @param unchanged what an edit gives that would change nothing: it stands there already.
 * @throws SendError, FileTooLargeError; what the API calls a mistake of ours as it is.
 */
export async function callTelegram<T>(call: () => Promise<T>, unchanged?: T): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof GrammyError && error.description.startsWith(UNCHANGED) && unchanged !== undefined) {
      return unchanged;
    }
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  if (error instanceof GrammyError) return explainRefusal(error);
  if (error instanceof HttpError) {
    const code = codeOf(error.error);
    // The library's own message may hold the address, and that the token.
    const outcome = NOT_CONNECTED.has(code) ? 'not-executed' : 'ambiguous';
    return new SendError(outcome, `Telegram did not answer (${code === '' ? 'no answer' : code})`);
  }
  return error;
}

function explainRefusal(error: GrammyError): unknown {
  const { error_code: status, description, parameters } = error;
  const said = `Telegram: ${String(status)} ${description.slice(0, 200)}`;
  if (status === 429) {
    return new SendError('not-executed', said, { retryAfterMs: waitMs((parameters.retry_after ?? Number.NaN) * 1000) });
  }
  if (parameters.migrate_to_chat_id !== undefined) {
    return new SendError('not-executed', said, { movedToChatId: String(parameters.migrate_to_chat_id) });
  }
  if (status === 413) return new FileTooLargeError(0);
  if (status === 401 || status === 403 || status === 404) return new SendError('gone', said);
  if (status === 400 && GONE.some((start) => description.startsWith(start))) return new SendError('gone', said);
  return status >= 500 ? new SendError('ambiguous', said) : new Error(said);
}

function codeOf(error: unknown): string {
  const { code, errno } = (error ?? {}) as { readonly code?: unknown; readonly errno?: unknown };
  return typeof code === 'string' ? code : typeof errno === 'string' ? errno : '';
}
