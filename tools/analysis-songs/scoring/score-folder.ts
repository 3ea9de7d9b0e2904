import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SongTruth } from '../truth.ts';
import { scoreSong } from './score-song.ts';
import type { SongEstimate, SongScores } from './score-song.ts';

export interface ScoredSong {
  /** Two digits. */
  readonly name: string;
  readonly truth: SongTruth;
  readonly scores: SongScores;
}

/** Every `NN.json` of `truthDir` against the one of the same name; a song without an estimate scores 0. */
export async function scoreFolder(truthDir: string, estimatesDir: string): Promise<ScoredSong[]> {
  const names = (await readdir(truthDir)).filter((name) => /^\d\d\.json$/u.test(name)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const truth = JSON.parse(await readFile(join(truthDir, name), 'utf8')) as SongTruth;
      const path = join(estimatesDir, name);
      const estimate = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as SongEstimate) : {};
      return { name: name.slice(0, 2), truth, scores: scoreSong(truth, estimate) };
    }),
  );
}

/** Thrown `RangeError` for no songs. */
export function meanScores(songs: readonly ScoredSong[]): SongScores {
  const mean = (name: keyof SongScores): number => {
    if (songs.length === 0) throw new RangeError('the mean of no songs');
    return songs.reduce((sum, { scores }) => sum + scores[name], 0) / songs.length;
  };
  return {
    tempo: mean('tempo'),
    tempoOrMultiple: mean('tempoOrMultiple'),
    beats: mean('beats'),
    downbeats: mean('downbeats'),
    metre: mean('metre'),
    key: mean('key'),
    chords: mean('chords'),
  };
}
