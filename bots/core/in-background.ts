/** What nobody waits for, such as telling an answer: an event is confirmed once it is written down, whatever becomes of its answer. */
import { setTimeout as pause } from 'node:timers/promises';

export interface InBackground {
  /** Begins once everything before it in the same place has ended. Where too much waits it is left out, as an error. */
  begin(place: string, work: () => Promise<unknown>): void;
  /** Resolves once nothing is under way, or after so long. */
  ended(withinMs: number): Promise<void>;
}

/** In one place, and in all of them: more than people wait for, and little to keep. */
const MOST_IN_PLACE = 100;
const MOST = 2000;

export function createInBackground(onError: (error: unknown) => void): InBackground {
  const places = new Map<string, { last: Promise<void>; count: number }>();
  let count = 0;

  async function doNext(before: Promise<void>, work: () => Promise<unknown>): Promise<void> {
    await before;
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  }

  return {
    begin(place, work) {
      const turns = places.get(place) ?? { last: Promise.resolve(), count: 0 };
      if (turns.count >= MOST_IN_PLACE || count >= MOST) {
        onError(new Error(`an answer was left out: ${String(turns.count)} wait in its chat, ${String(count)} in all`));
        return;
      }
      places.set(place, turns);
      turns.count += 1;
      count += 1;
      turns.last = doNext(turns.last, work).then(() => {
        turns.count -= 1;
        count -= 1;
        if (turns.count === 0) places.delete(place);
      });
    },

    async ended(withinMs) {
      const late = new AbortController();
      const lateness = pause(withinMs, undefined, { signal: late.signal }).catch(() => undefined);
      // What is under way may begin more.
      const allEnded = async (): Promise<void> => {
        while (places.size > 0 && !late.signal.aborted) {
          await Promise.all([...places.values()].map(async ({ last }) => await last));
        }
      };
      await Promise.race([allEnded(), lateness]);
      late.abort();
    },
  };
}
