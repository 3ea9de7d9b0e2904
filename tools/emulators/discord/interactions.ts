/** Interactions that are under way: their tokens, and the bot's first answer within three seconds. */
import { performance } from 'node:perf_hooks';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { refuse } from './discord-error.ts';
import type { Ids } from './ids.ts';
import type { Wire } from './message.ts';
import type { Modal } from './modal-schema.ts';

export const INTERACTION_TYPES = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly personId: string;
  readonly channelId: string;
  /** Of a press: the message with the button. */
  readonly sourceMessageId: string | null;
  /** Of a command: of its message menu, or typed. */
  readonly isMenu: boolean;
  readonly madeMs: number;
  state: 'waiting' | 'answered' | 'missed';
  /** The message that `@original` is; null before there is one. */
  originalId: string | null;
  /** What the bot answered with and the person has before them. */
  modal: Modal | null;
}

export type NewInteraction = Pick<Interaction, 'type' | 'personId' | 'channelId' | 'sourceMessageId' | 'isMenu'>;

/** The bot's first answer, as it came. */
export interface FirstAnswer {
  readonly type: number;
  readonly data: Wire;
}

export interface Opened {
  readonly interaction: Interaction;
  /** With its milliseconds; null after three seconds without. */
  readonly answered: Promise<{ readonly ms: number; readonly answer: FirstAnswer } | null>;
}

export interface Interactions {
  open(about: NewInteraction): Opened;
  byId(id: string): Interaction | null;
  /** Of the first answer. @throws DiscordError 10062, 40060 */
  take(id: string, token: string): Interaction;
  /** Says that the first answer is done. */
  settle(interaction: Interaction, answer: FirstAnswer): void;
  /** Of what comes after the first answer. @throws DiscordError 10015, 50027 */
  follow(token: string): Interaction;
  close(): void;
}

const TOKEN_LIFE_MS = 15 * 60_000;

/** @param acknowledgeMs our milliseconds for the first answer */
export function createInteractions(clock: EmulatedClock, ids: Ids, acknowledgeMs: number): Interactions {
  const all = new Map<string, Interaction>();
  const waiting = new Map<Interaction, (answer: FirstAnswer | null) => void>();

  return {
    open({ type, personId, channelId, sourceMessageId, isMenu }) {
      const interaction: Interaction = {
        type,
        personId,
        channelId,
        sourceMessageId,
        isMenu,
        id: ids.snowflake(),
        token: ids.secret(64),
        madeMs: clock.nowMs(),
        state: 'waiting',
        originalId: null,
        modal: null,
      };
      all.set(interaction.token, interaction);
      const startMs = performance.now();
      const answered = new Promise<Awaited<Opened['answered']>>((resolve) => {
        const finish = (answer: FirstAnswer | null): void => {
          clearTimeout(timer);
          waiting.delete(interaction);
          if (answer === null) interaction.state = 'missed';
          resolve(answer === null ? null : { ms: performance.now() - startMs, answer });
        };
        const timer = setTimeout(() => finish(null), acknowledgeMs);
        waiting.set(interaction, finish);
      });
      return { interaction, answered };
    },
    byId: (id) => all.values().find((interaction) => interaction.id === id) ?? null,
    take(id, token) {
      const found = all.get(token);
      if (found?.id !== id || found.state === 'missed') return refuse('unknownInteraction');
      if (found.state === 'answered') return refuse('alreadyAnswered');
      found.state = 'answered';
      return found;
    },
    settle: (interaction, answer) => waiting.get(interaction)?.(answer),
    follow(token) {
      const found = all.get(token);
      if (found === undefined || found.state !== 'answered') return refuse('unknownWebhook');
      if (found.madeMs + TOKEN_LIFE_MS <= clock.nowMs()) return refuse('invalidToken');
      return found;
    },
    close() {
      for (const finish of waiting.values()) finish(null);
    },
  };
}
