import { SnowflakeUtil } from 'discord.js';

/** What came in since this process started, so that what comes again, or by another way as well, is heard once. */
export interface HeardEvents {
  /** @param id of a message or an interaction. @returns false where it was noted before */
  note(id: string): boolean;
  /** Nothing came of it: it may come again. */
  forget(id: string): void;
  /** When the newest of them was made, in Discord's time; null where none came. */
  readonly newestMs: number | null;
}

const MOST_REMEMBERED = 10_000;

export function createHeardEvents(): HeardEvents {
  const ids = new Set<string>();
  let newestMs: number | null = null;
  return {
    note(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > MOST_REMEMBERED && oldest !== undefined) ids.delete(oldest);
      newestMs = Math.max(newestMs ?? 0, SnowflakeUtil.timestampFrom(id));
      return true;
    },
    forget: (id) => void ids.delete(id),
    get newestMs() {
      return newestMs;
    },
  };
}
