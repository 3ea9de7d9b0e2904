/** Snowflakes: they sort by time, and no two are the same. */
import type { EmulatedClock } from '../core/emulated-clock.ts';

/** Discord's first millisecond. */
const EPOCH_MS = 1_420_070_400_000;
const PER_MS = 4096;

export interface Ids {
  snowflake(): string;
  /** Letters and digits. */
  secret(length: number): string;
}

export function createIds(clock: EmulatedClock, random: () => number): Ids {
  let lastMs = 0;
  let sequence = 0;
  return {
    snowflake() {
      const now = Math.floor(clock.nowMs());
      if (now > lastMs) [lastMs, sequence] = [now, 0];
      else sequence += 1;
      if (sequence === PER_MS) [lastMs, sequence] = [lastMs + 1, 0];
      return String((BigInt(lastMs - EPOCH_MS) << 22n) | BigInt(sequence));
    },
    secret: (length) => Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)] ?? '').join(''),
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Unix milliseconds of a snowflake's making. */
export function snowflakeMs(id: string): number {
  return Number(BigInt(id) >> 22n) + EPOCH_MS;
}
