/** The Telegram bot: the only process that sends with its token, and the worker on `chat-telegram`. */
import { Api } from 'grammy';
import type { TelegramConfig } from '../../runtime/chats-config.ts';
import { ConfigError } from '../../runtime/config.ts';
import { startChatProcess } from '../../stack/chat-process.ts';
import { runAsChat, untilStopped } from '../../stack/own-process.ts';
import type { OwnChat } from '../../stack/own-process.ts';
import { SLASH_STYLE } from '../core/command-style.ts';
import { createInbound } from './inbound.ts';
import type { TelegramInbound } from './inbound.ts';
import { limitCalls } from './limit-calls.ts';
import { createTelegramPort } from './outbound.ts';
import { ALLOWED_UPDATES, pollUpdates } from './poll-updates.ts';
import { registerCommands } from './register-commands.ts';
import { waitAtStart } from './wait-at-start.ts';
import { serveWebhook } from './webhook.ts';

const OFFICIAL_API = 'https://api.telegram.org';
/** Longer than a poll; an upload of a large file takes its time. Nothing else may take so long. */
const LONGEST_CALL_SECONDS = 60;
const CALL_LIMIT_MS = 30_000;
/** At the end, for answers that are under way. */
const LAST_ANSWERS_MS = 3000;
const WEBHOOK_HOST = '0.0.0.0';

if (import.meta.main) {
  await runAsChat('telegram', async (own) => {
    const { telegram } = own.config.chats;
    if (telegram === null) throw new ConfigError(['TELEGRAM_TOKEN is not set, and the Telegram bot needs it']);
    await runTelegram(own, telegram);
  });
}

async function runTelegram(own: OwnChat, telegram: TelegramConfig): Promise<void> {
  const { config, store, temporal, log, stopping } = own;
  const apiRoot = telegram.apiUrl ?? OFFICIAL_API;
  const api = new Api(telegram.token, { apiRoot, timeoutSeconds: LONGEST_CALL_SECONDS });
  api.config.use(limitCalls(CALL_LIMIT_MS));
  api.config.use(waitAtStart(stopping));
  const me = await api.getMe();
  const port = createTelegramPort({ api, token: telegram.token, apiRoot, isLocal: telegram.isLocal });
  let isConnected = false;
  const chat = await startChatProcess({
    platform: 'telegram',
    botId: String(me.id),
    port,
    style: SLASH_STYLE,
    config,
    store,
    temporal,
    isConnected: () => isConnected,
    log,
  });
  const onError = (error: unknown): void => {
    log.warn({ err: error }, 'something of Telegram went wrong and goes on');
  };
  const { deps, sender } = chat;
  const inbound = createInbound({ api, me, deps, sender, isLocal: telegram.isLocal, onError });
  // Nobody waits for suggestions.
  void registerCommands(api).catch(onError);
  await inbound.resume();
  const receiving = await receive(telegram, api, inbound, stopping, onError, (isUp) => {
    isConnected = isUp;
  });
  log.info({ bot: me.username }, 'Telegram is connected');
  process.send?.({ ready: `Telegram: @${me.username}` });
  await Promise.race([untilStopped(stopping), chat.finished, receiving.finished]);
  await receiving.stop();
  inbound.stop();
  await inbound.told(LAST_ANSWERS_MS);
  await chat.stop();
}

async function receive(
  { webhook }: TelegramConfig,
  api: Api,
  inbound: TelegramInbound,
  signal: AbortSignal,
  onError: (error: unknown) => void,
  onState: (isConnected: boolean) => void,
): Promise<{ readonly finished: Promise<void>; stop(): Promise<void> }> {
  const handle = inbound.handle.bind(inbound);
  if (webhook === null) {
    await api.deleteWebhook();
    onState(true);
    const finished = pollUpdates({ api, signal, handle, onError, onState });
    return { finished, stop: async () => await finished };
  }
  const path = new URL(webhook.url).pathname;
  const server = await serveWebhook({
    port: webhook.port,
    host: WEBHOOK_HOST,
    path,
    secret: webhook.secret,
    handle,
    onError,
  });
  await api.setWebhook(webhook.url, { secret_token: webhook.secret, allowed_updates: ALLOWED_UPDATES });
  onState(true);
  return { finished: new Promise(() => undefined), stop: server.stop };
}
