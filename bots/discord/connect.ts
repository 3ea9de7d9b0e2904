/** The gateway and the REST API, through discord.js, with its own retries off: what is sent again is the ledger's matter. */
import { Client, GatewayIntentBits, GuildPremiumTier, Partials, Routes } from 'discord.js';
import type { APIUser } from 'discord.js';

const SEND_LIMIT_MS = 15_000;
const MEBIBYTE = 1024 * 1024;
const UPLOAD_BYTES = {
  [GuildPremiumTier.None]: 10 * MEBIBYTE,
  [GuildPremiumTier.Tier1]: 10 * MEBIBYTE,
  [GuildPremiumTier.Tier2]: 50 * MEBIBYTE,
  [GuildPremiumTier.Tier3]: 100 * MEBIBYTE,
} as const;

export interface DiscordConnection {
  readonly client: Client<true>;
  readonly botId: string;
  /** What a server of this channel lets bots upload, by its boosts; that of a private chat where it is none. */
  uploadLimitBytes(channelId: string): Promise<number>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** `apiUrl` without a version; null is Discord's own. */
  readonly config: { readonly token: string; readonly apiUrl: string | null };
  readonly onError: (error: unknown) => void;
  /** Before it connects, so that nothing is missed. */
  readonly listen: (client: Client, botId: string) => void;
}

/** Resolves when events come in. Rejects when the token is none. */
export async function connectDiscord({ config, onError, listen }: ConnectOptions): Promise<DiscordConnection> {
  const client = new Client({
    // Message content comes for private messages and mentions without the privileged intent, and nothing else is for us.
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    partials: [Partials.Channel],
    allowedMentions: { parse: [] },
    rest: {
      ...(config.apiUrl === null ? {} : { api: config.apiUrl }),
      retries: 0,
      timeout: SEND_LIMIT_MS,
      rejectOnRateLimit: () => true,
    },
  });
  client.on('error', onError);
  client.on('shardError', onError);
  client.rest.setToken(config.token);
  const { id: botId } = (await client.rest.get(Routes.user())) as APIUser;
  listen(client, botId);
  const ready = new Promise<void>((resolve) => {
    client.once('clientReady', () => resolve());
  });
  await client.login(config.token);
  await ready;
  return {
    client: client as Client<true>,
    botId,
    async uploadLimitBytes(channelId) {
      const channel =
        client.channels.cache.get(channelId) ?? (await client.channels.fetch(channelId).catch(() => null));
      const tier = channel === null || channel.isDMBased() ? GuildPremiumTier.None : channel.guild.premiumTier;
      return UPLOAD_BYTES[tier];
    },
    async close() {
      await client.destroy();
    },
  };
}
