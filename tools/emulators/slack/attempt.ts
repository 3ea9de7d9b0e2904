/** One try to hand something to the bot, however it is connected. */

export type EnvelopeKind = 'events_api' | 'slash_commands' | 'interactive';

export interface Retry {
  /** 1 for the first repetition. */
  readonly num: number;
  readonly reason: string;
}

export type Attempt =
  /** What came along with the acknowledgement; null where nothing did. */
  | { readonly kind: 'acknowledged'; readonly answer: unknown }
  /** As in `x-slack-retry-reason`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly mayRetry: boolean };

export interface Transport {
  send(kind: EnvelopeKind, payload: Readonly<Record<string, unknown>>, retry: Retry | null): Promise<Attempt>;
}
