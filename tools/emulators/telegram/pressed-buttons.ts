/** Presses that wait for `answerCallbackQuery`, as long as Telegram waits. */
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { badRequest } from './api-error.ts';

export interface Press {
  readonly chatId: number;
  readonly personId: number;
}

export interface PressedButtons {
  note(queryId: string, press: Press): void;
  /** @throws ApiError 400 where the query is unknown, too old or answered */
  answer(queryId: string): Press;
}

export function createPressedButtons(clock: EmulatedClock, lifeMs: number): PressedButtons {
  const open = new Map<string, Press & { readonly untilMs: number }>();
  return {
    note: (queryId, press) => void open.set(queryId, { ...press, untilMs: clock.nowMs() + lifeMs }),
    answer(queryId) {
      const press = open.get(queryId);
      open.delete(queryId);
      if (press === undefined || press.untilMs <= clock.nowMs()) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid');
      }
      return press;
    },
  };
}
