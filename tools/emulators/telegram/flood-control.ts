/** Telegram's flood limits, of which a breach silences the bot in that chat until the wait is over. */
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { tooManyRequests } from './api-error.ts';
import type { Chat } from './chats.ts';

interface Limit {
  readonly calls: number;
  readonly windowMs: number;
}

/** A short burst passes; on average it is one a second. */
const PER_CHAT: Limit = { calls: 3, windowMs: 3000 };
const PER_GROUP: Limit = { calls: 20, windowMs: 60_000 };
const OVERALL: Limit = { calls: 30, windowMs: 1000 };

export interface FloodControl {
  /** Counts `calls` messages or edits in the chat. @throws ApiError 429 with the wait */
  pass(chat: Chat, calls?: number): void;
  /** A wait as Telegram sometimes gives one out of the blue: nothing passes in that chat until it is over. */
  block(chatId: number, seconds: number): void;
}

export function createFloodControl(clock: EmulatedClock, isOn: boolean): FloodControl {
  const sentMs = new Map<string, number[]>();
  const blockedUntilMs = new Map<number, number>();

  function waitMs(key: string, { calls, windowMs }: Limit, more: number): number {
    const now = clock.nowMs();
    const recent = (sentMs.get(key) ?? []).filter((at) => at > now - windowMs);
    sentMs.set(key, recent);
    const excess = recent.length + Math.min(more, calls) - calls;
    return excess <= 0 ? 0 : (recent[excess - 1] ?? now) + windowMs - now;
  }

  return {
    pass(chat, calls = 1) {
      const now = clock.nowMs();
      const blockedMs = (blockedUntilMs.get(chat.id) ?? 0) - now;
      if (blockedMs > 0) throw tooManyRequests(Math.ceil(blockedMs / 1000));
      if (!isOn) return;
      const isGroup = chat.type === 'group' || chat.type === 'supergroup';
      const chatLimits: (readonly [string, Limit])[] = [[`chat ${String(chat.id)}`, PER_CHAT]];
      if (isGroup) chatLimits.push([`minute ${String(chat.id)}`, PER_GROUP]);
      const chatMs = Math.max(...chatLimits.map(([key, limit]) => waitMs(key, limit, calls)));
      const seconds = Math.ceil(Math.max(chatMs, waitMs('all', OVERALL, calls)) / 1000);
      if (chatMs > 0) blockedUntilMs.set(chat.id, now + seconds * 1000);
      if (seconds > 0) throw tooManyRequests(seconds);
      for (const key of [...chatLimits.map(([name]) => name), 'all']) {
        sentMs.set(key, [...(sentMs.get(key) ?? []), ...Array.from({ length: calls }, () => now)]);
      }
    },
    block: (chatId, seconds) => void blockedUntilMs.set(chatId, clock.nowMs() + seconds * 1000),
  };
}
