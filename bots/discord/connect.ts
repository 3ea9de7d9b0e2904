/** The gateway, through discord.js. */
import { Client, GatewayIntentBits, GuildPremiumTier, Partials } from 'discord.js';
import type { RESTOptions } from 'discord.js';
import { shardingStrategy } from './sharding-strategy.ts';
import type { TokenWatch } from './token-watch.ts';

/** Of the gateway: it refused the token. */
const AUTHENTICATION_FAILED = 4004;
const MEBIBYTE = 1024 * 1024;
const UPLOAD_BYTES = {
  [GuildPremiumTier.None]: 10 * MEBIBYTE,
  [GuildPremiumTier.Tier1]: 10 * MEBIBYTE,
  [GuildPremiumTier.Tier2]: 50 * MEBIBYTE,
  [GuildPremiumTier.Tier3]: 100 * MEBIBYTE,
} as const;

export interface DiscordConnection {
  readonly client: Client<true>;
  /** Rejects when the gateway ended the connection for good; does not resolve. */
  readonly lost: Promise<never>;
  /** What a server of this channel lets bots upload, by its boosts; that of a private chat where it is none. */
  uploadLimitBytes(channelId: string): Promise<number>;
  /** Resolves once what came in has had its consequences. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly token: string;
  readonly watch: TokenWatch;
  /** Of `createRestOptions`, the same for all clients of this token. */
  readonly rest: Partial<RESTOptions>;
  readonly onError: (error: unknown) => void;
  /** Before it connects, so that nothing is missed. `stop` is called when the connection is closed. */
  readonly listen: (client: Client) => { stop(): Promise<void> };
}

/** Resolves when events come in. Rejects when the token is none. */
export async function connectDiscord({
  token,
  watch,
  rest,
  onError,
  listen,
}: ConnectOptions): Promise<DiscordConnection> {
  const client = new Client({
    // Message content comes for private messages and mentions without the privileged intent, and nothing else is for us.
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    partials: [Partials.Channel],
    allowedMentions: { parse: [] },
    rest,
    ws: { buildStrategy: shardingStrategy },
  });
  const { promise: lost, reject: lose } = Promise.withResolvers<never>();
  lost.catch(() => undefined);
  client.on('error', onError);
  client.on('shardError', onError);
  // Only where the library does not come back by itself.
  client.on('shardDisconnect', ({ code }) => {
    if (code === AUTHENTICATION_FAILED) watch.refuse();
    lose(new Error(`Discord ended the connection for good, with ${String(code)}`));
  });
  const listening = listen(client);
  const ready = new Promise<void>((resolve) => {
    client.once('clientReady', () => resolve());
  });
  await client.login(token);
  await ready;
  return {
    client: client as Client<true>,
    lost,
    async uploadLimitBytes(channelId) {
      const channel =
        client.channels.cache.get(channelId) ?? (await client.channels.fetch(channelId).catch(() => null));
      const tier = channel === null || channel.isDMBased() ? GuildPremiumTier.None : channel.guild.premiumTier;
      return UPLOAD_BYTES[tier];
    },
    async close() {
      await client.destroy();
      await listening.stop();
    },
  };
}
