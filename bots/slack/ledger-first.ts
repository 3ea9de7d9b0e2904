/**
 * Bolt acknowledges events before any listener has seen them; here they are acknowledged when the listeners are done, and so written
 * down. What failed stays unacknowledged, and Slack sends it again.
 */
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { atHome } from './home-team.ts';

export function ledgerFirst(receiver: Receiver): Receiver {
  return {
    init(app) {
      const processEvent = async (event: ReceiverEvent): Promise<void> => {
        const given = atHome(event);
        if (!isEvent(event)) {
          // Commands, buttons and menus are acknowledged by their listeners.
          await app.processEvent(given);
          return;
        }
        await app.processEvent({ ...given, ack: async () => await Promise.resolve() });
        await event.ack();
      };
      receiver.init(Object.create(app, { processEvent: { value: processEvent } }) as App);
    },
    start: async (...args) => await receiver.start(...args),
    stop: async (...args) => await receiver.stop(...args),
  };
}

function isEvent({ body }: ReceiverEvent): boolean {
  return typeof body === 'object' && (body as { readonly type?: unknown }).type === 'event_callback';
}
