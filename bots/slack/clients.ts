import { ErrorCode, WebClient } from '@slack/web-api';
import type { WebAPICallError, WebAPICallResult, WebClientOptions } from '@slack/web-api';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { waitMs } from '../core/pacing.ts';
import type { MethodLimits } from './method-limits.ts';

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

/** A client that keeps a workspace's waits: while one lasts, calls of that kind are refused here, with the rest of it. */
export class WaitingClient extends WebClient {
  readonly #limits: MethodLimits;

  constructor(token: string, options: WebClientOptions, limits: MethodLimits) {
    super(token, options);
    this.#limits = limits;
  }

  /** @throws SendError where Slack has asked to wait and is not asked again yet; else as the library does. */
  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    const { channel } = options ?? {};
    const call = { method, channelId: typeof channel === 'string' ? channel : null };
    const restMs = this.#limits.restMs(call);
    if (restMs > 0) throw new SendError('not-executed', `Slack asked to wait (${method})`, { retryAfterMs: restMs });
    try {
      return await super.apiCall(method, options);
    } catch (error) {
      const { code, retryAfter } = error as Partial<WebAPICallError & { readonly retryAfter: number }>;
      if (code === ErrorCode.RateLimitedError) this.#limits.shut(call, waitMs((retryAfter ?? 0) * 1000));
      throw error;
    }
  }
}

export function createClient(token: string, apiUrl: string | null, limits: MethodLimits): WebClient {
  return new WaitingClient(token, clientOptions(apiUrl), limits);
}
