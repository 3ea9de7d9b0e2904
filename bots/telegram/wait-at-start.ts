import { setTimeout as pause } from 'node:timers/promises';
import type { Transformer } from 'grammy';
import { waitMs } from '../core/pacing.ts';

/** What a bot asks before anything comes in or goes out: nobody else would come again. */
const ASKED_AT_START: ReadonlySet<string> = new Set(['getMe', 'setMyCommands', 'deleteWebhook', 'setWebhook']);

/** Sits out the waits that Telegram asks for while the bot starts, however long. Whatever else is limited is told as it is. */
export function waitAtStart(signal: AbortSignal): Transformer {
  return async (call, method, payload, aborted) => {
    for (;;) {
      const answer = await call(method, payload, aborted);
      if (answer.ok || answer.error_code !== 429 || !ASKED_AT_START.has(method)) return answer;
      await pause(waitMs((answer.parameters?.retry_after ?? Number.NaN) * 1000), undefined, { signal });
    }
  };
}
