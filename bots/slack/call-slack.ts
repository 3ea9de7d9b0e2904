/** One call of the Web API, and what is known of it when it fails. */
import { ErrorCode } from '@slack/web-api';
import type { WebAPICallError } from '@slack/web-api';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import { waitMs } from '../core/pacing.ts';

/** Nothing left this machine, or the other side refused to listen. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** The place or the message is not there, or not ours to write in, or we are not in that workspace any more. */
const GONE = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'posting_to_general_channel_denied',
  'no_permission',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'user_not_found',
  'user_not_visible',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'user_disabled',
  'account_inactive',
  'is_inactive',
  'token_revoked',
  'token_expired',
  'invalid_auth',
  'not_authed',
  'team_access_not_granted',
  'team_not_found',
  'team_added_to_org',
  'missing_scope',
  'org_login_required',
  'access_denied',
]);
const TOO_LARGE = new Set([
  'file_upload_size_restricted',
  'file_uploads_disabled',
  'file_upload_restricted',
  'storage_limit_reached',
]);
/** The server says of itself that it may have done it. */
const UNSURE = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

/**
 * @param largestBytes of the files that go along; what is too large is said to be less than that.
 * @throws SendError, FileTooLargeError; what the API calls a mistake of ours as it is.
 */
export async function callSlack<T>(call: () => Promise<T>, largestBytes = 0): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explained(error, largestBytes);
  }
}

function explained(error: unknown, largestBytes: number): unknown {
  if (!isCallError(error)) return isWaitWithoutTime(error) ? askedToWait(Number.NaN) : error;
  switch (error.code) {
    case ErrorCode.PlatformError: {
      const said = error.data.error;
      if (TOO_LARGE.has(said)) return new FileTooLargeError(Math.max(0, largestBytes - 1));
      if (GONE.has(said)) return new SendError('gone', `Slack: ${said}`);
      if (said === 'ratelimited' || said === 'rate_limited') return askedToWait(Number.NaN);
      return UNSURE.has(said) ? new SendError('ambiguous', `Slack: ${said}`) : new Error(`Slack: ${said}`);
    }
    case ErrorCode.RateLimitedError:
      return askedToWait(error.retryAfter);
    case ErrorCode.HTTPError:
      return new SendError(
        error.statusCode >= 500 ? 'ambiguous' : 'not-executed',
        `Slack: ${String(error.statusCode)}`,
      );
    case ErrorCode.RequestError: {
      const code = codeOf(error.original);
      return new SendError(NOT_CONNECTED.has(code) ? 'not-executed' : 'ambiguous', `Slack did not answer (${code})`);
    }
    default:
      return error;
  }
}

/** @param seconds as Slack says; nonsense, and nothing at all, is a second */
export function askedToWait(seconds: number): SendError {
  return new SendError('not-executed', 'Slack asks to wait', { retryAfterMs: waitMs(seconds * 1000) });
}

/** The library's words for a 429 that does not say how long. */
function isWaitWithoutTime(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Retry header did not contain a valid timeout');
}

function isCallError(error: unknown): error is WebAPICallError {
  return error instanceof Error && typeof (error as { readonly code?: unknown }).code === 'string';
}

/** Of the failed connection, wherever it stands in the chain of causes. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
