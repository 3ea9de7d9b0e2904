/** The Discord bot: the only process that sends with its token, and the worker on `chat-discord`. */
import { REST, Routes } from 'discord.js';
import type { APIUser } from 'discord.js';
import { createSpokenPlaces } from '../../db/spoken-places.repository.ts';
import type { DiscordConfig } from '../../runtime/chats-config.ts';
import { ConfigError } from '../../runtime/config.ts';
import { startChatProcess } from '../../stack/chat-process.ts';
import { runAsChat, untilStopped } from '../../stack/own-process.ts';
import type { OwnChat } from '../../stack/own-process.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { connectDiscord } from './connect.ts';
import type { DiscordConnection } from './connect.ts';
import { listenTo } from './inbound.ts';
import { createDiscordPort } from './outbound.ts';
import { registerCommands } from './register-commands.ts';
import { createRestOptions } from './rest-options.ts';
import { createTokenWatch, REFUSED } from './token-watch.ts';
import type { TokenWatch } from './token-watch.ts';

/** What every server lets bots upload. */
const UNKNOWN_LIMIT_BYTES = 10 * 1024 * 1024;

if (import.meta.main) {
  await runAsChat('discord', async (own) => {
    const { discord } = own.config.chats;
    if (discord === null) throw new ConfigError(['DISCORD_TOKEN is not set, and the Discord bot needs it']);
    await runDiscord(own, discord);
  });
  // A connection that is being built up again would keep the process for ever.
  process.exit();
}

/** Started again at once, the bot would ask with the same token: one that was refused waits for a person instead. */
async function runDiscord(own: OwnChat, discord: DiscordConfig): Promise<void> {
  const watch = createTokenWatch();
  void watch.refused.then(() => own.log.error(REFUSED));
  try {
    await serve(own, discord, watch);
  } catch (error) {
    if (!watch.isRefused) throw error;
  }
  if (watch.isRefused) {
    process.send?.({ ready: REFUSED });
    process.exitCode = 1;
    await untilStopped(own.stopping);
  }
}

async function serve(
  { config, store, temporal, log, stopping }: OwnChat,
  discord: DiscordConfig,
  watch: TokenWatch,
): Promise<void> {
  const onError = (error: unknown): void => {
    log.warn({ err: error }, 'something of Discord went wrong and goes on');
  };
  const options = createRestOptions(discord.apiUrl, watch);
  const rest = new REST(options).setToken(discord.token);
  const { id: botId } = (await rest.get(Routes.user())) as APIUser;
  let connection: DiscordConnection | null = null;
  const ownHost = discord.apiUrl === null ? null : new URL(discord.apiUrl).host;
  const port = createDiscordPort({
    rest,
    uploadLimitBytes: async (channelId) => (await connection?.uploadLimitBytes(channelId)) ?? UNKNOWN_LIMIT_BYTES,
    ownHost,
  });
  const chat = await startChatProcess({
    platform: 'discord',
    botId,
    port,
    style: SLASH_STYLE,
    config,
    store,
    temporal,
    isConnected: () => connection?.client.isReady() ?? false,
    log,
  });
  try {
    connection = await connectDiscord({
      token: discord.token,
      watch,
      rest: options,
      onError,
      listen(client) {
        const places = createSpokenPlaces(store.database, 'discord');
        return listenTo({ client, rest, botId, deps: chat.deps, sender: chat.sender, places, onError, ownHost });
      },
    });
    await registerCommands(rest, botId, discord.guildId).catch(onError);
    const name = connection.client.user.username;
    log.info({ bot: name }, 'Discord is connected');
    process.send?.({ ready: `Discord: ${name}` });
    await Promise.race([untilStopped(stopping), chat.finished, watch.refused, connection.lost]);
  } finally {
    await connection?.close();
    await chat.stop();
  }
}
