/** `getUpdates`, `setWebhook`, `deleteWebhook`, `getWebhookInfo`. */
import { badRequest, conflict } from '../api-error.ts';
import type { Arguments } from '../arguments.ts';
import type { Emulation } from '../emulation.ts';
import type { Method } from './method.ts';

const LONGEST_POLL_SECONDS = 50;

export const getUpdates: Method = async (emulation, { args, hungUp }) => {
  if (emulation.webhook.isSet()) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  readAllowedUpdates(emulation, args);
  return await emulation.queue.poll(
    args.integer('offset', 0),
    args.integer('limit', 100, 1, 100),
    args.integer('timeout', 0, 0, LONGEST_POLL_SECONDS),
    hungUp,
  );
};

export const setWebhook: Method = (emulation, { args }) => {
  readAllowedUpdates(emulation, args);
  emulation.webhook.set(args);
  return true;
};

export const deleteWebhook: Method = ({ webhook }, { args }) => {
  webhook.remove(args);
  return true;
};

export const getWebhookInfo: Method = ({ webhook }) => webhook.info();

/** Not given: as it was. Empty: the usual kinds. Updates that lie in the queue stay there. */
function readAllowedUpdates({ queue }: Emulation, args: Arguments): void {
  const given = args.json('allowed_updates');
  if (given === undefined) return;
  if (!Array.isArray(given) || !given.every((kind) => typeof kind === 'string')) {
    throw badRequest("can't parse allowed updates JSON object");
  }
  queue.allowed = given;
}
