/** Separators that a thread has opened: models stay loaded between songs, up to a few. */
import type { Separator, SeparatorEntry, SeparatorRuntime, SeparatorSession } from '../models/separator.ts';
import type { SeparatorChoice } from './engine-tasks.ts';

/** A strategy tree uses several in turn; more than these are closed, the longest unused first. */
const OPEN_SESSIONS = 3;

export interface SessionShelf {
  separator(choice: SeparatorChoice): Separator;
  session(choice: SeparatorChoice, runtime: SeparatorRuntime): Promise<SeparatorSession>;
}

export function createSessionShelf(registry: ReadonlyMap<string, SeparatorEntry>): SessionShelf {
  const separators = new Map<string, Separator>();
  const sessions = new Map<string, SeparatorSession>();

  function separator(choice: SeparatorChoice): Separator {
    const key = JSON.stringify(choice);
    const known = separators.get(key);
    if (known !== undefined) return known;
    const entry = registry.get(choice.separator);
    if (entry === undefined) throw new RangeError(`no separator ${choice.separator}`);
    const created = entry.create(new Map(choice.modelPaths), choice.quality);
    separators.set(key, created);
    return created;
  }

  async function session(choice: SeparatorChoice, runtime: SeparatorRuntime): Promise<SeparatorSession> {
    const key = JSON.stringify([choice, runtime]);
    const known = sessions.get(key);
    if (known !== undefined) {
      sessions.delete(key); // to the end: the order is that of last use
      sessions.set(key, known);
      return known;
    }
    for (const [oldest, unused] of sessions) {
      if (sessions.size < OPEN_SESSIONS) break;
      sessions.delete(oldest);
      await unused.close();
    }
    const opened = await separator(choice).open(runtime);
    sessions.set(key, opened);
    return opened;
  }

  return { separator, session };
}
