/** Benchmarks: `npm run -s bench -- WHAT [--rounds N] [--seconds N] [--count N] [--seed N] [--json]`. Figures on standard output, all else on standard error. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BASIC_PITCH } from '../gpu-worker/models/manifest/note-models.ts';
import { WHISPER_TINY_EN } from '../gpu-worker/models/manifest/whisper-models.ts';
import { createModelStore } from '../gpu-worker/models/model-store.ts';
import type { ModelStore } from '../gpu-worker/models/model-store.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import { loadConfig } from '../runtime/config.ts';
import type { Config } from '../runtime/config.ts';
import { findFfmpeg } from '../runtime/embedded/ffmpeg.ts';
import { createLogger } from '../runtime/log.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import { ownEnvironment } from '../runtime/own-environment.ts';
import { acknowledgementFigures } from './acknowledgement-figures.ts';
import { analysisFigures } from './analysis-figures.ts';
import { findBasicPitch } from './basic-pitch-peer.ts';
import { makeBenchSong } from './bench-song.ts';
import { CHAIN_SEPARATOR, chainFigures } from './chain-figures.ts';
import type { HostOptions } from './compute-host.ts';
import { figureTable } from './figure.ts';
import type { Figure } from './figure.ts';
import { lyricsFigures } from './lyrics-figures.ts';
import { mixerDriftFigures } from './mixer-drift.ts';
import { findMusic21 } from './music21-peer.ts';
import { findMusicPeers } from './music-peers.ts';
import { notesFigures } from './notes-figures.ts';
import { pagesFigures } from './pages-figures.ts';
import { requestFigures } from './request-figures.ts';
import { sheetsFigures } from './sheets-figures.ts';
import { separationFigures } from './separation-figures.ts';
import { findSpleeter } from './spleeter-peer.ts';
import { findSpeaker } from './speaker.ts';
import { stayOnTwoCores } from './two-cores.ts';
import { findWhisperPeer } from './whisper-peer.ts';

const WHAT = new Set([
  'separation',
  'notes',
  'chain',
  'analysis',
  'lyrics',
  'sheets',
  'acknowledgement',
  'pages',
  'mixer-drift',
]);
const USAGE = `usage: npm run -s bench -- ${[...WHAT].join('|')} [--rounds N] [--seconds N] [--count N] [--seed N] [--json]`;
const CHAIN_SONGS = 12;
const ANALYSED_SONGS = '60';
const LYRIC_SONGS = '16';
const SHEETS = '45';
/** Of songs that nothing was tuned on. */
const HELD_OUT_SEED = '100';
/** Settings of an operator's own servers, which a benchmark must not fill with its songs. */
const REAL_SERVERS = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'S3_ENDPOINT'];

function tell(line: string): void {
  console.error(line);
}

interface Bench {
  /** Temporary. */
  readonly folder: string;
  readonly config: Config;
  readonly tools: MediaTools;
  readonly models: ModelStore;
}

async function withBench(use: (bench: Bench) => Promise<Figure[]>): Promise<Figure[]> {
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
    const { cacheDir } = config;
    const log = createLogger({ name: 'bench', level: 'warn', destination: 'stderr' });
    const { ffmpegPath, ffprobePath } = await findFfmpeg({ cacheDir, log, progress: tell });
    const models = createModelStore({ cacheDir, log, allowNonCommercial: false });
    return await use({ folder, config, tools: { ffmpegPath, ffprobePath }, models });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null, and told, where the peer cannot be run. */
function peerOrNull<Peer extends object>(name: string, found: Peer | string): Peer | null {
  if (typeof found !== 'string') return found;
  tell(`${name} cannot be run beside us, so its values are null. ${found}`);
  process.exitCode = 1;
  return null;
}

async function separation(
  { folder, config, tools, models }: Bench,
  rounds: number,
  seconds: number,
): Promise<Figure[]> {
  const { cacheDir, projectRoot } = config;
  const peer = peerOrNull('Spleeter', findSpleeter(projectRoot));
  tell('Looking for the model …');
  await models.ensure('spleeter-2stems');
  tell(`Making songs of ${String(seconds)} s …`);
  const songPaths = Array.from({ length: rounds + 1 }, (_, number) => join(folder, `song-${String(number)}.mp3`));
  for (const [number, path] of songPaths.entries()) await makeBenchSong(tools.ffmpegPath, path, seconds, number);
  const host: HostOptions = {
    folder,
    tools,
    cacheDir,
    limits: config.limits,
    threads: config.compute.threads,
    chunkSeconds: config.compute.chunkSeconds,
  };
  const compared = await separationFigures({
    host,
    peer,
    songPath: songPaths[0] as string,
    rounds,
    tell,
  });
  tell('Whole requests');
  return [...compared, ...(await requestFigures({ config, host, songPaths, tell }))];
}

async function notes({ folder, config, tools, models }: Bench, rounds: number, seconds: number): Promise<Figure[]> {
  const peer = peerOrNull('Basic Pitch', findBasicPitch(config.projectRoot));
  const { onnxPaths } = await models.ensure(BASIC_PITCH);
  const [modelPath = ''] = onnxPaths;
  const { threads } = config.compute;
  return await notesFigures({ folder, tools, modelPath, threads, peer, rounds, seconds, tell });
}

async function chain({ folder, config, tools, models }: Bench): Promise<Figure[]> {
  const { onnxPaths: separatorPaths } = await models.ensure(CHAIN_SEPARATOR);
  const [modelPath = ''] = (await models.ensure(BASIC_PITCH)).onnxPaths;
  const { cacheDir, compute } = config;
  const { threads } = compute;
  return await chainFigures({
    folder,
    cacheDir,
    tools,
    threads,
    modelPath,
    separatorPaths,
    songs: CHAIN_SONGS,
    tell,
  });
}

async function analysis({ config, tools }: Bench, count: number, seed: number): Promise<Figure[]> {
  const peers = peerOrNull('librosa and essentia', findMusicPeers(config.projectRoot));
  const { cacheDir } = config;
  return await analysisFigures({ count, seed, peers, ffmpegPath: tools.ffmpegPath, cacheDir, tell });
}

async function lyrics({ folder, config, tools, models }: Bench, count: number, seed: number): Promise<Figure[]> {
  const { cacheDir, compute } = config;
  const peer = peerOrNull('faster-whisper', await findWhisperPeer(cacheDir));
  const model = await models.ensure(WHISPER_TINY_EN);
  const speaker = await findSpeaker(join(cacheDir, 'bench'));
  return await lyricsFigures({ folder, tools, model, threads: compute.threads, speaker, peer, count, seed, tell });
}

/** A sheet that music21 reads otherwise is a fault, and so is not knowing. */
async function sheets({ folder, config }: Bench, count: number, seed: number): Promise<Figure[]> {
  const reader = peerOrNull('music21', await findMusic21(config.cacheDir));
  if (reader === null) return [];
  const figures = await sheetsFigures({ folder, reader, count, seed, tell });
  if (figures.some(({ name, value }) => name === 'sheets.differences' && value > 0)) process.exitCode = 1;
  return figures;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/u.test(text)) throw new RangeError(`${text} is not a whole number from 1 to 9999`);
  return Number(text);
}

interface Amounts {
  readonly rounds: string;
  readonly seconds?: string;
  readonly count?: string;
  readonly seed: string;
}

async function measure(what: string, { rounds, seconds, count, seed }: Amounts): Promise<Figure[]> {
  if (what === 'separation') {
    return await withBench((bench) => separation(bench, wholeNumber(rounds), wholeNumber(seconds ?? '180')));
  }
  if (what === 'notes') {
    return await withBench((bench) => notes(bench, wholeNumber(rounds), wholeNumber(seconds ?? '180')));
  }
  if (what === 'chain') return await withBench(chain);
  if (what === 'analysis') {
    return await withBench((bench) => analysis(bench, wholeNumber(count ?? ANALYSED_SONGS), wholeNumber(seed)));
  }
  if (what === 'lyrics') {
    return await withBench((bench) => lyrics(bench, wholeNumber(count ?? LYRIC_SONGS), wholeNumber(seed)));
  }
  if (what === 'sheets') {
    return await withBench((bench) => sheets(bench, wholeNumber(count ?? SHEETS), wholeNumber(seed)));
  }
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
      count: { type: 'string' },
      seed: { type: 'string', default: HELD_OUT_SEED },
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
