/** What an interaction hands to the app: a trigger that opens one view within 3 s, and an address for 5 answers within 30 min. */
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Ids } from './ids.ts';
import { SlackError } from './slack-error.ts';
import type { Channel, StoredMessage, Workspace } from './world.ts';

const ANSWER_LIFE_MS = 30 * 60_000;
const MOST_ANSWERS = 5;

/** Where an answer goes. */
export interface AnswerPlace {
  readonly workspace: Workspace;
  readonly channel: Channel;
  readonly personId: string;
  /** The message that was acted on; null for a command. */
  readonly message: StoredMessage | null;
}

export interface Interactions {
  createTrigger(workspaceId: string, personId: string): string;
  /** @returns the person who acted @throws SlackError `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id` */
  useTrigger(workspaceId: string, triggerId: string): string;
  /** @returns the last part of its path */
  createAnswerPath(place: AnswerPlace): string;
  /** @throws SlackError `used_url`, `expired_url`, `no_service` */
  useAnswerPath(path: string): AnswerPlace;
}

/** @param triggerLifeMs ours: it is the bot that has to hurry */
export function createInteractions(clock: EmulatedClock, ids: Ids, triggerLifeMs: number): Interactions {
  const triggers = new Map<string, { workspaceId: string; personId: string; bornMs: number; isUsed: boolean }>();
  const answers = new Map<string, { place: AnswerPlace; untilMs: number; uses: number }>();
  return {
    createTrigger(workspaceId, personId) {
      const digits = (length: number): string =>
        ids.secret(length).replace(/[a-z]/gu, (letter) => String(letter.charCodeAt(0) % 10));
      const triggerId = `${digits(12)}.${digits(12)}.${ids.secret(32)}`;
      triggers.set(triggerId, { workspaceId, personId, bornMs: performance.now(), isUsed: false });
      return triggerId;
    },
    useTrigger(workspaceId, triggerId) {
      const trigger = triggers.get(triggerId);
      if (trigger?.workspaceId !== workspaceId) throw new SlackError('invalid_trigger_id');
      if (performance.now() - trigger.bornMs > triggerLifeMs) throw new SlackError('expired_trigger_id');
      if (trigger.isUsed) throw new SlackError('exchanged_trigger_id');
      trigger.isUsed = true;
      return trigger.personId;
    },
    createAnswerPath(place) {
      const path = `${place.workspace.id}/${ids.secret(13)}/${ids.secret(24)}`;
      answers.set(path, { place, untilMs: clock.nowMs() + ANSWER_LIFE_MS, uses: 0 });
      return path;
    },
    useAnswerPath(path) {
      const answer = answers.get(path);
      if (answer === undefined) throw new SlackError('no_service');
      if (answer.untilMs <= clock.nowMs()) throw new SlackError('expired_url');
      if (answer.uses >= MOST_ANSWERS) throw new SlackError('used_url');
      answer.uses += 1;
      return answer.place;
    },
  };
}
