/** Requests that Discord counts against the bot's address: 401, 403, and 429 that it brought upon itself. */
import type { EmulatedClock } from '../core/emulated-clock.ts';

export interface InvalidRequests {
  note(): void;
  /** Of the last ten minutes; from 10,000 on Discord shuts the address out. */
  lately(): number;
}

const WINDOW_MS = 10 * 60_000;

export function createInvalidRequests(clock: EmulatedClock): InvalidRequests {
  let times: number[] = [];
  return {
    note: () => void times.push(clock.nowMs()),
    lately() {
      times = times.filter((atMs) => atMs > clock.nowMs() - WINDOW_MS);
      return times.length;
    },
  };
}
