import type { EmulatedClock } from '../core/emulated-clock.ts';

export interface Ids {
  /** @param prefix such as `F` or `Ev` */
  next(prefix: string): string;
  /** Unix time in seconds with six places; every one is above the one before, so it names a message of its channel. */
  ts(): string;
  /** @returns `length` characters, small letters and digits */
  secret(length: number): string;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

export function createIds(clock: EmulatedClock, random: () => number): Ids {
  let count = 0;
  let lastMicroseconds = 0;
  const secret = (length: number): string =>
    Array.from({ length }, () => DIGITS.charAt(Math.floor(random() * DIGITS.length))).join('');
  return {
    secret,
    next(prefix) {
      count += 1;
      return `${prefix}0${`${secret(5)}${count.toString(36).padStart(4, '0')}`.toUpperCase()}`;
    },
    ts() {
      lastMicroseconds = Math.max(lastMicroseconds + 1, Math.floor(clock.nowMs() * 1000));
      return `${String(Math.floor(lastMicroseconds / 1e6))}.${String(lastMicroseconds % 1e6).padStart(6, '0')}`;
    },
  };
}
