/**
 * Rock and metal that two bands recorded to a click, with the click as they wrote it down: Debian's packages of songs for Frets on Fire by
 * Sectoid (MIT) and Muldjord (CC BY-SA 3.0).
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseMidi } from 'midi-file';
import { runChild } from '../runtime/child.ts';
import { unpackedPackages } from '../tools/debian-packages.ts';
import type { SongTruth } from '../tools/analysis-songs/truth.ts';

const PACKAGES = ['fretsonfire-songs-sectoid', 'fretsonfire-songs-muldjord'];
const SONGS = [
  'sectoid/Escape from chaosland',
  'sectoid/Feelings',
  'sectoid/Metal madness',
  'sectoid/War of freedom',
  'muldjord/armygeddon',
  'muldjord/chaos_god',
  'muldjord/internal_degeneration',
  'muldjord/mutilated_mime',
] as const;
const LONGEST_SECONDS = 240;
const RATE_HZ = 44_100;
const BYTES_PER_SAMPLE = 4;

/**
 * `NN.wav` and `NN.json` of each in a folder below `folder`, fetched (60 MB) and mixed once. Of what is known only tempo and beats are true; the
 * rest is there because the scores want it. Needs apt-get and dpkg.
 */
export async function fetchRecordedSongs(folder: string, ffmpegPath: string): Promise<string> {
  const songs = join(folder, 'songs');
  if (existsSync(songs)) return songs;
  await mkdir(folder, { recursive: true });
  const unpacked = await unpackedPackages(folder, 'packages', async () => await Promise.resolve(PACKAGES));
  const partial = `${songs}.partial`;
  await mkdir(partial, { recursive: true });
  for (const [index, song] of SONGS.entries()) {
    const from = join(unpacked, 'usr', 'share', 'games', 'fretsonfire', 'data', 'songs', song);
    const name = String(index).padStart(2, '0');
    const seconds = await mix(ffmpegPath, from, join(partial, `${name}.wav`));
    const truth = truthOf(await readFile(join(from, 'notes.mid')), seconds);
    await writeFile(join(partial, `${name}.json`), JSON.stringify(truth));
  }
  await rename(partial, songs);
  return songs;
}

/** The guitar, which the game takes away where it is missed, and the rest. @returns seconds */
async function mix(ffmpegPath: string, from: string, out: string): Promise<number> {
  const inputs = ['song', 'guitar'].flatMap((track) => ['-i', join(from, `${track}.ogg`)]);
  const sum = ['-filter_complex', '[0][1]amix=inputs=2:normalize=0', '-t', String(LONGEST_SECONDS)];
  const format = ['-ac', '2', '-ar', String(RATE_HZ), '-c:a', 'pcm_s16le', out];
  const { code, stderr } = await runChild(ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...inputs, ...sum, ...format], {
    cwd: '/',
  });
  if (code !== 0) throw new Error(`ffmpeg could not mix ${from}: ${stderr.slice(-400)}`);
  return (await readFile(out)).length / BYTES_PER_SAMPLE / RATE_HZ;
}

/** All of them keep one tempo from their first sample on. */
function truthOf(midi: Uint8Array, seconds: number): SongTruth {
  const tempi = parseMidi(midi).tracks.flatMap((track) =>
    track.flatMap((event) => (event.type === 'setTempo' ? [event.microsecondsPerBeat] : [])),
  );
  const [first] = tempi;
  if (first === undefined || tempi.some((tempo) => tempo !== first)) throw new Error('the song keeps no one tempo');
  const beatSeconds = first / 1_000_000;
  return {
    bpm: 60 / beatSeconds,
    meter: 4,
    key: 'C',
    mode: 'major',
    downbeats: [],
    chords: [],
    tuningCents: 0,
    swing: 0,
    hasDrums: true,
    drifts: false,
    style: 'recorded',
    soundFont: '',
    beats: Array.from({ length: Math.floor(seconds / beatSeconds) }, (_, beat) => beat * beatSeconds),
  };
}
