import type { Platform } from './request.ts';

/** The chat event's identity; a redelivered event builds the same ids. */
export interface EventIdentity {
  readonly platform: Platform;
  readonly botId: string;
  readonly eventKey: string;
}

/** @param index of the song, where one event brings several */
export function requestWorkflowId(event: EventIdentity, index = 0): string {
  const id = `job-${event.platform}-${event.botId}-${event.eventKey}`;
  return index === 0 ? id : `${id}-${String(index)}`;
}

/** The card of a job in another chat of the band. */
export function mirrorWorkflowId(requestId: string, surfaceId: string): string {
  return `${requestId}-mirror-${surfaceId}`;
}

/** The album of a job's stems in one place: however often it is asked for, it is one. */
export function albumWorkflowId(jobId: string, surfaceId: string): string {
  return `album-${jobId}-${surfaceId}`;
}

/** One at a time makes it, however many want it. */
export function renderingWorkflowId(renderingId: string): string {
  return `rendering-${renderingId}`;
}

export function separationWorkflowId(requestId: string): string {
  return `${requestId}-separate`;
}

/**
 * A delivery slot is one visible thing in one place: `card`, `file-1` … are placeholders that may be sent again after an unknown
 * outcome, since the result only comes into them by edit. Every other slot is sent at most once. `result` stands for the final edit.
 */
export type DeliverySlot =
  | 'card'
  | 'result'
  | 'posted-files'
  | 'ready'
  | 'preview'
  | 'album'
  | 'private'
  | `file-${number}`;

export function isPlaceholderSlot(slot: DeliverySlot): boolean {
  return slot === 'card' || slot.startsWith('file-');
}

/** @param index from 1 */
export function fileSlot(index: number): DeliverySlot {
  return `file-${index}`;
}
