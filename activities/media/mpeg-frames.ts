// MPEG audio and ADTS files have no signature, only frames, so they are known by several headers in a row that agree.
import type { Demuxer } from '../../runtime/media/ffmpeg.ts';

export interface MpegAudio {
  readonly demuxer: Extract<Demuxer, 'mp3' | 'aac'>;
  /** Whether the first frame is a Xing, Info or VBRI header, which counts the frames. */
  readonly statesLength: boolean;
}

interface Frame {
  readonly bytes: number;
  /** What stays the same over all frames of a stream. */
  readonly stream: string;
}

// ISO/IEC 11172-3 and 13818-3, table of bit rates in kbit/s, by [MPEG-1 layer II, layer III, MPEG-2 layers II and III].
const BIT_RATES = [
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const MPEG1_RATES = [44_100, 48_000, 32_000] as const;

function mpegFrame(data: Buffer, at: number): Frame | null {
  const b1 = data[at + 1] ?? 0;
  const b2 = data[at + 2] ?? 0;
  const version = (b1 >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const layer = 4 - ((b1 >> 1) & 3);
  if (data[at] !== 0xff || (b1 & 0xe0) !== 0xe0 || version === 1 || (layer !== 2 && layer !== 3)) return null;
  const bitRates = BIT_RATES[version === 3 ? layer - 2 : 2];
  const kbps = bitRates?.[b2 >> 4] ?? 0;
  const mpeg1Rate = MPEG1_RATES[(b2 >> 2) & 3];
  if (kbps === 0 || mpeg1Rate === undefined) return null;
  const rateHz = version === 3 ? mpeg1Rate : version === 2 ? mpeg1Rate / 2 : mpeg1Rate / 4;
  const samplesPerFrame = layer === 3 && version !== 3 ? 576 : 1152;
  const bytes = Math.floor(((samplesPerFrame / 8) * 1000 * kbps) / rateHz) + ((b2 >> 1) & 1);
  return { bytes, stream: `${String(version)} ${String(layer)} ${String(rateHz)}` };
}

function adtsFrame(data: Buffer, at: number): Frame | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = data.subarray(at, at + 6);
  const rateIndex = (b2 >> 2) & 15;
  if (b0 !== 0xff || (b1 & 0xf6) !== 0xf0 || rateIndex > 12) return null;
  const bytes = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  return bytes < 7 ? null : { bytes, stream: `${String(b1)} ${String(b2 >> 2)}` };
}

const FRAMES_IN_A_ROW = 4;

/** How many agreeing frames follow each other from `at` on, up to four; the end of the data counts as agreement. */
function framesInARow(data: Buffer, at: number, parse: typeof mpegFrame): number {
  const first = parse(data, at);
  if (first === null) return 0;
  let next = at + first.bytes;
  for (let frames = 1; frames < FRAMES_IN_A_ROW; frames += 1) {
    if (next + 7 > data.length) return frames === 1 ? 1 : FRAMES_IN_A_ROW;
    const frame = parse(data, next);
    if (frame?.stream !== first.stream) return frames;
    next += frame.bytes;
  }
  return FRAMES_IN_A_ROW;
}

/** Null where the first 64 KiB hold no run of frames. */
export function findMpegAudio(head: Buffer): MpegAudio | null {
  for (let at = head.indexOf(0xff); at >= 0 && at + 7 < head.length; at = head.indexOf(0xff, at + 1)) {
    if (framesInARow(head, at, adtsFrame) >= FRAMES_IN_A_ROW) return { demuxer: 'aac', statesLength: false };
    if (framesInARow(head, at, mpegFrame) >= FRAMES_IN_A_ROW) {
      return { demuxer: 'mp3', statesLength: /Xing|Info|VBRI/u.test(head.toString('latin1', at, at + 200)) };
    }
  }
  return null;
}
