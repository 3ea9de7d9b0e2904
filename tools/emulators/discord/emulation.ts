/** Everything that the routes, the people and the controls of one emulated Discord share. */
import type { Conversation } from '../core/conversation.ts';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { AttachmentStore } from './attachment-store.ts';
import type { CommandStore } from './command-store.ts';
import type { Gateway } from './gateway.ts';
import type { Ids } from './ids.ts';
import type { Interactions } from './interactions.ts';
import type { NonceMemory } from './nonce-memory.ts';
import type { MessageWriter } from './wire-message.ts';
import type { World } from './world.ts';

export interface Emulation {
  readonly world: World;
  readonly clock: EmulatedClock;
  readonly ids: Ids;
  readonly conversation: Conversation;
  readonly attachments: AttachmentStore;
  readonly write: MessageWriter;
  readonly commands: CommandStore;
  readonly interactions: Interactions;
  readonly nonces: NonceMemory;
  readonly gateway: Gateway;
  /** Whether the app has the privileged intent: it counts for the API too. */
  readonly hasMessageContent: boolean;
  /** In place of what the server's boosts give; null where they count. */
  attachmentBytes: number | null;
  /** Null: revoked. */
  token: string | null;
  /** `http://127.0.0.1:P`; known once the server listens. */
  origin(): string;
}

const MIB = 1024 * 1024;
const BYTES_BY_TIER = [10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB] as const;

/** What one attachment of the bot may have in a channel. */
export function attachmentLimit({ attachmentBytes, world }: Emulation, guildId: string | null): number {
  if (attachmentBytes !== null) return attachmentBytes;
  return BYTES_BY_TIER[guildId === null ? 0 : (world.guilds.get(guildId)?.boostTier ?? 0)];
}
