import type { Platform } from './request.ts';

/** Wire names of Temporal task queues. */
export const CONTROL_QUEUE = 'control';
export const MEDIA_QUEUE = 'media';
export const COMPUTE_QUEUE = 'compute';

export function chatQueue(platform: Platform): string {
  return `chat-${platform}`;
}
