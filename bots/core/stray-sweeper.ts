/** Takes placeholders away that a second send made superfluous, on platforms that let a bot look for them. */
import { setTimeout as timer } from 'node:timers/promises';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { Resent, ResentInPlace } from './jobs.ts';

export interface SweepPace {
  /** How long a placeholder must have stood: until then a lost try may still arrive. */
  readonly standingForMs: number;
  /** Between two looks into the ledger, and after a try that failed. */
  readonly idleMs: number;
  /** Between two places. */
  readonly spreadMs: number;
}

const USUAL_PACE: SweepPace = { standingForMs: 60_000, idleMs: 20_000, spreadMs: 2000 };
const MOST_TRIES = 3;
/** Who asks for more than this does not want to be read. */
const LONGEST_WAIT_MS = 120_000;
/** What is under way at the end gets this long. */
const STOP_LIMIT_MS = 5000;

export interface StraySweeperDeps {
  readonly resent: Resent;
  readonly removeStrays: NonNullable<ChatPort['removeStrays']>;
  readonly onRemoved: (count: number) => void;
  /** What is no matter of the platform's; a place that cannot be read is none. */
  readonly onError: (error: unknown) => void;
  readonly pace?: SweepPace;
}

export interface StraySweeper {
  stop(): Promise<void>;
}

/**
 * Goes through the ledger until it is stopped, one place after the other. A place is written down after it was swept: who dies in between
 * does it again, and that removes nothing else.
 */
export function startStraySweeper(deps: StraySweeperDeps): StraySweeper {
  const { resent, removeStrays, onRemoved, onError, pace = USUAL_PACE } = deps;
  const stopping = new AbortController();
  let failed = { id: '', tries: 0 };

  /** Returns how long to rest then. */
  async function sweepNext(): Promise<number> {
    const place = await resent.next(pace.standingForMs);
    if (place === null) return pace.idleMs;
    try {
      const count = await removeStrays(place.address, place.rows);
      if (count > 0) onRemoved(count);
    } catch (error) {
      if (mayTryAgain(place, error)) {
        // Every second turn is left to results that are looked for by the same call.
        return Math.max(pace.idleMs, 2 * (error.retryAfterMs ?? 0));
      }
      if (!(error instanceof SendError)) onError(error);
    }
    await resent.markSwept(place);
    return pace.spreadMs;
  }

  function mayTryAgain({ rows: [first] }: ResentInPlace, error: unknown): error is SendError {
    const id = first?.id ?? '';
    failed = { id, tries: id === failed.id ? failed.tries + 1 : 1 };
    return (
      error instanceof SendError &&
      error.outcome !== 'gone' &&
      (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS &&
      failed.tries < MOST_TRIES
    );
  }

  async function run({ signal }: AbortController): Promise<void> {
    while (!signal.aborted) {
      const restMs = await sweepNext().catch((error: unknown) => {
        if (!signal.aborted) onError(error);
        return pace.idleMs;
      });
      await timer(restMs, undefined, { signal }).catch(() => null);
    }
  }

  const running = run(stopping);
  return {
    async stop() {
      stopping.abort();
      await Promise.race([running, timer(STOP_LIMIT_MS, undefined, { ref: false })]);
    },
  };
}
