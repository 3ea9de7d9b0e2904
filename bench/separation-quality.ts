// How well Spleeter's two qualities separate real music with known stems: SDR = 10 log10(|s|² / |s - ŝ|²) in dB.
//   node bench/separation-quality.ts [--held-out] [--data FOLDER] [--json]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { createModelStore } from '../gpu-worker/models/model-store.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import { separateSong, snrDb } from '../gpu-worker/separators/run-windows.test-kit.ts';
import { loadConfig } from '../runtime/config.ts';
import { QUALITIES } from '../workflows/contract/request.ts';
import type { Quality } from '../workflows/contract/request.ts';
import { fetchQualityData, qualitySongs } from './quality-songs.ts';
import type { QualitySong } from './quality-songs.ts';
import { add } from './stereo.ts';

const MODEL = 'spleeter-2stems';

interface StemScores {
  readonly vocalsDb: number;
  readonly accompanimentDb: number;
}

interface SongScores {
  readonly song: string;
  readonly levelDb: number;
  readonly fast: StemScores;
  readonly best: StemScores;
}

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, 'held-out': { type: 'boolean' }, json: { type: 'boolean' } },
});
const { cacheDir } = loadConfig();
const data = options.data ?? join(cacheDir, 'bench', 'separation-quality');
await fetchQualityData(data);
const store = createModelStore({ cacheDir, log: pino(pino.destination(2)), allowNonCommercial: false });
const { onnxPaths } = await store.ensure(MODEL);

const rows: SongScores[] = [];
for await (const song of qualitySongs(data, options['held-out'] === true ? 'held-out' : 'tuned')) {
  const scores = {} as Record<Quality, StemScores>;
  for (const quality of QUALITIES) scores[quality] = await scoreOf(song, quality);
  const row = { song: song.name, levelDb: song.vocalsDb, ...scores };
  rows.push(row);
  if (options.json !== true) {
    if (rows.length === 1) console.log(heading());
    console.log(line(row));
  }
}
console.log(options.json === true ? JSON.stringify(rows, null, 2) : summary(rows));

async function scoreOf(song: QualitySong, quality: Quality): Promise<StemScores> {
  const separator = SEPARATORS.get(MODEL)!.create(new Map([[MODEL, onnxPaths]]), quality);
  const [vocals, accompaniment] = await separateSong(separator, add(song.vocals, song.accompaniment));
  return { vocalsDb: snrDb(vocals!, song.vocals), accompanimentDb: snrDb(accompaniment!, song.accompaniment) };
}

function heading(): string {
  return [
    '| song | vocals at | vocals fast | best | gain | accompaniment fast | best | gain |',
    '|---|---|---|---|---|---|---|---|',
  ].join('\n');
}

function line({ song, levelDb, fast, best }: SongScores): string {
  const cells = (['vocalsDb', 'accompanimentDb'] as const).flatMap((stem) => [
    fast[stem].toFixed(2),
    best[stem].toFixed(2),
    signed(best[stem] - fast[stem]),
  ]);
  return `| ${[song, `${signed(levelDb, 0)} dB`, ...cells].join(' | ')} |`;
}

function summary(scores: readonly SongScores[]): string {
  const lines = (['vocalsDb', 'accompanimentDb'] as const).map((stem) => {
    const gains = scores.map(({ fast, best }) => best[stem] - fast[stem]);
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    return `${stem.slice(0, -2)}: ${signed(mean)} dB on average, ${signed(Math.min(...gains))} at least, ${signed(Math.max(...gains))} at most`;
  });
  return `\n${String(scores.length)} mixes. ${lines.join('; ')}.`;
}

function signed(value: number, digits = 2): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(digits)}`;
}
