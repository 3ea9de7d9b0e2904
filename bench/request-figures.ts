/** What a request takes through the whole house, and how much of that is not computing. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { consoleDeps, consoleRoom } from '../bots/console/main.ts';
import { incoming } from '../bots/console/inbound.ts';
import { createScreen } from '../bots/console/screen.ts';
import { runScripted } from '../bots/console/scripted.ts';
import { readCommand } from '../bots/core/read-command.ts';
import { strategiesOf } from '../bots/core/strategies.ts';
import type { Config } from '../runtime/config.ts';
import { acquireStack } from '../runtime/data-folder.ts';
import { createLogger } from '../runtime/log.ts';
import { openHouse } from '../stack/house.ts';
import type { House } from '../stack/house.ts';
import { startCompute } from './compute-client.ts';
import type { HostOptions } from './compute-host.ts';
import { median, ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import { whole } from './separation-figures.ts';

const OPTIONS = ['--strategy', 'vocals', '--quality', 'fast', '--format', 'wav'];

export interface RequestBench {
  /** Its data folder is the benchmark's own. */
  readonly config: Config;
  readonly host: HostOptions;
  /** All different; the first one only warms everything up. */
  readonly songPaths: readonly string[];
  readonly tell: (line: string) => void;
}

export async function requestFigures({ config, host, songPaths, tell }: RequestBench): Promise<Figure[]> {
  const house = await startHouse(config, tell);
  const client = await startCompute(host);
  const requests: number[] = [];
  const computings: number[] = [];
  try {
    for (const [number, songPath] of songPaths.entries()) {
      const out = join(config.dataDir, 'out', String(number));
      await mkdir(out, { recursive: true });
      const requestSeconds = await askFor(config, house, songPath, out);
      const { seconds } = await client.compute({ songPath, work: 'request' });
      const overhead = requestSeconds - whole(seconds);
      const parts = Object.entries(seconds).map(([part, took]) => `${part} ${(took as number).toFixed(2)}`);
      tell(
        `  request ${requestSeconds.toFixed(2)} s, of it ${whole(seconds).toFixed(2)} s computing (${parts.join(', ')}): ` +
          `${overhead.toFixed(2)} s around it${number === 0 ? '; warm from here on' : ''}`,
      );
      if (number === 0) continue;
      requests.push(requestSeconds);
      computings.push(whole(seconds));
    }
  } finally {
    await client.close();
    await house.stop();
  }
  // The difference of two long times: whatever else the machine does only adds to either, so the shortest of each are compared.
  const overhead = Math.min(...requests) - Math.min(...computings);
  return [ownFigure('request.overhead', 's', overhead), ownFigure('request.time', 's', median(requests))];
}

async function startHouse(config: Config, tell: (line: string) => void): Promise<House> {
  const role = await acquireStack(config.dataDir);
  if (role.role === 'guest') throw new Error(`something runs on ${config.dataDir} already`);
  const log = createLogger({
    name: 'woodshed',
    level: config.logLevel,
    destination: { file: join(role.folder.logs, 'woodshed.log') },
  });
  return await openHouse({ config, owner: role, screen: createScreen(process.stderr), log, tell, stays: false });
}

/** As a person's script would: from the command to the delivered files. Wall-clock seconds. */
async function askFor(config: Config, house: House, songPath: string, out: string): Promise<number> {
  const startedAt = performance.now();
  const words = [songPath, ...OPTIONS, '--out', out];
  const parsed = readCommand(['split', ...words], strategiesOf(config.strategies));
  const request = await incoming(parsed, consoleRoom(config, config.dataDir));
  if (typeof request === 'string') throw new TypeError(request);
  const deps = consoleDeps(config, house.store);
  const result = await runScripted(request, deps);
  if (result.status !== 'done' || result.reused)
    throw new Error(`the request ended otherwise: ${JSON.stringify(result)}`);
  return (performance.now() - startedAt) / 1000;
}
