/** Words and their times, beside faster-whisper with the same weights, on songs whose words and times are known. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '../gpu-worker/engine/engine.ts';
import type { Engine } from '../gpu-worker/engine/engine.ts';
import { LISTENING_RATE_HZ } from '../gpu-worker/lyrics/log-mel.ts';
import { plainWord } from '../gpu-worker/lyrics/match-words.ts';
import type { EnsuredModel } from '../gpu-worker/models/model-store.ts';
import { decodeMono } from '../gpu-worker/wav/decode-mono.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import type { SongLyrics } from '../workflows/contract/lyrics.ts';
import { comparedFigure, median, ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import { lyricSongs } from './lyric-songs.ts';
import type { LyricSong } from './lyric-songs.ts';
import type { Speaker } from './speaker.ts';
import type { PeerLyrics, WhisperPeer } from './whisper-peer.ts';
import { sameWords, wordAgreement } from './word-score.ts';

const PEER = 'faster-whisper';
const KINDS = ['spoken', 'sung'] as const;

export interface LyricsBench {
  readonly folder: string;
  readonly tools: MediaTools;
  readonly model: EnsuredModel;
  readonly threads: number;
  readonly speaker: Speaker;
  /** Null where it cannot be had: its values are null then. */
  readonly peer: WhisperPeer | null;
  readonly count: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

interface Word {
  readonly startSeconds: number;
  readonly text: string;
}

interface HeardSong {
  readonly song: LyricSong;
  /** Null where the synthesizer does not say. */
  readonly startsSeconds: readonly (number | null)[];
  readonly ours: readonly Word[];
  readonly oursSeconds: number;
  readonly given: readonly Word[];
  readonly theirs: PeerLyrics | null;
}

export async function lyricsFigures(bench: LyricsBench): Promise<Figure[]> {
  const { tell } = bench;
  const engine = createEngine({ threads: bench.threads });
  try {
    const heard: HeardSong[] = [];
    for (const [number, song] of lyricSongs(bench.count, bench.seed).entries()) {
      const one = await hearSong(bench, engine, song, join(bench.folder, `song-${String(number)}.wav`));
      tell(`${String(number)}, ${song.kind}: ${songLine(one)}`);
      heard.push(one);
    }
    return [...KINDS.flatMap((kind) => figuresOf(kind, heard)), timeFigure(heard)];
  } finally {
    await engine.close();
  }
}

async function hearSong(bench: LyricsBench, engine: Engine, song: LyricSong, wavPath: string): Promise<HeardSong> {
  const startsSeconds = await bench.speaker.speak(song, wavPath);
  const startedAt = performance.now();
  const ours = await hear(bench, engine, wavPath, null);
  const oursSeconds = (performance.now() - startedAt) / 1000;
  const given = await hear(bench, engine, wavPath, song.lines.join('\n'));
  const theirs = bench.peer === null ? null : ((await bench.peer.hear([wavPath], bench.threads))[0] ?? null);
  await rm(wavPath);
  return { song, startsSeconds, ours, oursSeconds, given, theirs };
}

async function hear(
  { folder, tools, model, threads }: LyricsBench,
  engine: Engine,
  wavPath: string,
  given: string | null,
): Promise<readonly Word[]> {
  await mkdir(folder, { recursive: true });
  const song = await decodeMono(tools, wavPath, { rateHz: LISTENING_RATE_HZ, channels: 1, folder });
  const lyrics: SongLyrics = await engine.run('findLyrics', {
    model,
    runtime: { device: 'cpu', threads },
    song,
    given,
  });
  return lyrics.lines.flatMap((line) => line.words);
}

function figuresOf(kind: LyricSong['kind'], all: readonly HeardSong[]): Figure[] {
  const songs = all.filter(({ song }) => song.kind === kind);
  const peers = songs.flatMap(({ theirs }) => theirs ?? []);
  const hasPeer = peers.length === songs.length;
  const truth = songs.flatMap(({ song }) => songWords(song));
  const starts = songs.flatMap(({ startsSeconds }) => startsSeconds);
  const ours = songs.flatMap((song) => song.ours);
  const theirs = peers.flatMap(({ words }) => words);
  const given = songs.flatMap((song) => song.given);
  return [
    ...(hasPeer ? [ownFigure(`lyrics.${kind}.agreement`, 'share', wordAgreement(plain(ours), plain(theirs)))] : []),
    comparedFigure(
      `lyrics.${kind}.words`,
      'share',
      wordAgreement(truth, plain(ours)),
      PEER,
      hasPeer ? wordAgreement(truth, plain(theirs)) : null,
    ),
    comparedFigure(
      `lyrics.${kind}.start`,
      'ms',
      startErrorMs(songs, (song) => song.ours),
      PEER,
      hasPeer ? startErrorMs(songs, (song) => song.theirs?.words ?? []) : null,
    ),
    ownFigure(
      `lyrics.${kind}.given`,
      'ms',
      median(given.flatMap((word, index) => errorMs(word, starts[index] ?? null))),
    ),
  ];
}

/** Median over the words that were heard as they are. */
function startErrorMs(songs: readonly HeardSong[], pick: (song: HeardSong) => readonly Word[]): number {
  const errors = songs.flatMap((song) => {
    const words = pick(song).filter(({ text }) => plainWord(text) !== '');
    return sameWords(songWords(song.song), plain(words)).flatMap(([wanted, found]) =>
      errorMs(words[found]!, song.startsSeconds[wanted] ?? null),
    );
  });
  return median(errors);
}

function errorMs({ startSeconds }: Word, wanted: number | null): number[] {
  return wanted === null ? [] : [1000 * Math.abs(startSeconds - wanted)];
}

function timeFigure(songs: readonly HeardSong[]): Figure {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const theirs = songs.flatMap(({ theirs: peer }) => peer?.seconds ?? []);
  const ours = sum(songs.map(({ oursSeconds }) => oursSeconds));
  return comparedFigure('lyrics.time', 's', ours, PEER, theirs.length === songs.length ? sum(theirs) : null);
}

function songWords({ lines }: LyricSong): readonly string[] {
  return lines.flatMap((line) => line.split(' ').map(plainWord));
}

function plain(words: readonly Word[]): readonly string[] {
  return words.map(({ text }) => plainWord(text)).filter((text) => text !== '');
}

function songLine({ song, ours, theirs, oursSeconds }: HeardSong): string {
  const right = wordAgreement(songWords(song), plain(ours)).toFixed(2);
  const same = theirs === null ? '' : `, ${wordAgreement(plain(ours), plain(theirs.words)).toFixed(2)} as ${PEER}`;
  return `${right} of the words${same}, ${oursSeconds.toFixed(1)} s`;
}
