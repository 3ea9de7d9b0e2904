/** The Discord bot: the only process that sends with its token, and the worker on `chat-discord`. */
import { REST } from 'discord.js';
import type { DiscordConfig } from '../../runtime/chats-config.ts';
import { ConfigError } from '../../runtime/config.ts';
import { startChatProcess } from '../../stack/chat-process.ts';
import { runAsProcess, untilStopped } from '../../stack/own-process.ts';
import type { OwnProcess } from '../../stack/own-process.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { connectDiscord } from './connect.ts';
import type { DiscordConnection } from './connect.ts';
import { createInbound } from './inbound.ts';
import { createDiscordPort } from './outbound.ts';
import { registerCommands } from './register-commands.ts';

/** What every server lets bots upload. */
const UNKNOWN_LIMIT_BYTES = 10 * 1024 * 1024;
const SEND_LIMIT_MS = 15_000;

if (import.meta.main) {
  await runAsProcess('discord', async (own) => {
    const { discord } = own.config.chats;
    if (discord === null) throw new ConfigError(['DISCORD_TOKEN is not set, and the Discord bot needs it']);
    await runDiscord(own, discord);
  });
  // A connection that is being built up again would keep the process for ever.
  process.exit();
}

async function runDiscord(
  { config, store, temporal, log, stopping }: OwnProcess,
  discord: DiscordConfig,
): Promise<void> {
  const onError = (error: unknown): void => {
    log.warn({ err: error }, 'something of Discord went wrong and goes on');
  };
  let connection: DiscordConnection | null = null;
  const rest = createRest(discord);
  const port = createDiscordPort({
    rest,
    uploadLimitBytes: async (channelId) => (await connection?.uploadLimitBytes(channelId)) ?? UNKNOWN_LIMIT_BYTES,
    ownHost: discord.apiUrl === null ? null : new URL(discord.apiUrl).host,
  });
  const chat = await startChatProcess({
    platform: 'discord',
    port,
    style: SLASH_STYLE,
    config,
    store,
    temporal,
    isConnected: () => connection?.client.isReady() ?? false,
    log,
  });
  connection = await connectDiscord({
    config: discord,
    onError,
    listen(client, botId) {
      const inbound = createInbound({ rest, botId, deps: chat.deps, onError });
      client.on('interactionCreate', (interaction) => void inbound.onInteraction(interaction));
      client.on('messageCreate', (message) => void inbound.onMessage(message));
    },
  });
  await registerCommands(rest, connection.botId, discord.guildId).catch(onError);
  const name = connection.client.user.username;
  log.info({ bot: name }, 'Discord is connected');
  process.send?.({ ready: `Discord: ${name}` });
  await Promise.race([untilStopped(stopping), chat.finished]);
  await connection.close();
  await chat.stop();
}

/** For what we send ourselves, with the library's own retries off: what is sent again is the ledger's matter. */
function createRest({ token, apiUrl }: DiscordConfig): REST {
  return new REST({
    ...(apiUrl === null ? {} : { api: apiUrl }),
    retries: 0,
    timeout: SEND_LIMIT_MS,
    rejectOnRateLimit: () => true,
  }).setToken(token);
}
