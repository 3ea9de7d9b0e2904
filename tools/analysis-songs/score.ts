/** `node tools/analysis-songs/score.ts TRUTH_DIR ESTIMATES_DIR`: both hold `NN.json`. A line for each song, then means of all and of kinds of songs. */
import { parseArgs } from 'node:util';
import { meanScores, scoreFolder } from './scoring/score-folder.ts';
import type { SongScores } from './scoring/score-song.ts';
import type { SongTruth } from './truth.ts';

const KINDS: readonly (readonly [string, (truth: SongTruth) => boolean])[] = [
  ['all', () => true],
  ['3/4', ({ meter }) => meter === 3],
  ['4/4', ({ meter }) => meter === 4],
  ['swing', ({ swing }) => swing > 0.5],
  ['no drums', ({ hasDrums }) => !hasDrums],
  ['drift', ({ drifts }) => drifts],
  ['slow', ({ bpm }) => bpm < 80],
  ['fast', ({ bpm }) => bpm > 150],
  ['minor', ({ mode }) => mode === 'minor'],
  ['out of tune', ({ tuningCents }) => tuningCents !== 0],
];

function shown(scores: SongScores): string {
  return Object.entries(scores)
    .map(([name, score]) => `${name} ${(score as number).toFixed(3)}`)
    .join('  ');
}

const { positionals } = parseArgs({ allowPositionals: true, options: {} });
const [truthDir, estimatesDir] = positionals;
if (truthDir === undefined || estimatesDir === undefined)
  throw new RangeError('usage: score.ts TRUTH_DIR ESTIMATES_DIR');
const songs = await scoreFolder(truthDir, estimatesDir);
for (const { name, truth, scores } of songs) {
  const about = `${truth.style}, ${truth.bpm.toFixed(0)} BPM in ${String(truth.meter)}, ${truth.key} ${truth.mode}`;
  console.log(`${name}  ${shown(scores)}  ${about}`);
}
for (const [kind, isOfKind] of KINDS) {
  const some = songs.filter(({ truth }) => isOfKind(truth));
  if (some.length > 0)
    console.log(`${kind.padEnd(11)} (${String(some.length).padStart(2)})  ${shown(meanScores(some))}`);
}
