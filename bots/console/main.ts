/** The console chat: its worker on `chat-console`, its cards, its prompt. */
import { join } from 'node:path';
import type { Store } from '../../db/open-store.ts';
import type { Config } from '../../runtime/config.ts';
import type { Logger } from '../../runtime/log.ts';
import type { TemporalAccess } from '../../runtime/temporal.ts';
import { chatDeps, startChatProcess } from '../../stack/chat-process.ts';
import { runAsProcess, untilStopped } from '../../stack/own-process.ts';
import { CONSOLE_STYLE } from '../core/command-style.ts';
import { strategiesOf } from '../core/strategies.ts';
import type { ConsoleRoom } from './inbound.ts';
import { createConsolePort } from './outbound.ts';
import type { ScriptedDeps } from './scripted.ts';
import { runPrompt } from './prompt.ts';
import { createScreen } from './screen.ts';
import type { TerminalScreen } from './screen.ts';
import { createTranscript } from './transcript.ts';

export interface ConsoleOptions {
  readonly config: Config;
  readonly store: Store;
  readonly temporal: TemporalAccess;
  readonly screen: TerminalScreen;
  readonly dataDir: string;
  readonly log: Logger;
}

/** The room as commands see it. */
export function consoleRoom(config: Pick<Config, 'standingIn' | 'strategies'>, dataDir: string): ConsoleRoom {
  return {
    cwd: config.standingIn,
    resultsFolder: join(dataDir, 'results'),
    strategies: strategiesOf(config.strategies),
  };
}

/** What commands and scripts use of the store; enough for a process that only visits a running stack. */
export function consoleDeps(config: Config, store: Pick<Store, 'database' | 'listener'>): ScriptedDeps {
  return chatDeps(config, store, CONSOLE_STYLE);
}

/** Posts and edits cards and delivers results until it is stopped. */
export async function startConsole(options: ConsoleOptions): Promise<{ stop(): Promise<void> }> {
  const { screen, dataDir, ...shared } = options;
  const port = createConsolePort(screen, createTranscript(join(dataDir, 'console.jsonl')));
  return await startChatProcess({
    ...shared,
    platform: 'console',
    botId: null,
    port,
    style: CONSOLE_STYLE,
    isConnected: null,
  });
}

if (import.meta.main) {
  await runAsProcess('console', async ({ config, log, folder, store, temporal, stopping }) => {
    const screen = createScreen(process.stdout);
    const chat = await startConsole({ config, store, temporal, screen, dataDir: folder.path, log });
    await (process.stdin.isTTY
      ? runPrompt(consoleRoom(config, folder.path), screen, consoleDeps(config, store), stopping)
      : untilStopped(stopping));
    await chat.stop();
  });
}
