import { WebClient } from '@slack/web-api';
import type { WebClientOptions } from '@slack/web-api';

const CALL_LIMIT_MS = 15_000;

/** The library's own retries off, and no waiting inside of it: what is sent again, and when, is the ledger's matter. */
export function clientOptions(apiUrl: string | null): WebClientOptions {
  return {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_LIMIT_MS,
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
  };
}

export function createClient(token: string, apiUrl: string | null): WebClient {
  return new WebClient(token, clientOptions(apiUrl));
}
