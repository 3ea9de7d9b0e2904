/** One bot token, used by several clients: once Discord has refused it, no call is made with it any more. */
import { SendError } from '../../workflows/contract/chat-port.ts';

export interface TokenWatch {
  readonly isRefused: boolean;
  /** Notes it; again, it changes nothing. */
  refuse(): void;
  /** Resolves once it is refused. */
  readonly refused: Promise<void>;
}

/** Nothing was done, and what was to be sent may be sent with another token. */
export class TokenRefusedError extends SendError {
  constructor() {
    super('not-executed', REFUSED);
    this.name = 'TokenRefusedError';
  }
}

/** For whoever runs the bot. */
export const REFUSED =
  'Discord does not accept DISCORD_TOKEN (any more): it was reset, or the bot was deleted. Make a new one under "Bot" at ' +
  'https://discord.com/developers/applications, put it into DISCORD_TOKEN and start Woodshed again';

export function createTokenWatch(): TokenWatch {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isRefused = false;
  return {
    get isRefused() {
      return isRefused;
    },
    refuse() {
      isRefused = true;
      resolve();
    },
    refused: promise,
  };
}
