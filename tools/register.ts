/**
 * `npm run register -- discord|slack|telegram`: tells the platform what the bot offers, where it is told by a call, and says step by step
 * what a person has to do there. Without the platform's token it only says the steps.
 */
import { REST, Routes } from 'discord.js';
import type { APIUser } from 'discord.js';
import { Api } from 'grammy';
import { registerCommands as registerDiscord } from '../bots/discord/register-commands.ts';
import { setupSteps as discordSteps } from '../bots/discord/setup-steps.ts';
import { slackManifest } from '../bots/slack/manifest.ts';
import { setupSteps as slackSteps } from '../bots/slack/setup-steps.ts';
import { registerCommands as registerTelegram } from '../bots/telegram/register-commands.ts';
import { setupSteps as telegramSteps } from '../bots/telegram/setup-steps.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import { ConfigError, loadConfig } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';

const USAGE = 'usage: npm run register -- discord|slack|telegram [--url https://public.address]';

/** What was told to the platform, in a sentence, and what is left for a person. */
interface Registered {
  readonly told: string;
  readonly steps: readonly string[];
}

async function discord({ chats }: Config): Promise<Registered> {
  if (chats.discord === null)
    return { told: 'DISCORD_TOKEN is not set, so nothing was registered.', steps: discordSteps(null) };
  const { token, apiUrl, guildId } = chats.discord;
  const rest = new REST(apiUrl === null ? {} : { api: apiUrl }).setToken(token);
  const { id } = (await rest.get(Routes.user())) as APIUser;
  const count = await registerDiscord(rest, id, guildId);
  const where = guildId === null ? 'everywhere' : `server ${guildId}`;
  return { told: `Registered ${String(count)} commands: ${where}.`, steps: discordSteps(id) };
}

async function telegram({ chats }: Config): Promise<Registered> {
  if (chats.telegram === null) {
    return { told: 'TELEGRAM_TOKEN is not set, so nothing was registered.', steps: telegramSteps(null) };
  }
  const { token, apiUrl } = chats.telegram;
  const api = new Api(token, apiUrl === null ? {} : { apiRoot: apiUrl });
  const { username } = await api.getMe();
  const count = await registerTelegram(api);
  return { told: `Registered ${String(count)} commands for @${username}.`, steps: telegramSteps(username) };
}

/** Slack is told by a person, who pastes the manifest. */
function slack(url: string | null): Registered {
  return { told: JSON.stringify(slackManifest(url), null, 2), steps: slackSteps(url !== null) };
}

async function main(): Promise<void> {
  const [platform, option, url = null] = process.argv.slice(2);
  if (option !== undefined && option !== '--url') throw new RangeError(USAGE);
  const config = loadConfig({ slotsOf: (separator) => SEPARATORS.get(separator)?.slots ?? null });
  const registered =
    platform === 'discord'
      ? await discord(config)
      : platform === 'telegram'
        ? await telegram(config)
        : platform === 'slack'
          ? slack(url)
          : null;
  if (registered === null) throw new RangeError(USAGE);
  console.log(registered.told);
  console.error(`\n${registered.steps.map((step, index) => `${String(index + 1)}. ${step}`).join('\n')}`);
}

try {
  await main();
} catch (error) {
  // A library's own message may hold the address, and that the token.
  console.error(
    error instanceof RangeError || error instanceof ConfigError
      ? error.message
      : `The platform did not take it (${error instanceof Error ? error.name : 'unknown'}). Is the token right, and the network there?`,
  );
  process.exitCode = 1;
}
