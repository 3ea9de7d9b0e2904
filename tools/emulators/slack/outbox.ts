/** Hands events and interactions to the bot: events again and again, interactions once. */
import { performance } from 'node:perf_hooks';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Attempt, Transport } from './attempt.ts';

export interface Delivered {
  /** From when it happened to its acknowledgement; our milliseconds. */
  readonly acknowledgedMs: number;
  readonly answer: unknown;
}

export interface Outbox {
  /** Null once Slack has given up on it. */
  event(payload: Readonly<Record<string, unknown>>): Promise<Delivered | null>;
  interaction(
    kind: 'slash_commands' | 'interactive',
    payload: Readonly<Record<string, unknown>>,
  ): Promise<Delivered | { readonly failed: string }>;
  close(): void;
}

export function createOutbox(transport: Transport, clock: EmulatedClock, retryDelaysMs: readonly number[]): Outbox {
  let isClosed = false;
  const sleepers = new Set<() => void>();

  async function wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        sleepers.delete(wake);
        resolve();
      };
      const cancel = clock.after(ms, wake);
      sleepers.add(wake);
    });
  }
  const delivered = (startMs: number, attempt: Attempt & { kind: 'acknowledged' }): Delivered => ({
    acknowledgedMs: performance.now() - startMs,
    answer: attempt.answer,
  });

  return {
    async event(payload) {
      const startMs = performance.now();
      let attempt = await transport.send('events_api', payload, null);
      for (const [index, delayMs] of retryDelaysMs.entries()) {
        if (isClosed || attempt.kind === 'acknowledged' || !attempt.mayRetry) break;
        if (delayMs > 0) await wait(delayMs);
        if (isClosed) break;
        attempt = await transport.send('events_api', payload, { num: index + 1, reason: attempt.reason });
      }
      return attempt.kind === 'acknowledged' ? delivered(startMs, attempt) : null;
    },
    async interaction(kind, payload) {
      const startMs = performance.now();
      const attempt = await transport.send(kind, payload, null);
      return attempt.kind === 'acknowledged' ? delivered(startMs, attempt) : { failed: attempt.reason };
    },
    close() {
      isClosed = true;
      for (const wake of sleepers) wake();
    },
  };
}
