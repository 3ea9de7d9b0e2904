/** What the three platforms' emulators have in common, for tests, the soak and the playroom. */
import type { Conversation } from './conversation.ts';
import type { Faults } from './faults.ts';

export interface PersonFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mimeType: string;
}

/** Where a person is. `thread` is a Discord thread or forum post, a Slack thread, a Telegram topic. */
export interface PersonPlace {
  readonly chat: string;
  readonly thread: string | null;
}

/** What a person can do. Not everything is there on every platform; an emulator rejects what its platform has not. */
export type PersonAction =
  /** A message, with files or without. */
  | {
      readonly kind: 'message';
      readonly by: string;
      readonly at: PersonPlace;
      readonly text: string;
      readonly files: readonly PersonFile[];
      readonly replyTo: string | null;
    }
  /** A slash command; options by name (Discord), or as typed text (Slack, Telegram: `name:value` words). A file only where the platform lets a command carry one. */
  | {
      readonly kind: 'command';
      readonly by: string;
      readonly at: PersonPlace;
      readonly verb: string;
      readonly options: Readonly<Record<string, string>>;
      readonly text: string;
      readonly file: PersonFile | null;
      /** The option that carries it, where there are several; left out: the first. */
      readonly fileOption?: string;
    }
  /** A message's context menu: Discord's "Apps", Slack's message shortcuts. */
  | {
      readonly kind: 'shortcut';
      readonly by: string;
      readonly at: PersonPlace;
      readonly name: string;
      readonly messageId: string;
    }
  /** A press on a message's button, or the choice of a menu's entry. */
  | {
      readonly kind: 'press';
      readonly by: string;
      readonly at: PersonPlace;
      readonly messageId: string;
      readonly label: string;
    }
  | {
      readonly kind: 'edit';
      readonly by: string;
      readonly at: PersonPlace;
      readonly messageId: string;
      readonly text: string;
    }
  | { readonly kind: 'delete'; readonly by: string; readonly at: PersonPlace; readonly messageId: string };

export interface Acted {
  /** The platform's id of the message or interaction that this made. */
  readonly id: string;
  /** Settles when the bot has acknowledged the event, with the milliseconds that took; null where the platform gave up waiting. */
  readonly acknowledgedMs: Promise<number | null>;
}

export interface EmulatedRequest {
  readonly method: string;
  readonly atMs: number;
  /** Null where the connection was broken or left hanging. */
  readonly status: number | null;
}

/** How the bot's requests stood to the platform's own machine-readable description. */
export interface SpecReport {
  /** Null where the descriptions are not at hand: nothing was checked against them. */
  readonly source: string | null;
  /** Requests whose method and every parameter the description knows, and that are as it says. */
  readonly covered: number;
  /** Requests that the description does not know, or not wholly, and that our own small schema covers. */
  readonly listed: number;
  /** Requests that break either, each in a sentence. Tests want none. */
  readonly violations: readonly string[];
}

export interface ChatEmulator {
  readonly platform: 'discord' | 'slack' | 'telegram';
  /** Environment variables that point this platform's bot process at the emulator, token included. */
  readonly botEnv: Readonly<Record<string, string>>;
  readonly conversation: Conversation;
  /** Every request of the bot, oldest first. */
  readonly requests: readonly EmulatedRequest[];
  /** From now on. */
  setFaults(faults: Faults): void;
  /** Resolves when the platform has taken it, which is before the bot has seen it. */
  act(action: PersonAction): Promise<Acted>;
  specReport(): SpecReport;
  /** What a person who opens a file of the chat gets, by the file's `sha256`; null where there is none. The playroom plays them. */
  fileBytes?(sha256: string): Uint8Array | null;
  close(): Promise<void>;
}
