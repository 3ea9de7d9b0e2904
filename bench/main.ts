/** Benchmarks: `npm run -s bench -- separation|acknowledgement|pages|mixer-drift [--rounds N] [--seconds N] [--json]`. Figures on standard output, all else on standard error. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createModelStore } from '../gpu-worker/models/model-store.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import { loadConfig } from '../runtime/config.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { createLogger } from '../runtime/log.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { acknowledgementFigures } from './acknowledgement-figures.ts';
import { makeBenchSong } from './bench-song.ts';
import type { HostOptions } from './compute-host.ts';
import { figureTable } from './figure.ts';
import type { Figure } from './figure.ts';
import { mixerDriftFigures } from './mixer-drift.ts';
import { pagesFigures } from './pages-figures.ts';
import { requestFigures } from './request-figures.ts';
import { separationFigures } from './separation-figures.ts';
import { findSpleeter } from './spleeter-peer.ts';
import { stayOnTwoCores } from './two-cores.ts';

const USAGE =
  'usage: npm run -s bench -- separation|acknowledgement|pages|mixer-drift [--rounds N] [--seconds N] [--json]';
const WHAT = new Set(['separation', 'acknowledgement', 'pages', 'mixer-drift']);
/** Settings of an operator's own servers, which a benchmark must not fill with its songs. */
const REAL_SERVERS = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'S3_ENDPOINT'];

function tell(line: string): void {
  console.error(line);
}

async function separation(rounds: number, seconds: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The servers and computing processes die with this one. A second signal must not end it before the folder is gone.
    process.on(signal, () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
      process.exit(130);
    });
  }
  try {
    const config = loadConfig({
      slotsOf: (separator) => SEPARATORS.get(separator)?.slots ?? null,
      env: { ...ownEnvironment({}), WOODSHED_DATA: join(folder, 'data') },
    });
    const { cacheDir, projectRoot } = config;
    const peer = findSpleeter(projectRoot);
    if (typeof peer === 'string') {
      tell(`Spleeter cannot be run beside us, so its values are null. ${peer}`);
      process.exitCode = 1;
    }
    const log = createLogger({ name: 'bench', level: 'warn', destination: 'stderr' });
    const tools = await findFfmpeg({ cacheDir, log, progress: tell });
    tell('Looking for the model …');
    await createModelStore({ cacheDir, log, allowNonCommercial: false }).ensure('spleeter-2stems');
    tell(`Making songs of ${String(seconds)} s …`);
    const songPaths = Array.from({ length: rounds + 1 }, (_, number) => join(folder, `song-${String(number)}.mp3`));
    for (const [number, path] of songPaths.entries()) await makeBenchSong(tools.ffmpegPath, path, seconds, number);
    const host: HostOptions = {
      folder,
      tools: { ffmpegPath: tools.ffmpegPath, ffprobePath: tools.ffprobePath },
      cacheDir,
      limits: config.limits,
      threads: config.compute.threads,
      chunkSeconds: config.compute.chunkSeconds,
    };
    const compared = await separationFigures({
      host,
      peer: typeof peer === 'string' ? null : peer,
      songPath: songPaths[0] as string,
      rounds,
      tell,
    });
    tell('Whole requests');
    return [...compared, ...(await requestFigures({ config, host, songPaths, tell }))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/u.test(text)) throw new RangeError(`${text} is not a whole number from 1 to 9999`);
  return Number(text);
}

async function measure(what: string, { rounds, seconds }: { rounds: string; seconds?: string }): Promise<Figure[]> {
  if (what === 'separation') return await separation(wholeNumber(rounds), wholeNumber(seconds ?? '180'));
  if (what === 'pages') return await pagesFigures(wholeNumber(seconds ?? '20'), tell);
  if (what === 'mixer-drift') return await mixerDriftFigures(wholeNumber(seconds ?? '300'), tell);
  return await acknowledgementFigures(wholeNumber(seconds ?? '60'), tell);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string' },
    },
  });
  const [what, ...more] = positionals;
  if (!WHAT.has(what ?? '') || more.length > 0) throw new RangeError(USAGE);
  const env = ownEnvironment({});
  const named = REAL_SERVERS.filter((name) => (env[name] ?? '') !== '');
  if (named.length > 0) throw new Error(`${named.join(', ')} must not be set: benchmarks bring their own servers`);
  await stayOnTwoCores();
  const figures = await measure(what ?? '', values);
  console.log(values.json ? JSON.stringify(figures, null, 2) : figureTable(figures));
}

try {
  await main();
} catch (error) {
  tell(error instanceof RangeError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
