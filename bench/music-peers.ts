/** librosa and essentia, and mir_eval's scores. */
import { join } from 'node:path';
import { findPeerProgram } from './peer-program.ts';

export const MUSIC_PEERS = ['librosa', 'essentia'] as const;
export type MusicPeer = (typeof MUSIC_PEERS)[number];

export interface MusicPeers {
  /** Analyses every `NN.wav` of a folder into `outDir/{librosa,essentia}/NN.json`. @returns seconds, decoding included, the first call's compiling not */
  analyse(songsDir: string, outDir: string): Promise<Readonly<Record<MusicPeer, number>>>;
  /** @returns the mean of every measure, 0 to 1 */
  score(truthDir: string, estimatesDir: string): Promise<ReadonlyMap<string, number>>;
}

/** @returns what is missing, as a sentence, where they cannot be run */
export function findMusicPeers(projectRoot: string): MusicPeers | string {
  const analyser = findPeerProgram(projectRoot, 'music', 'analyse.py');
  if (typeof analyser === 'string') return analyser;
  const scorer = findPeerProgram(projectRoot, 'music', 'score_analysis.py');
  if (typeof scorer === 'string') return scorer;
  return {
    async analyse(songsDir, outDir) {
      // What librosa compiles is kept among its files; two processes that compile at once spoil it, and then every one crashes.
      const said = await analyser.run([songsDir, outDir], { NUMBA_CACHE_DIR: join(outDir, 'compiled') });
      return { librosa: numberAfter(said, "'librosa': "), essentia: numberAfter(said, "'essentia': ") };
    },
    async score(truthDir, estimatesDir) {
      const lines = (await scorer.run([truthDir, estimatesDir])).split('\n');
      const means = lines.find((line) => line.startsWith('mean '));
      if (means === undefined) throw new Error('score_analysis.py told no means');
      const measures = means.split(' ').slice(1);
      return new Map(measures.map((measure) => [measure.split('=')[0] ?? '', numberAfter(measure, '=')]));
    },
  };
}

function numberAfter(text: string, words: string): number {
  const number = Number.parseFloat(text.slice(text.indexOf(words) + words.length));
  if (!text.includes(words) || Number.isNaN(number)) throw new Error(`no number follows ${words}in: ${text}`);
  return number;
}
