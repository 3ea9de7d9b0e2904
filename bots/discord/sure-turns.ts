/** What came in is written down, however long the database is away: nobody sends it again. */
import { setTimeout as pause } from 'node:timers/promises';
import { createTurns } from '../core/turns.ts';

export interface SureTurns {
  /**
   * Does `work` when all that was given before for the same place is done, again and again until it succeeds. Rejects where no repetition
   * would help, where it was stopped, and with {@link TooManyWaitError}.
   */
  run<T>(place: string, work: () => Promise<T>): Promise<T>;
  /** As {@link run}, without a turn. */
  surely<T>(work: () => Promise<T>): Promise<T>;
  /** Of {@link run}: what is not done yet. */
  readonly waiting: number;
}

export interface SureTurnsOptions {
  readonly onError: (error: unknown) => void;
  /** Ends what fails; what is being tried ends by itself. */
  readonly stopping: AbortSignal;
}

/** Messages wait in memory. */
export const MOST_WAITING = 500;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
const MOST_HOPELESS_TRIES = 3;

/** Nothing was begun. */
export class TooManyWaitError extends Error {
  override readonly name = 'TooManyWaitError';
  constructor() {
    super(`${String(MOST_WAITING)} messages wait to be written down already`);
  }
}

export function createSureTurns({ onError, stopping }: SureTurnsOptions): SureTurns {
  const inTurn = createTurns();
  let waiting = 0;
  let isGivenUp = false;

  async function surely<T>(work: () => Promise<T>): Promise<T> {
    let hopelessTries = 0;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      // At the end all that waits would be tried in vain, one after the other.
      if (isGivenUp) throw new Error('the bot was stopped before this could be written down');
      try {
        return await work();
      } catch (error) {
        if (isHopeless(error)) hopelessTries += 1;
        isGivenUp ||= stopping.aborted;
        if (stopping.aborted || hopelessTries === MOST_HOPELESS_TRIES) throw error;
        onError(error);
        await pause(waitMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }

  return {
    async run(place, work) {
      if (waiting === MOST_WAITING) throw new TooManyWaitError();
      waiting += 1;
      try {
        return await inTurn(place, async () => await surely(work));
      } finally {
        waiting -= 1;
      }
    },
    surely,
    get waiting() {
      return waiting;
    },
  };
}

/** SQLSTATE classes of what cannot be written as it is: data, constraints. */
const REFUSED_BY_DATABASE = /^2[23]...$/u;

/** A fault of ours, or a message that cannot be written: whatever comes behind it would wait for ever. */
function isHopeless(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && REFUSED_BY_DATABASE.test(code);
}
