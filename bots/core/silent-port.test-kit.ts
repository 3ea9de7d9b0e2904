import type { ChatPort } from '../../workflows/contract/chat-port.ts';

/** A platform on which nothing may happen; a test puts over it what it lets happen. */
export function silentPort(): ChatPort {
  async function unexpected(): Promise<never> {
    throw new Error('nothing of this kind was to happen');
  }
  return {
    editIntervalMs: () => 1,
    isWorthEditing: () => true,
    fileLimitBytes: async () => null,
    layout: (files) => ({ inCard: files, inPlaceholders: [], posted: [] }),
    postCard: unexpected,
    editCard: unexpected,
    postPlaceholder: unexpected,
    fillPlaceholder: unexpected,
    removeStray: unexpected,
    postFiles: unexpected,
    findPostedFiles: unexpected,
    postExtra: unexpected,
    privateAddress: unexpected,
    openAttachment: unexpected,
  };
}
