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
}
