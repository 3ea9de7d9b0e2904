/** Song analysis side by side with librosa and essentia, on songs of which everything is known, scored by mir_eval. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyseSong } from '../gpu-worker/analysis/analyse-song.ts';
import { loadFft } from '../gpu-worker/dsp/fft.ts';
import { deinterleave } from '../gpu-worker/wav/interleave.ts';
import { runChild } from '../runtime/child.ts';
import { makeSongs } from '../tools/analysis-songs/make-songs.ts';
import { meanScores, scoreFolder } from '../tools/analysis-songs/scoring/score-folder.ts';
import type { SongScores } from '../tools/analysis-songs/scoring/score-song.ts';
import { USUAL_SOUND_FONTS } from '../tools/analysis-songs/sound-fonts.ts';
import type { SongAnalysis } from '../workflows/contract/analysis.ts';
import { makeBenchSong } from './bench-song.ts';
import { comparedFigure, ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import { fetchRecordedSongs } from './recorded-songs.ts';
import { MUSIC_PEERS } from './music-peers.ts';
import type { MusicPeer, MusicPeers } from './music-peers.ts';

const RATE_HZ = 44_100;
const LONG_SONG_SECONDS = 180;
const OURS = 'woodshed';

interface Measure {
  /** After `analysis.` */
  readonly figure: string;
  readonly name: keyof SongScores;
  readonly nameInMirEval: string;
  /** Those that have an answer. */
  readonly peers: readonly MusicPeer[];
}

const MEASURES: readonly Measure[] = [
  { figure: 'beats', name: 'beats', nameInMirEval: 'beat_F', peers: MUSIC_PEERS },
  { figure: 'downbeats', name: 'downbeats', nameInMirEval: 'downbeat_F', peers: [] },
  { figure: 'metre', name: 'metre', nameInMirEval: 'meter', peers: [] },
  { figure: 'tempo', name: 'tempo', nameInMirEval: 'tempo_acc1', peers: MUSIC_PEERS },
  { figure: 'key', name: 'key', nameInMirEval: 'key', peers: ['essentia'] },
  { figure: 'chords', name: 'chords', nameInMirEval: 'chord_majmin', peers: ['essentia'] },
];

/** What is known of recorded songs. */
const OF_RECORDINGS: readonly (keyof SongScores)[] = ['beats', 'tempo'];

export interface AnalysisBench {
  readonly count: number;
  readonly seed: number;
  /** Null where they are not installed: their values are null then, and our own scorer counts. */
  readonly peers: MusicPeers | null;
  readonly ffmpegPath: string;
  /** Songs and what was made of them are kept here. */
  readonly cacheDir: string;
  readonly tell: (line: string) => void;
}

export async function analysisFigures(bench: AnalysisBench): Promise<Figure[]> {
  const { count, seed, ffmpegPath, cacheDir, tell } = bench;
  await loadFft();
  const folder = join(cacheDir, 'bench', 'analysis', `seed-${String(seed)}-count-${String(count)}`);
  const [songs, estimates] = [join(folder, 'songs'), join(folder, 'estimates')];
  tell(`Making ${String(count)} songs …`);
  await makeSongs({ seed, count, soundFonts: USUAL_SOUND_FONTS, folder: songs, cacheDir, tell: () => {} });
  const made = await scored(bench, { songs, estimates, prefix: 'analysis', measures: MEASURES });
  tell('Fetching recorded songs …');
  const recordings = join(cacheDir, 'bench', 'recordings');
  const recorded = await scored(bench, {
    songs: await fetchRecordedSongs(recordings, ffmpegPath),
    estimates: join(recordings, 'estimates'),
    prefix: 'analysis.recorded',
    measures: MEASURES.filter(({ name }) => OF_RECORDINGS.includes(name)),
  });
  return [...made, ...recorded, await timeFigure(bench, folder)];
}

interface SongSet {
  /** `NN.wav` with their truths in `NN.json`. */
  readonly songs: string;
  /** Made anew. */
  readonly estimates: string;
  readonly prefix: string;
  readonly measures: readonly Measure[];
}

async function scored(
  { peers, ffmpegPath, tell }: AnalysisBench,
  { songs, estimates, prefix, measures }: SongSet,
): Promise<Figure[]> {
  await rm(estimates, { recursive: true, force: true });
  tell('Woodshed analyses them …');
  await analyseFolder(ffmpegPath, songs, join(estimates, OURS));
  const ours = meanScores(await scoreFolder(songs, join(estimates, OURS)));
  const judged = peers === null ? null : await judge(peers, songs, estimates, tell);
  tell(`The answers lie in ${estimates}; tools/analysis-songs/score.ts tells more of them.`);
  return measures.flatMap((measure) => {
    const figure = `${prefix}.${measure.figure}`;
    const value = judged?.(OURS, measure) ?? ours[measure.name];
    if (measure.peers.length === 0) return [ownFigure(figure, 'share', value)];
    return measure.peers.map((peer) => comparedFigure(figure, 'share', value, peer, judged?.(peer, measure) ?? null));
  });
}

/** The peers' own answers, and mir_eval's word on theirs and ours. */
async function judge(
  peers: MusicPeers,
  songs: string,
  estimates: string,
  tell: (line: string) => void,
): Promise<(who: string, measure: Measure) => number> {
  tell(`${MUSIC_PEERS.join(' and ')} analyse them …`);
  await peers.analyse(songs, estimates);
  const scores = new Map<string, ReadonlyMap<string, number>>();
  for (const who of [OURS, ...MUSIC_PEERS]) scores.set(who, await peers.score(songs, join(estimates, who)));
  return (who, { nameInMirEval }) => {
    const score = scores.get(who)?.get(nameInMirEval);
    if (score === undefined) throw new Error(`mir_eval did not say ${nameInMirEval} of ${who}`);
    return score;
  };
}

async function analyseFolder(ffmpegPath: string, songsDir: string, outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  for (const file of (await readdir(songsDir)).filter((name) => name.endsWith('.wav')).sort()) {
    const analysis = await analyseFile(ffmpegPath, join(songsDir, file));
    await writeFile(join(outDir, file.replace('.wav', '.json')), JSON.stringify(answerOf(analysis)));
  }
}

async function analyseFile(ffmpegPath: string, path: string): Promise<SongAnalysis> {
  const output = ['-f', 'f32le', '-ac', '2', '-ar', String(RATE_HZ), '-'];
  const { code, stdout, stderr } = await runChild(ffmpegPath, ['-nostdin', '-v', 'error', '-i', path, ...output], {
    cwd: '/',
    maxOutputBytes: Number.MAX_SAFE_INTEGER,
  });
  if (code !== 0) throw new Error(`ffmpeg could not read ${path}: ${stderr}`);
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  const frames = samples.length / 2;
  const [left, right] = [new Float32Array(frames), new Float32Array(frames)];
  deinterleave(samples, frames, [left, right]);
  return analyseSong({ left, right, sampleRateHz: RATE_HZ });
}

/** As the scores want it. */
function answerOf({ rhythm, key, chords }: SongAnalysis): object {
  return {
    tempoBpm: rhythm?.tempoBpm ?? null,
    beatsSeconds: rhythm?.beatsSeconds ?? [],
    downbeatsSeconds: rhythm?.downbeatsSeconds ?? [],
    timeSignature: rhythm?.timeSignature ?? null,
    key,
    chords,
  };
}

/** One song of three minutes, decoding included: ours the better of two, as the peers' first call is not counted either. */
async function timeFigure({ peers, ffmpegPath, tell }: AnalysisBench, folder: string): Promise<Figure> {
  tell(`A song of ${String(LONG_SONG_SECONDS)} s …`);
  const long = join(folder, 'long');
  await mkdir(long, { recursive: true });
  const path = join(long, '00.wav');
  await makeBenchSong(ffmpegPath, path, LONG_SONG_SECONDS, 0);
  let seconds = Infinity;
  for (let round = 0; round < 2; round += 1) {
    const start = performance.now();
    await analyseFile(ffmpegPath, path);
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  const theirs = peers === null ? null : (await peers.analyse(long, long)).essentia;
  return comparedFigure('analysis.time', 's', seconds, 'essentia', theirs);
}
