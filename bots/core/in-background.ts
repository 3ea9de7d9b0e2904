/** What nobody waits for, such as telling an answer: an event is confirmed once it is written down, whatever becomes of its answer. */
import { setTimeout as pause } from 'node:timers/promises';
import { createTurns } from './turns.ts';

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
  const inTurn = createTurns();
  const counts = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  async function doInTurn(place: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await inTurn(place, work);
    } catch (error) {
      onError(error);
    }
    const left = (counts.get(place) ?? 0) - 1;
    if (left > 0) counts.set(place, left);
    else counts.delete(place);
  }

  return {
    begin(place, work) {
      const count = counts.get(place) ?? 0;
      if (count >= MOST_IN_PLACE || underWay.size >= MOST) {
        onError(
          new Error(`an answer was left out: ${String(count)} wait in its chat, ${String(underWay.size)} in all`),
        );
        return;
      }
      counts.set(place, count + 1);
      const doing = doInTurn(place, work).then(() => {
        underWay.delete(doing);
      });
      underWay.add(doing);
    },

    async ended(withinMs) {
      const late = new AbortController();
      const lateness = pause(withinMs, undefined, { signal: late.signal }).catch(() => undefined);
      // What is under way may begin more.
      const allEnded = async (): Promise<void> => {
        while (underWay.size > 0 && !late.signal.aborted) await Promise.all(underWay);
      };
      await Promise.race([allEnded(), lateness]);
      late.abort();
    },
  };
}
