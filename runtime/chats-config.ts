/** What a chat platform's bot needs to connect. A platform without a token is off. */
import type { EnvironmentReader } from './environment.ts';

export interface DiscordConfig {
  readonly token: string;
  /** Without a version, such as `https://discord.com/api`. Null: the official one. */
  readonly apiUrl: string | null;
  /** Commands are registered in this guild alone, where they appear at once; null: everywhere. */
  readonly guildId: string | null;
}

export type SlackConfig =
  /** One workspace, no public address. */
  | {
      readonly mode: 'socket';
      readonly apiUrl: string | null;
      readonly fileIds: boolean;
      readonly botToken: string;
      readonly appToken: string;
    }
  /** Many workspaces: each installs the app, requests come in signed. */
  | {
      readonly mode: 'http';
      readonly apiUrl: string | null;
      readonly fileIds: boolean;
      readonly port: number;
      readonly signingSecret: string;
      readonly clientId: string;
      readonly clientSecret: string;
    };

export interface TelegramConfig {
  readonly token: string;
  /** Of a Bot API server, no slash at its end; null: the official one. */
  readonly apiUrl: string | null;
  /** That server runs with `--local`: no size limits, files by path. */
  readonly isLocal: boolean;
  /** Null: polling. */
  readonly webhook: { readonly url: string; readonly secret: string; readonly port: number } | null;
}

export interface ChatsConfig {
  readonly discord: DiscordConfig | null;
  readonly slack: SlackConfig | null;
  readonly telegram: TelegramConfig | null;
}

const SLACK_PORT = 8081;
const TELEGRAM_PORT = 8082;
const HTTP = ['http:', 'https:'];

export function readChats(env: EnvironmentReader): ChatsConfig {
  return { discord: readDiscord(env), slack: readSlack(env), telegram: readTelegram(env) };
}

function readDiscord(env: EnvironmentReader): DiscordConfig | null {
  const token = env.text('DISCORD_TOKEN');
  const apiUrl = apiAddress(env, 'DISCORD_API_URL');
  const guildId = env.text('DISCORD_GUILD_ID');
  if (guildId !== null && !/^\d{1,20}$/u.test(guildId)) env.problem('DISCORD_GUILD_ID is not the number of a server');
  return token === null ? null : { token, apiUrl, guildId };
}

function readSlack(env: EnvironmentReader): SlackConfig | null {
  const apiUrl = env.url('SLACK_API_URL', HTTP);
  const fileIds = flag(env, 'SLACK_FILE_IDS');
  const shared = { apiUrl, fileIds };
  const botToken = env.text('SLACK_BOT_TOKEN');
  const appToken = env.text('SLACK_APP_TOKEN');
  const signingSecret = env.text('SLACK_SIGNING_SECRET');
  const clientId = env.text('SLACK_CLIENT_ID');
  const clientSecret = env.text('SLACK_CLIENT_SECRET');
  const port = env.wholeNumber('SLACK_PORT') ?? SLACK_PORT;
  if (botToken !== null && appToken !== null) return { ...shared, mode: 'socket', botToken, appToken };
  if (signingSecret !== null && clientId !== null && clientSecret !== null) {
    return { ...shared, mode: 'http', port, signingSecret, clientId, clientSecret };
  }
  if (botToken !== null) env.problem('SLACK_APP_TOKEN is not set, and SLACK_BOT_TOKEN is: Socket Mode needs both');
  else if (appToken !== null) env.problem('SLACK_BOT_TOKEN is not set, and SLACK_APP_TOKEN is: Socket Mode needs both');
  const http = { SLACK_SIGNING_SECRET: signingSecret, SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret };
  const set = Object.entries(http).find(([, value]) => value !== null);
  for (const [name, value] of Object.entries(http)) {
    if (set !== undefined && value === null)
      env.problem(`${name} is not set, and ${set[0]} is: many workspaces need all three`);
  }
  return null;
}

function readTelegram(env: EnvironmentReader): TelegramConfig | null {
  const token = env.text('TELEGRAM_TOKEN');
  const apiUrl = apiAddress(env, 'TELEGRAM_API_URL');
  const isLocal = flag(env, 'TELEGRAM_LOCAL');
  const url = env.url('TELEGRAM_WEBHOOK_URL', HTTP);
  const secret = env.text('TELEGRAM_WEBHOOK_SECRET');
  const port = env.wholeNumber('TELEGRAM_PORT') ?? TELEGRAM_PORT;
  if (token !== null && !/^\d+:[\w-]+$/u.test(token))
    env.problem('TELEGRAM_TOKEN is not a bot token, such as 123456:ABC-DEF');
  if (secret !== null && !/^[\w-]{16,256}$/u.test(secret)) {
    env.problem('TELEGRAM_WEBHOOK_SECRET must be 16 to 256 letters, digits, _ and -');
  }
  if ((url === null) !== (secret === null)) {
    env.problem('TELEGRAM_WEBHOOK_URL and TELEGRAM_WEBHOOK_SECRET are needed together');
  }
  if (isLocal && apiUrl === null)
    env.problem('TELEGRAM_API_URL is not set, and TELEGRAM_LOCAL is: where is that server?');
  const webhook = url !== null && secret !== null ? { url, secret, port } : null;
  return token === null ? null : { token, apiUrl, isLocal, webhook };
}

function flag(env: EnvironmentReader, name: string): boolean {
  return env.oneOf(name, ['0', '1']) === '1';
}

function apiAddress(env: EnvironmentReader, name: string): string | null {
  return env.url(name, HTTP)?.replace(/\/+$/u, '') ?? null;
}
