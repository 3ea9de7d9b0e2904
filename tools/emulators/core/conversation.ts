/** What people see in a chat, in order, for ever: emulators write it, and tests judge by nothing else. */

export interface SeenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** `audio` where the platform shows a player, `voice` for a voice message, `image` for a picture, else `file`. */
  readonly shownAs: 'audio' | 'voice' | 'image' | 'file';
}

/** A button, or an entry of a menu: each entry stands for itself. */
export interface SeenButton {
  readonly label: string;
  /** What the platform sends back when it is pressed; null for a link. */
  readonly customId: string | null;
  readonly url: string | null;
  /** Of an entry: what stands on its menu. Left out of buttons. */
  readonly menu?: string;
}

/** A message as it stands. Texts are what a person reads, mark-up already applied. */
export interface SeenMessage {
  readonly id: string;
  readonly chat: string;
  readonly thread: string | null;
  /** `bot`, or a person's id. */
  readonly by: string;
  readonly text: string;
  readonly files: readonly SeenFile[];
  readonly buttons: readonly SeenButton[];
  readonly replyTo: string | null;
  /** Null where everybody in the chat sees it; else the one person who does. */
  readonly onlyFor: string | null;
  /** Ids of people whom it pings. */
  readonly pings: readonly string[];
}

export type ConversationEvent =
  | { readonly kind: 'posted'; readonly atMs: number; readonly message: SeenMessage }
  | { readonly kind: 'edited'; readonly atMs: number; readonly message: SeenMessage }
  | { readonly kind: 'deleted'; readonly atMs: number; readonly messageId: string; readonly chat: string }
  /** A toast, a "the app did not respond", a typing line: seen and gone. */
  | {
      readonly kind: 'notice';
      readonly atMs: number;
      readonly chat: string;
      readonly onlyFor: string;
      readonly text: string;
    };

export interface Conversation {
  readonly events: readonly ConversationEvent[];
  post(message: SeenMessage): void;
  edit(message: SeenMessage): void;
  remove(chat: string, messageId: string): void;
  notice(notice: { readonly chat: string; readonly onlyFor: string; readonly text: string }): void;
  /** The message as it stands, or null where it is deleted or never was. */
  find(chat: string, messageId: string): SeenMessage | null;
  /** What stands in a chat now, oldest first. */
  messages(chat: string): readonly SeenMessage[];
  /** Resolves with the first message, standing now or later, that `wanted` says yes to; rejects after `timeoutMs` with what there was. */
  until(wanted: (message: SeenMessage) => boolean, timeoutMs: number): Promise<SeenMessage>;
  watch(onEvent: (event: ConversationEvent) => void): () => void;
}

export function createConversation(now: () => number = Date.now): Conversation {
  const events: ConversationEvent[] = [];
  const standing = new Map<string, SeenMessage>();
  const watchers = new Set<(event: ConversationEvent) => void>();

  function append(event: ConversationEvent): void {
    events.push(event);
    for (const watcher of watchers) watcher(event);
  }

  const conversation: Conversation = {
    events,
    post(message) {
      standing.set(keyOf(message.chat, message.id), message);
      append({ kind: 'posted', atMs: now(), message });
    },
    edit(message) {
      // A map keeps the place of a key that is set again: an edited message stays where it stood.
      standing.set(keyOf(message.chat, message.id), message);
      append({ kind: 'edited', atMs: now(), message });
    },
    remove(chat, messageId) {
      standing.delete(keyOf(chat, messageId));
      append({ kind: 'deleted', atMs: now(), messageId, chat });
    },
    notice(notice) {
      append({ kind: 'notice', atMs: now(), ...notice });
    },
    find: (chat, messageId) => standing.get(keyOf(chat, messageId)) ?? null,
    messages: (chat) => [...standing.values()].filter((message) => message.chat === chat),
    async until(wanted, timeoutMs) {
      const found = [...standing.values()].find(wanted);
      if (found !== undefined) return found;
      return await new Promise((resolve, reject) => {
        const stop = conversation.watch((event) => {
          if ((event.kind === 'posted' || event.kind === 'edited') && wanted(event.message)) {
            clearTimeout(timer);
            stop();
            resolve(event.message);
          }
        });
        const timer = setTimeout(() => {
          stop();
          const seen = [...standing.values()].map(({ chat, by, text }) => `${chat} ${by}: ${text}`).join('\n');
          reject(new Error(`no such message within ${String(timeoutMs)} ms; what stands there:\n${seen}`));
        }, timeoutMs);
      });
    },
    watch(onEvent) {
      watchers.add(onEvent);
      return () => watchers.delete(onEvent);
    },
  };
  return conversation;
}

function keyOf(chat: string, messageId: string): string {
  return JSON.stringify([chat, messageId]);
}
