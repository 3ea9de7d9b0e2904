/** Which of the bot's messages had which nonce in the last few minutes. */
import type { EmulatedClock } from '../core/emulated-clock.ts';

export interface NonceMemory {
  /** Id and channel of the bot's message with this nonce; null where there was none lately. */
  find(nonce: string | number): { readonly channelId: string; readonly messageId: string } | null;
  note(nonce: string | number, channelId: string, messageId: string): void;
}

export function createNonceMemory(clock: EmulatedClock, lifeMs: number): NonceMemory {
  const known = new Map<string, { readonly channelId: string; readonly messageId: string; readonly untilMs: number }>();
  return {
    find(nonce) {
      const found = known.get(String(nonce));
      return found !== undefined && found.untilMs > clock.nowMs() ? found : null;
    },
    note(nonce, channelId, messageId) {
      known.set(String(nonce), { channelId, messageId, untilMs: clock.nowMs() + lifeMs });
    },
  };
}
