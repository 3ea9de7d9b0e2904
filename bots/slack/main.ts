/** The Slack bot: the only process that sends with its tokens, and the worker on `chat-slack`. */
import { createSlackInstallations } from '../../db/slack-installations.repository.ts';
import type { SlackConfig } from '../../runtime/chats-config.ts';
import { ConfigError } from '../../runtime/config.ts';
import { createSeal } from '../../runtime/seal.ts';
import { startChatProcess } from '../../stack/chat-process.ts';
import { runAsChat, untilStopped } from '../../stack/own-process.ts';
import type { OwnChat } from '../../stack/own-process.ts';
import { JAM_STYLE } from '../core/command-style.ts';
import { boltLogger } from './bolt-logger.ts';
import { connectByHttp, connectBySocket } from './connect.ts';
import type { SlackConnection } from './connect.ts';
import { listenTo } from './inbound.ts';
import { createInstallationStore } from './installations.ts';
import { createSlackPort } from './outbound.ts';

/** At the end, for answers that are under way. */
const LAST_ANSWERS_MS = 3000;

if (import.meta.main) {
  await runAsChat('slack', async (own) => {
    const { slack } = own.config.chats;
    if (slack === null) {
      throw new ConfigError(['SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set, and the Slack bot needs them']);
    }
    await runSlack(own, slack);
  });
  // Socket Mode keeps a timer for every connection that it gave up.
  process.exit();
}

async function runSlack(own: OwnChat, slack: SlackConfig): Promise<void> {
  const { config, store, temporal, log, stopping } = own;
  const onError = (error: unknown): void => {
    log.warn({ err: error }, 'something of Slack went wrong and goes on');
  };
  const connection = connect(own, slack);
  const port = createSlackPort({
    clientOf: connection.clientOf,
    fileIds: slack.fileIds,
    ownHost: slack.apiUrl === null ? null : new URL(slack.apiUrl).host,
  });
  const { isConnected } = connection;
  const chat = await startChatProcess({
    platform: 'slack',
    botId: null,
    port,
    style: JAM_STYLE,
    config,
    store,
    temporal,
    isConnected,
    log,
  });
  const listening = listenTo(connection, { ...chat.deps, songPage: chat.songPage }, onError);
  await connection.start();
  log.info({ mode: slack.mode }, 'Slack is connected');
  process.send?.({ ready: 'Slack is connected' });
  await Promise.race([untilStopped(stopping), chat.finished]);
  await connection.stop();
  await listening.told(LAST_ANSWERS_MS);
  await chat.stop();
}

function connect({ store, config, log }: OwnChat, slack: SlackConfig): SlackConnection {
  const logger = boltLogger(log);
  if (slack.mode === 'socket') return connectBySocket(slack, logger);
  const seal = createSeal(config.secrets, 'slack installations');
  const installations = createInstallationStore(createSlackInstallations(store.database), seal);
  return connectByHttp({ ...slack, stateSecret: config.secrets[0] ?? '' }, installations, logger);
}
