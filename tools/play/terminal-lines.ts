/** What happens in a room, as lines of a terminal. */
import type { ConversationEvent, SeenButton, SeenMessage } from '../emulators/core/conversation.ts';
import { seenMenus } from '../emulators/core/seen-menus.ts';
import type { SeenMenu } from '../emulators/core/seen-menus.ts';
import { namesIn } from './room.ts';
import type { PlayRoom } from './room.ts';

export interface TerminalLines {
  /** @returns lines to print */
  of(event: ConversationEvent): string[];
  /** The message that was numbered so, as it was shown last; null where there is none. */
  numbered(number: number): SeenMessage | null;
}

/** Messages are numbered as they come, so that a person can name them. */
export function createTerminalLines(room: Pick<PlayRoom, 'people' | 'places'>): TerminalLines {
  const numbers = new Map<string, number>();
  const shown = new Map<number, SeenMessage>();
  const nameOf = namesIn(room);

  function placeOf({ chat, thread }: Pick<SeenMessage, 'chat' | 'thread'>): string {
    const known = room.places.find((place) => place.id === chat && place.thread === thread);
    if (known !== undefined) return known.name;
    const base = room.places.find((place) => place.id === chat)?.name ?? nameOf(chat);
    return thread === null ? base : `${base} › ${String(numbers.get(keyOf(chat, thread)) ?? thread)}`;
  }
  function messageLines(message: SeenMessage, isEdit: boolean): string[] {
    const key = keyOf(message.chat, message.id);
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    shown.set(number, message);
    const answers = message.replyTo === null ? undefined : numbers.get(keyOf(message.chat, message.replyTo));
    const notes = [
      isEdit ? 'edited' : null,
      answers === undefined ? null : `answers ${String(answers)}`,
      message.onlyFor === null ? null : `only ${nameOf(message.onlyFor)} sees it`,
      message.pings.length === 0 ? null : `pings ${message.pings.map(nameOf).join(', ')}`,
    ].filter((note) => note !== null);
    const head = `${String(number).padStart(3)} ${nameOf(message.by)} in ${placeOf(message)}`;
    return [
      notes.length === 0 ? head : `${head} (${notes.join('; ')})`,
      ...message.text.split('\n').filter((line, _, all) => line !== '' || all.length > 1),
      ...message.files.map((file) => `♪ ${file.name} (${String(Math.ceil(file.bytes / 1024))} kB)`),
      ...(message.buttons.length === 0 ? [] : [seenMenus(message.buttons).map(pressableText).join(' ')]),
    ].map((line, index) => (index === 0 ? line : `    ${line}`));
  }

  return {
    of(event) {
      switch (event.kind) {
        case 'posted':
          return messageLines(event.message, false);
        case 'edited':
          return messageLines(event.message, true);
        case 'deleted':
          return [`${String(numbers.get(keyOf(event.chat, event.messageId)) ?? '?').padStart(3)} was deleted`];
        case 'notice':
          return [`  ! ${event.text} (for ${nameOf(event.onlyFor)})`];
      }
    },
    numbered: (number) => shown.get(number) ?? null,
  };
}

function pressableText(one: SeenButton | SeenMenu): string {
  return 'entries' in one
    ? `[${one.menu} ▾ ${one.entries.map(({ label }) => label).join(' | ')}]`
    : `[${one.label}]${one.url === null ? '' : ` ${one.url}`}`;
}

function keyOf(chat: string, messageId: string): string {
  return JSON.stringify([chat, messageId]);
}
