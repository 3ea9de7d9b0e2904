import { LogLevel } from '@slack/bolt';
import type { Logger as BoltLogger } from '@slack/bolt';

/** The part of our log that Bolt needs. */
export interface Log {
  debug(facts: object, line: string): void;
  warn(facts: object, line: string): void;
  error(facts: object, line: string): void;
}

/** Bolt's lines in our log; what it calls information is chatter. */
export function boltLogger(log: Log): BoltLogger {
  const line = (words: readonly unknown[]): string =>
    words
      .map((word) => (word instanceof Error ? word.message : String(word)))
      .join(' ')
      .slice(0, 500);
  return {
    debug: () => undefined,
    info: (...words) => log.debug({ from: 'bolt' }, line(words)),
    warn: (...words) => log.warn({ from: 'bolt' }, line(words)),
    error: (...words) => log.error({ from: 'bolt' }, line(words)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
