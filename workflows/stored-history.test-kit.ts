/**
 * Histories as files: JSON with enums by name, 64-bit numbers as text and bytes in base64. The SDK's own `historyToJSON` needs one copy of
 * protobufjs in the whole tree, and npm installs several.
 */
import type { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';

export type History = ReturnType<typeof historyFromJSON>;
const { History: Message } = proto.temporal.api.history.v1;

/** @param history as the client fetches it; stack traces are left out: they name folders of the machine that recorded them */
export function historyToText(history: History): string {
  const plain = Message.toObject(Message.fromObject(history), { longs: String, enums: String, bytes: String });
  return `${JSON.stringify(plain, (key, value: unknown) => (key === 'stackTrace' ? undefined : value), 1)}\n`;
}

/** What {@link historyToText} wrote. */
export function historyFromText(text: string): History {
  return Message.fromObject(JSON.parse(text) as Record<string, unknown>);
}

/** The id under which it ran: its children's ids come from it. */
export function workflowIdOf(history: History): string {
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (typeof workflowId !== 'string' || workflowId === '') {
    throw new TypeError('a history begins with the event that names its workflow');
  }
  return workflowId;
}
