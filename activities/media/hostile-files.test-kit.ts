// What people and attackers send as "a song", and what must come of it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import * as make from './audio-bytes.test-kit.ts';
import type { MediaBench } from './media.test-kit.ts';

export type Build = (bench: MediaBench) => Uint8Array | Promise<Uint8Array>;
/** A refusal, or how many seconds come out of it. */
export type Fate = FailureCode | { readonly seconds: number };
export type HostileFile = readonly [id: string, name: string, fate: Fate, build: Build];

const SONG_SECONDS = 2;

const seeds = new Map<string, Promise<Buffer>>();

/** A sound song in one of ffmpeg's formats, made once. */
export async function encoded(bench: MediaBench, extension: string, ...options: readonly string[]): Promise<Buffer> {
  const key = [extension, ...options].join(' ');
  const made = seeds.get(key) ?? encode(bench, extension, options);
  seeds.set(key, made);
  return made;
}

async function encode(bench: MediaBench, extension: string, options: readonly string[]): Promise<Buffer> {
  const path = join(bench.folder, `seed-coded.${extension}`);
  const seed = join(bench.folder, 'seed.wav');
  await writeFile(seed, make.soundWav(SONG_SECONDS));
  await bench.ffmpeg('-i', seed, ...options, path);
  return readFile(path);
}

async function silence(bench: MediaBench, extension: string, seconds: number): Promise<Buffer> {
  const path = join(bench.folder, `silence.${extension}`);
  await bench.ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', String(seconds), path);
  return readFile(path);
}

const text =
  (...lines: readonly string[]): Build =>
  () =>
    Buffer.from(`${lines.join('\n')}\n`, 'latin1');

const song = (): Buffer => make.soundWav(SONG_SECONDS);
const toneBytes = make.bytesOf(make.tone16(SONG_SECONDS));

const TEXTS: readonly HostileFile[] = [
  [
    'F3',
    'an HLS playlist with the absolute path of a file',
    'not-audio',
    ({ folder }) => Buffer.from(`#EXTM3U\n#EXTINF:10,\n${folder}/secret.wav\n#EXT-X-ENDLIST\n`),
  ],
  [
    'F4',
    'an HLS playlist with a neighbour',
    'not-audio',
    text('#EXTM3U', '#EXT-X-TARGETDURATION:10', '#EXTINF:10,', 'secret.wav'),
  ],
  ['F5', 'an ffconcat list', 'not-audio', text('ffconcat version 1.0', "file 'secret.wav'")],
  ['F6', 'an HLS playlist with a web address', 'not-audio', text('#EXTM3U', '#EXTINF:10,', 'http://127.0.0.1:9/a.wav')],
  ['F6', 'a playlist behind a byte order mark', 'not-audio', text('\xEF\xBB\xBF#EXTM3U', 'http://127.0.0.1:9/a.wav')],
  [
    'F6',
    'a DASH manifest',
    'not-audio',
    text('<?xml version="1.0"?>', '<MPD><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>'),
  ],
  ['F6', 'an SDP description', 'not-audio', text('v=0', 'o=- 0 0 IN IP4 127.0.0.1', 'm=audio 9 RTP/AVP 0')],
  ['F6', 'an M3U list without a header', 'not-audio', text('http://127.0.0.1:9/a.mp3')],
  ['F6', 'a PLS list', 'not-audio', text('[playlist]', 'File1=http://127.0.0.1:9/a.mp3')],
  ['F6', 'an ASX list', 'not-audio', text('<ASX version="3.0"><ENTRY><REF HREF="http://127.0.0.1:9/"/></ENTRY></ASX>')],
  ['F7', 'an SVG', 'not-audio', text('<?xml version="1.0"?>', '<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['F7', 'a PDF', 'not-audio', text('%PDF-1.7')],
  ['F7', 'a web page', 'not-audio', text('<!DOCTYPE html>', '<html><body>song</body></html>')],
  ['F7', 'a program', 'not-audio', text('\x7FELF\x02\x01\x01')],
  ['F7', 'a zip archive', 'not-audio', text('PK\x03\x04\x14\0\0\0')],
  ['F7', 'a MIDI file', 'not-audio', text('MThd\0\0\0\x06\0\0\0\x01\0\x60')],
  ['F7', 'random bytes', 'not-audio', () => randomBytes(1)],
];

function randomBytes(seed: number): Uint8Array {
  const next = seededRandom(seed);
  return Uint8Array.from({ length: 100_000 }, () => Math.floor(next() * 256));
}

const HEADERS: readonly HostileFile[] = [
  ['F1', 'no bytes', 'empty-file', () => Buffer.alloc(0)],
  ['F2', 'one byte', 'not-audio', () => Buffer.from('R')],
  ['F2', 'only a RIFF header', 'unreadable-audio', () => song().subarray(0, 12)],
  ['F2', 'a WAV header without samples', 'unreadable-audio', () => make.wav(new Uint8Array(0))],
  [
    'F12',
    'a data length of 4 GB over 2 s',
    { seconds: 2 },
    () => make.wav(toneBytes, { claimedDataBytes: 0xff_ff_ff_ff }),
  ],
  [
    'F12',
    'a data length of 4 GB less 37 bytes',
    { seconds: 2 },
    () => make.wav(toneBytes, { claimedDataBytes: 0xff_ff_ff_da }),
  ],
  ['F13', '1,024 channels', 'unreadable-audio', () => make.wav(toneBytes, { channels: 1024 })],
  ['F13', '9 channels', 'too-many-channels', () => make.soundWav(0.5, { channels: 9 })],
  ['F14', 'a rate of 4,000,000,000 Hz', 'unreadable-audio', () => make.wav(toneBytes, { rateHz: 4_000_000_000 })],
  ['F14', 'a rate of 1,000,000 Hz', 'unsupported-rate', () => make.wav(toneBytes, { rateHz: 1_000_000 })],
  ['F14', 'a rate of 0 Hz', 'unreadable-audio', () => make.wav(toneBytes, { rateHz: 0 })],
  ['F14', 'a rate of 1 Hz', 'unsupported-rate', () => make.wav(toneBytes, { rateHz: 1 })],
  ['F15', 'a block of 0 bytes', { seconds: 2 }, () => make.wav(toneBytes, { blockAlign: 0 })],
  ['F15', 'samples of 0 bits', 'unreadable-audio', () => make.wav(toneBytes, { bits: 0, blockAlign: 4 })],
  ['F15', 'samples of 1 bit, in bytes', { seconds: 4 }, () => make.wav(toneBytes, { bits: 1, blockAlign: 2 })],
  ['F15', 'samples of 7 bits, in bytes', { seconds: 4 }, () => make.wav(toneBytes, { bits: 7, blockAlign: 2 })],
  ['F15', 'samples of 64 bits, as integers', 'unreadable-audio', () => make.wav(toneBytes, { bits: 64 })],
  ['short', '10 ms of sound', 'too-short', () => make.soundWav(0.01)],
];

const LENGTHS: readonly HostileFile[] = [
  ['F9', 'a small FLAC of an hour of silence', 'too-long', (bench) => silence(bench, 'flac', 3600)],
  ['F10', 'a small Opus of two minutes of silence', 'too-long', (bench) => silence(bench, 'opus', 120)],
  [
    'F11',
    'a FLAC that states no length and goes on',
    'too-long',
    async (bench) => make.withFlacTotal(await silence(bench, 'flac', 120), 0),
  ],
  [
    'F11',
    'a FLAC that states less than it holds',
    'too-long',
    async (bench) => make.withFlacTotal(await silence(bench, 'flac', 120), 8000),
  ],
  [
    'F9',
    'an MP3 too big for any length allowed',
    'too-long',
    async (bench) => Buffer.concat([await headlessMp3(bench), Buffer.alloc(6_000_000)]),
  ],
];

async function headlessMp3(bench: MediaBench): Promise<Buffer> {
  return encoded(bench, 'mp3', '-write_xing', '0', '-id3v2_version', '0');
}

const FORMATS: readonly HostileFile[] = [
  [
    'F8',
    'an MP3 with a zip archive behind it',
    { seconds: 2 },
    async (bench) => Buffer.concat([await encoded(bench, 'mp3'), Buffer.from('PK\x03\x04 and so on')]),
  ],
  [
    'F8',
    'a WAV with a web page behind it',
    { seconds: 2 },
    () => Buffer.concat([song(), Buffer.from('<html><script>alert(1)</script>')]),
  ],
  ['F16', 'RF64', { seconds: 2 }, (bench) => encoded(bench, 'wav', '-rf64', 'always')],
  ['F16', 'W64', { seconds: 2 }, (bench) => encoded(bench, 'w64')],
  ['F16', 'AIFF', { seconds: 2 }, (bench) => encoded(bench, 'aiff')],
  ['F16', 'AIFF-C with little-endian samples', { seconds: 2 }, (bench) => encoded(bench, 'aiff', '-c:a', 'pcm_s16le')],
  ['F16', 'CAF', { seconds: 2 }, (bench) => encoded(bench, 'caf')],
  ['F16', 'ADPCM in WAV', { seconds: 2 }, (bench) => encoded(bench, 'wav', '-c:a', 'adpcm_ms')],
  ['F16', '24 bits in WAV', { seconds: 2 }, (bench) => encoded(bench, 'wav', '-c:a', 'pcm_s24le')],
  ['F16', 'MP3 without a header of its length', { seconds: 2 }, headlessMp3],
  ['F16', 'AAC in ADTS frames', { seconds: 2 }, (bench) => encoded(bench, 'aac')],
  ['F16', 'Vorbis', { seconds: 2 }, (bench) => encoded(bench, 'ogg', '-c:a', 'libvorbis')],
  ['F16', 'Opus in WebM', { seconds: 2 }, (bench) => encoded(bench, 'webm', '-c:a', 'libopus')],
  ['F16', 'ALAC', { seconds: 2 }, (bench) => encoded(bench, 'm4a', '-c:a', 'alac')],
  ['F16', 'WavPack', 'unreadable-audio', (bench) => encoded(bench, 'wv')],
  ['F16', 'AC-3 in MP4', 'unreadable-audio', (bench) => encoded(bench, 'mp4', '-c:a', 'ac3')],
  ['F19', 'a tag of 30 MB', { seconds: 2 }, async (bench) => make.withId3(await encoded(bench, 'mp3'), 30_000_000)],
  [
    'F19',
    'a tag that claims 250 MB and is not there',
    'not-audio',
    async (bench) => make.withId3(await encoded(bench, 'mp3'), 250_000_000, 0),
  ],
  [
    'F19',
    '10,000 comment fields',
    { seconds: 2 },
    async (bench) => make.withFlacBlock(await encoded(bench, 'flac'), 4, make.vorbisComments(10_000, '@everyone')),
  ],
  [
    'F19',
    'a cover picture of 16 MB that is none',
    { seconds: 2 },
    async (bench) => make.withFlacBlock(await encoded(bench, 'flac'), 6, Buffer.alloc(2 ** 24 - 1, 7)),
  ],
  [
    'F21',
    'an MP4 with a picture track',
    { seconds: 2 },
    (bench) => encoded(bench, 'mp4', '-f', 'lavfi', '-i', 'color=s=2048x2048:d=2:r=5', '-c:v', 'mpeg4'),
  ],
  ['F21', 'an MP4 with nothing but pictures', 'no-audio-stream', pictures],
  [
    'F22',
    'an MP4 in fragments of 20 ms',
    { seconds: 2 },
    (bench) => encoded(bench, 'm4a', '-movflags', 'frag_keyframe+empty_moov', '-frag_duration', '20000'),
  ],
  [
    'F24',
    'a protected iTunes song',
    'protected-audio',
    async (bench) => make.withBoxRenamed(await encoded(bench, 'm4a'), 'M4A ', 'M4P '),
  ],
  [
    'F24',
    'protected samples (drms)',
    'protected-audio',
    async (bench) => make.withBoxRenamed(await encoded(bench, 'm4a'), 'mp4a', 'drms'),
  ],
  [
    'F24',
    'encrypted samples (enca)',
    'protected-audio',
    async (bench) => make.withBoxRenamed(await encoded(bench, 'm4a'), 'mp4a', 'enca'),
  ],
];

async function pictures(bench: MediaBench): Promise<Buffer> {
  const path = join(bench.folder, 'pictures.mp4');
  await bench.ffmpeg('-f', 'lavfi', '-i', 'color=s=64x64:d=1:r=5', '-c:v', 'mpeg4', path);
  return readFile(path);
}

export const HOSTILE_FILES: readonly HostileFile[] = [...TEXTS, ...HEADERS, ...LENGTHS, ...FORMATS];
