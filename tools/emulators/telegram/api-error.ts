/** What the Bot API answers instead of a result. Descriptions are the server's own words: bots match on them. */

export interface ErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

export class ApiError extends Error {
  readonly code: number;
  readonly description: string;
  readonly parameters: ErrorParameters;

  constructor(code: number, description: string, parameters: ErrorParameters = {}) {
    super(`${String(code)} ${description}`);
    this.name = 'ApiError';
    this.code = code;
    this.description = description;
    this.parameters = parameters;
  }
}

/** @param what after "Bad Request: " */
export function badRequest(what: string): ApiError {
  return new ApiError(400, `Bad Request: ${what}`);
}

/** @param what after "Forbidden: " */
export function forbidden(what: string): ApiError {
  return new ApiError(403, `Forbidden: ${what}`);
}

/** @param what after "Conflict: " */
export function conflict(what: string): ApiError {
  return new ApiError(409, `Conflict: ${what}`);
}

/** @param seconds whole, at least 1 */
export function tooManyRequests(seconds: number): ApiError {
  return new ApiError(429, `Too Many Requests: retry after ${String(seconds)}`, { retry_after: seconds });
}

export function upgraded(toChatId: number): ApiError {
  return new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: toChatId,
  });
}
