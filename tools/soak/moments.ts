import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** What `look` finds once it finds something; null when `signal` comes before. */
export async function untilTurn<T>(look: () => T | null, signal: AbortSignal): Promise<T | null> {
  for (;;) {
    const found = look();
    if (found !== null || signal.aborted) return found;
    await restFor(LOOK_EVERY_MS, signal);
  }
}

/** Shorter where `signal` comes before. */
export async function restFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
