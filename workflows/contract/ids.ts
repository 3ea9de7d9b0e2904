import type { Platform } from './request.ts';

/** The chat event's identity; a redelivered event builds the same ids. */
export interface EventIdentity {
  readonly platform: Platform;
  readonly botId: string;
  readonly eventKey: string;
}

export function requestWorkflowId(event: EventIdentity): string {
  return `job-${event.platform}-${event.botId}-${event.eventKey}`;
}

export function separationWorkflowId(requestId: string): string {
  return `${requestId}-separate`;
}

/** A delivery slot is one visible thing in a chat: the card, a result, a file. */
export function deliverySlot(kind: 'card' | 'result', index = 0): string {
  return index === 0 ? kind : `${kind}-${String(index)}`;
}
