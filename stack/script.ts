import { join } from 'node:path';
import { consoleDeps, consoleRoom } from '../bots/console/main.ts';
import { incoming } from '../bots/console/inbound.ts';
import { cardLine } from '../bots/console/card-lines.ts';
import { readWordsFile } from '../bots/console/read-words-file.ts';
import { createScreen } from '../bots/console/screen.ts';
import { exitCodeOf, refusedResult, runScripted } from '../bots/console/scripted.ts';
import type { ScriptedResult } from '../bots/console/scripted.ts';
import { jobCard } from '../bots/core/job-card.ts';
import { readCommand } from '../bots/core/read-command.ts';
import { strategiesOf } from '../bots/core/strategies.ts';
import type { IncomingCommand } from '../bots/core/answer.ts';
import { openStore } from '../db/open-store.ts';
import type { Config } from '../runtime/config.ts';
import { acquireStack } from '../runtime/data-folder.ts';
import type { StackRole } from '../runtime/data-folder.ts';
import { createLogger } from '../runtime/log.ts';
import { openHouse } from './house.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * `npm run -s woodshed -- split SONG … --json`, and other commands that take a song: one command through the console surface, on the stack that runs on the data folder or
 * on one of its own. Progress goes to standard error, one JSON object (or one readable line per stem) to standard output.
 */
export async function script(config: Config, verb: string, words: readonly string[]): Promise<number> {
  const asJson = words.includes('--json');
  const parsed = await readWordsFile(
    readCommand([verb, ...words.filter((word) => word !== '--json')], strategiesOf(config.strategies)),
    config.standingIn,
  );
  const signal = stopSignal();
  const result =
    'failure' in parsed ? refusedResult(parsed.failure) : await orFailed(run(config, verb, parsed, signal), signal);
  process.stdout.write(asJson ? `${JSON.stringify(result)}\n` : readable(result));
  return exitCodeOf(result);
}

/** Whatever happens, standard output gets its one object. */
async function orFailed(result: Promise<ScriptedResult>, signal: AbortSignal): Promise<ScriptedResult> {
  try {
    return await result;
  } catch (error) {
    if (signal.aborted) {
      const message = 'Woodshed was stopped; what it had accepted goes on when it is started again.';
      return { ...refusedResult({ code: 'internal', facts: {} }), status: 'failed', code: 'stopped', message };
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { ...refusedResult({ code: 'internal', facts: {} }), status: 'failed' };
  }
}

async function run(
  config: Config,
  verb: string,
  parsed: Parameters<typeof incoming>[0],
  signal: AbortSignal,
): Promise<ScriptedResult> {
  // Without --out, results go beside the person who asked.
  const room = {
    ...consoleRoom(config, config.dataDir),
    resultsFolder: join(config.standingIn, verb === 'split' ? 'stems' : verb),
  };
  const request = await incoming(parsed, room);
  if (typeof request === 'string') {
    throw new TypeError(request);
  }
  if (request.sources.length === 0) {
    return refusedResult({ code: 'file-missing', facts: {} });
  }
  for (;;) {
    const role = await acquireStack(config.dataDir);
    const result =
      role.role === 'owner'
        ? await runOnOwnStack(config, role, request, signal)
        : await runOnGuest(config, role, request, signal);
    // Null: the stack that was visited has ended; the job is in its ledger and goes on with us.
    if (result !== null) {
      return result;
    }
  }
}

async function runOnOwnStack(
  config: Config,
  owner: Extract<StackRole, { role: 'owner' }>,
  request: IncomingCommand,
  signal: AbortSignal,
): Promise<ScriptedResult> {
  const screen = createScreen(process.stderr);
  const log = createLogger({
    name: 'woodshed',
    level: config.logLevel,
    destination: { file: join(owner.folder.logs, 'woodshed.log') },
  });
  const tell = (line: string): void => {
    screen.print([line]);
  };
  const house = await openHouse({ config, owner, screen, log, tell, stays: false });
  try {
    const deps = { ...consoleDeps(config, house.store), signal };
    // Asked to stop while everything started: nothing is accepted any more.
    signal.throwIfAborted();
    return await runScripted(request, deps);
  } finally {
    await house.stop();
  }
}

async function runOnGuest(
  config: Config,
  { info, folder }: Extract<StackRole, { role: 'guest' }>,
  request: IncomingCommand,
  signal: AbortSignal,
): Promise<ScriptedResult | null> {
  const lost = new AbortController();
  const store = await openStore(info.databaseUrl, { s3: config.s3, folder: folder.blobs }, (error) => {
    lost.abort(error);
  }).catch(() => null);
  if (store === null) {
    return null;
  }
  const screen = createScreen(process.stderr);
  let shown = '';
  const deps = {
    ...consoleDeps(config, store),
    signal: AbortSignal.any([signal, lost.signal]),
    onChange: (job: Parameters<typeof jobCard>[0]) => {
      const line = cardLine(jobCard(job, { queuePlace: 0, secondsLeft: null }));
      if (line !== shown) {
        shown = line;
        screen.print([line]);
      }
    },
  };
  try {
    return await runScripted(request, deps);
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
    return null;
  } finally {
    await store.close();
  }
}

function readable(result: ScriptedResult): string {
  if (result.status !== 'done') {
    return `${result.message ?? result.status}\n`;
  }
  if ('files' in result) {
    return result.files.map((file) => `${file}\n`).join('');
  }
  const stems = result.residual === null ? result.stems : [...result.stems, result.residual];
  return stems.map((stem) => `${stem.file}\n`).join('');
}
