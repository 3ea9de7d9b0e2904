import { join } from 'node:path';
import { consoleDeps, consoleRoom } from '../bots/console/main.ts';
import { incoming } from '../bots/console/inbound.ts';
import { runPrompt } from '../bots/console/prompt.ts';
import { createScreen } from '../bots/console/screen.ts';
import type { TerminalScreen } from '../bots/console/screen.ts';
import { submit } from '../bots/console/scripted.ts';
import type { ScriptedDeps } from '../bots/console/scripted.ts';
import { PLAIN_SPLIT } from '../bots/core/chat-command.ts';
import { createInbox } from '../db/inbox.repository.ts';
import type { Config } from '../runtime/config.ts';
import { acquireStack } from '../runtime/data-folder.ts';
import { createLogger } from '../runtime/log.ts';
import { openHouse } from './house.ts';
import { untilStopped } from './own-process.ts';
import { untilIdle } from './until-idle.ts';
import { stopSignal } from './stop-signal.ts';

const EXAMPLE = join('examples', 'back-porch-take.flac');

/** `npm start`: sets up, starts, separates the example song, and stays where there is a terminal, or a chat platform to serve. */
export async function start(config: Config): Promise<number> {
  const screen = createScreen(process.stdout);
  const stopping = stopSignal();
  const role = await acquireStack(config.dataDir);
  if (role.role === 'guest') {
    screen.print([
      `Woodshed is running on ${config.dataDir} already (process ${String(role.info.pid)}); type there.`,
      'From here, scripts work: npm run -s woodshed -- split song.mp3',
    ]);
    return 0;
  }
  screen.print(['Woodshed is starting …']);
  const log = createLogger({
    name: 'woodshed',
    level: config.logLevel,
    destination: { file: join(role.folder.logs, 'woodshed.log') },
  });
  const tell = (line: string): void => {
    screen.print([`  ${line}`]);
  };
  const sayPatience = (): void => {
    screen.print(['Stopping once everything has started; a second Ctrl-C stops at once.']);
  };
  stopping.addEventListener('abort', sayPatience);
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const stays = hasTerminal || servesChats(config);
  const house = await openHouse({ config, owner: role, screen, log, tell, stays });
  stopping.removeEventListener('abort', sayPatience);
  try {
    if (stopping.aborted) {
      return 0;
    }
    const deps = consoleDeps(house.consoleConfig, house.store);
    const inbox = createInbox(house.store.database);
    await welcome(config, role.folder.path, { ...deps, waiting: await inbox.countWaiting() }, screen, hasTerminal);
    await (hasTerminal
      ? runPrompt(consoleRoom(config, role.folder.path), screen, deps, stopping)
      : servesChats(config)
        ? untilStopped(stopping)
        : untilIdle(deps.jobs, inbox, stopping));
    return 0;
  } finally {
    if (process.stdout.isTTY) {
      screen.print(['Stopping …']);
    }
    await house.stop();
  }
}

/** There is always somebody who may say something. */
function servesChats({ chats }: Config): boolean {
  return Object.values(chats).some((chat) => chat !== null);
}

/** The example song, unless there is something else to show: jobs to finish, or, at a prompt, earlier ones. */
async function welcome(
  config: Config,
  dataDir: string,
  deps: ScriptedDeps & { readonly waiting: number },
  screen: TerminalScreen,
  hasTerminal: boolean,
): Promise<void> {
  const [unfinished, [earlier]] = await Promise.all([
    deps.jobs.list({ limit: 10, unfinishedOnly: true }),
    deps.jobs.list({ limit: 1 }),
  ]);
  if (unfinished.length > 0) {
    screen.print([`Going on with ${unfinished.map((job) => job.code).join(', ')}.`]);
  } else if (deps.waiting > 0) {
    screen.print(['Going on with what was asked last time.']);
  } else if (earlier === undefined || (!hasTerminal && !servesChats(config))) {
    screen.print(['Taking the example song apart; its stems are what you would get for yours.']);
    const command = {
      ...PLAIN_SPLIT,
      target: join(config.projectRoot, EXAMPLE),
      out: join(dataDir, 'results', 'back-porch-take'),
    };
    const read = await incoming({ command }, consoleRoom(config, dataDir));
    if (typeof read !== 'string') {
      await submit(read, deps);
    }
  }
  if (hasTerminal) {
    screen.print(['Drop a song here, or type /split song.mp3. /help lists everything, Ctrl-C stops Woodshed.']);
  }
}
