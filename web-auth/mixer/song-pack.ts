/**
 * A song that has no stems, in the form in which players take stems: short WAV files of 16 bits, one after the other. They are written as they are
 * asked for, out of the recording as it was decoded; where each begins is arithmetic.
 */
import type { PcmBlob } from '../../workflows/contract/recording.ts';
import { readByteRange } from '../files/byte-range.ts';
import type { WebContext } from '../web.ts';
import type { BrowserPack } from './player-pack.ts';
import type { Look, MixerRoom } from './recording-routes.ts';

export const SONG_STEM = 'song';
const SEGMENT_SECONDS = 8;
/** More channels are of no use to two ears; songs for separating have two. */
const CHANNELS = 2;
const FRAME_BYTES = CHANNELS * 2;
const WAV_HEADER_BYTES = 44;

interface Cut {
  readonly segmentSamples: number;
  /** Where each segment begins, and where the last one ends, in bytes. */
  readonly offsets: readonly number[];
}

function cutOf({ rateHz, samples }: PcmBlob): Cut {
  const segmentSamples = SEGMENT_SECONDS * rateHz;
  const segments = Math.max(1, Math.ceil(samples / segmentSamples));
  const whole = WAV_HEADER_BYTES + segmentSamples * FRAME_BYTES;
  const offsets = Array.from({ length: segments }, (_, index) => index * whole);
  const last = samples - (segments - 1) * segmentSamples;
  return { segmentSamples, offsets: [...offsets, (segments - 1) * whole + WAV_HEADER_BYTES + last * FRAME_BYTES] };
}

export function songPack(song: PcmBlob, base: string): BrowserPack {
  const { rateHz, samples, sha256 } = song;
  return {
    rateHz,
    channels: CHANNELS,
    samples,
    segmentSamples: cutOf(song).segmentSamples,
    stems: [
      {
        name: SONG_STEM,
        isResidual: false,
        audio: `${base}/audio/${SONG_STEM}?v=${sha256.slice(0, 16)}`,
        offsets: cutOf(song).offsets,
        scale: 1,
        loudnessLufs: null,
        peaks: '',
      },
    ],
  };
}

/** Whole segments, as the player asks for them; nothing else. */
export async function answerSong(context: WebContext, { deps }: MixerRoom, { recording }: Look): Promise<Response> {
  const { working: song } = recording;
  if (song === null || (await deps.blobs.head(song.key)) === null) return context.notFound();
  const { offsets } = cutOf(song);
  const bytes = offsets.at(-1) as number;
  const range = readByteRange(context.req.header('Range') ?? '', bytes);
  const [first, last] =
    typeof range === 'string' ? [-1, -1] : [offsets.indexOf(range.start), offsets.indexOf(range.end + 1)];
  if (typeof range === 'string' || first < 0 || last <= first) {
    return context.body(null, 416, { 'Content-Range': `bytes */${String(bytes)}` });
  }
  return context.body(ReadableStream.from(wavFiles(deps.blobs, song, { first, last })), 206, {
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Content-Length': String(range.end + 1 - range.start),
    'Content-Range': `bytes ${range.start}-${range.end}/${bytes}`,
  });
}

async function* wavFiles(
  blobs: Pick<MixerRoom['deps']['blobs'], 'read'>,
  song: PcmBlob,
  { first, last }: { readonly first: number; readonly last: number },
): AsyncIterable<Uint8Array> {
  const { segmentSamples } = cutOf(song);
  for (let index = first; index < last; index++) {
    const start = index * segmentSamples;
    const count = Math.min(segmentSamples, song.samples - start);
    const frame = song.channels * 4;
    const headerBytes = song.bytes - song.samples * frame;
    const part = { start: headerBytes + start * frame, end: headerBytes + (start + count) * frame - 1 };
    const pieces: Uint8Array[] = [];
    for await (const piece of blobs.read(song.key, part)) pieces.push(piece);
    yield wav(Buffer.concat(pieces), { count, channels: song.channels, rateHz: song.rateHz });
  }
}

/** The canonical header of 44 bytes, and the first two channels; one alone is on both sides. */
function wav(
  floats: Buffer,
  { count, channels, rateHz }: { readonly count: number; readonly channels: number; readonly rateHz: number },
): Uint8Array {
  const out = Buffer.alloc(WAV_HEADER_BYTES + count * FRAME_BYTES);
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(out.length - 8, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(CHANNELS, 22);
  out.writeUInt32LE(rateHz, 24);
  out.writeUInt32LE(rateHz * FRAME_BYTES, 28);
  out.writeUInt16LE(FRAME_BYTES, 32);
  out.writeUInt16LE(16, 34);
  out.write('data', 36, 'latin1');
  out.writeUInt32LE(count * FRAME_BYTES, 40);
  for (let at = 0; at < count; at++) {
    for (let side = 0; side < CHANNELS; side++) {
      const value = floats.readFloatLE((at * channels + Math.min(side, channels - 1)) * 4);
      const whole = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
      out.writeInt16LE(whole, WAV_HEADER_BYTES + at * FRAME_BYTES + side * 2);
    }
  }
  return out;
}
