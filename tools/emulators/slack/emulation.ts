/** Everything that the methods, the people and the controls of one emulated Slack share. */
import type { Conversation } from '../core/conversation.ts';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { AppEvents } from './app-events.ts';
import type { FileStore } from './file-store.ts';
import type { Ids } from './ids.ts';
import type { Interactions } from './interactions.ts';
import type { Installations } from './installations.ts';
import type { AppSeed } from './options.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Outbox } from './outbox.ts';
import type { Tokens } from './tokens.ts';
import type { Views } from './views.ts';
import type { World } from './world.ts';

export interface SlackEmulation {
  readonly app: AppSeed & AppSecrets;
  readonly clock: EmulatedClock;
  readonly ids: Ids;
  readonly world: World;
  readonly files: FileStore;
  readonly tokens: Tokens;
  readonly views: Views;
  readonly conversation: Conversation;
  readonly events: AppEvents;
  readonly outbox: Outbox;
  readonly interactions: Interactions;
  readonly installations: Installations;
  /** Null where events go to a request URL. */
  readonly socketMode: SocketMode | null;
  readonly honoursFileIds: boolean;
  /** Of one file; may be lowered. */
  maxFileBytes: number;
  readonly fileUploadsAreDisabled: boolean;
  /** `http://127.0.0.1:P`; known once the server listens. */
  origin(): string;
}

export interface AppSecrets {
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  readonly verificationToken: string;
}

export function nowSeconds({ clock }: Pick<SlackEmulation, 'clock'>): number {
  return Math.floor(clock.nowMs() / 1000);
}
