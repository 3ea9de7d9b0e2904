/** A room to play in: an emulator, and who and what there is in it. */
import type { ChatEmulator } from '../emulators/core/emulator.ts';

export interface NamedId {
  readonly id: string;
  readonly name: string;
}

export interface PlayPlace extends NamedId {
  /** Of a thread, topic or post that the room begins with; null for the chat itself. */
  readonly thread: string | null;
}

export interface PlayRoom {
  readonly emulator: ChatEmulator;
  readonly title: string;
  readonly people: readonly NamedId[];
  readonly places: readonly PlayPlace[];
  /** What a message's menu offers; empty where the platform has none. */
  readonly shortcuts: readonly string[];
  /** What typing a slash offers, e.g. `/split`. */
  readonly commands: readonly string[];
  /** Where a platform tells the bot that somebody looks at a place. */
  enter?(chat: string): Promise<void>;
}

/** @returns what a person reads for an id of a person or a chat; the id itself where nobody is known by it */
export function namesIn({ people, places }: Pick<PlayRoom, 'people' | 'places'>): (id: string) => string {
  const names = new Map<string, string>([['bot', 'Woodshed']]);
  for (const { id, name } of people) names.set(id, name);
  // A private chat has its person's id; what it is called as a place comes second.
  for (const { id, name, thread } of places) if (thread === null && !names.has(id)) names.set(id, name);
  return (id) => names.get(id) ?? id;
}
