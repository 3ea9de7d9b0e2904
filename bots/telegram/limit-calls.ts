import type { Transformer } from 'grammy';

/** These take their time: one waits for updates, the others may carry files. */
const UNLIMITED: ReadonlySet<string> = new Set(['getUpdates', 'editMessageMedia', 'sendDocument', 'sendMediaGroup']);

/** Ends calls that carry nothing but words after this time: what is said behind them waits no longer. */
export function limitCalls(limitMs: number): Transformer {
  return async (call, method, payload, signal) => {
    if (UNLIMITED.has(method)) return await call(method, payload, signal);
    const limit = AbortSignal.timeout(limitMs);
    const signals = signal === undefined ? [limit] : [signal as unknown as AbortSignal, limit];
    // grammy's own type of signal is that of an older library.
    return await call(method, payload, AbortSignal.any(signals) as unknown as typeof signal);
  };
}
