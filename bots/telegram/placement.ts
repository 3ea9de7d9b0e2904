/** Where a message comes to stand. */
import type { ChatAddress } from '../../workflows/contract/request.ts';

/** In its topic, where it has one. */
export function inTopic({ threadId }: Pick<ChatAddress, 'threadId'>): { readonly message_thread_id?: number } {
  return threadId === null ? {} : { message_thread_id: Number(threadId) };
}

/** Under a message; where somebody deleted that meanwhile, by itself. */
export function inReplyTo(messageId: number): {
  readonly reply_parameters: { readonly message_id: number; readonly allow_sending_without_reply: true };
} {
  return { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
}
