/**
 * `npm run play -- discord|slack|telegram`: a room of that platform's emulator in the browser (or, with `--terminal`, in the terminal),
 * with Woodshed itself in it. No account, no token, no internet.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../runtime/config.ts';
import { stopSignal } from '../../stack/stop-signal.ts';
import { startHouseChild } from './house-child.ts';
import type { PlayRoom } from './room.ts';
import { servePlay } from './server.ts';
import { createStackState } from './stack-state.ts';
import { playInTerminal } from './terminal.ts';

/** Loaded when it is wanted: an emulator brings much along. */
const ROOMS: Readonly<Record<string, () => Promise<PlayRoom>>> = {
  discord: async () => await (await import('./rooms/discord-room.ts')).openDiscordRoom(),
  slack: async () => await (await import('./rooms/slack-room.ts')).openSlackRoom(),
  telegram: async () => await (await import('./rooms/telegram-room.ts')).openTelegramRoom(),
};
const USAGE = 'usage: npm run play -- discord|slack|telegram [--port N] [--terminal] [--data DIR]';

interface PlayOptions {
  readonly openRoom: () => Promise<PlayRoom>;
  /** 0: any free one. */
  readonly port: number;
  readonly inTerminal: boolean;
  readonly dataDir: string;
  readonly cacheDir: string;
}

/** @throws Error with the usage */
function readOptions(args: readonly string[]): PlayOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      terminal: { type: 'boolean', default: false },
      data: { type: 'string' },
    },
  });
  const [platform = ''] = positionals;
  const openRoom = ROOMS[platform];
  const port = Number(values.port);
  if (openRoom === undefined || positionals.length !== 1 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(USAGE);
  }
  // Only where things lie is taken from the settings: what is played never mixes with the band's own songs.
  const { dataDir, cacheDir } = loadConfig({
    env: { WOODSHED_DATA: process.env['WOODSHED_DATA'], WOODSHED_CACHE: process.env['WOODSHED_CACHE'] },
  });
  const standingIn = process.env['INIT_CWD'] ?? process.cwd();
  const own = values.data === undefined ? join(dataDir, 'play', platform) : resolve(standingIn, values.data);
  return { openRoom, port, inTerminal: values.terminal, dataDir: own, cacheDir };
}

async function play({ openRoom, port, inTerminal, dataDir, cacheDir }: PlayOptions): Promise<void> {
  const stopping = stopSignal();
  const stack = createStackState();
  const room = await openRoom();
  const stops: (() => Promise<unknown>)[] = [() => room.emulator.close()];
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const house = await startHouseChild({ dataDir, cacheDir, botEnv: room.emulator.botEnv, stack });
    stops.push(house.stop);
    if (inTerminal) {
      await playInTerminal(room, stack, { input: process.stdin, output: process.stdout }, stopping);
      return;
    }
    const server = await servePlay(room, stack, port);
    stops.push(server.close);
    stack.watch(() => console.log(`  ${stack.line}`));
    console.log(`Open ${server.url} in a browser. Ctrl-C stops.`);
    await aborted(stopping);
  } finally {
    console.log('Stopping …');
    for (const stop of stops.toReversed()) await stop();
    sayWhatWasChecked(room);
  }
}

function sayWhatWasChecked({ emulator }: PlayRoom): void {
  const { source, covered, listed, violations } = emulator.specReport();
  console.log(
    source === null
      ? `The bot's requests were not checked: the platform's description is not at hand (${String(listed)} by our own list).`
      : `Of the bot's requests ${source} covered ${String(covered)}, our own list ${String(listed)}; ${String(violations.length)} were wrong.`,
  );
  for (const violation of violations) console.log(`  ${violation}`);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((done) => {
    signal.addEventListener('abort', done, { once: true });
  });
}

try {
  await play(readOptions(process.argv.slice(2)));
  process.exitCode = 0;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
