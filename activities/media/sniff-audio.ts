// Says by the first bytes what a file is, so that nothing but a known kind of audio ever reaches a parser.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Demuxer } from '../../runtime/media/ffmpeg.ts';
import { findMpegAudio } from './mpeg-frames.ts';

export type Sniffed =
  | {
      readonly kind: 'audio';
      readonly demuxer: Demuxer;
      /** Tags in front of the audio that are passed over unread, however long they say they are. */
      readonly skipBytes: number;
      /** Whether the file says itself how long it is; otherwise a length can only be guessed from its size. */
      readonly statesLength: boolean;
    }
  | { readonly kind: 'empty' }
  | { readonly kind: 'protected' }
  /** Audio of a kind that is not read here, such as `wavpack`. */
  | { readonly kind: 'unread'; readonly format: string }
  | { readonly kind: 'other'; readonly format: string };

const HEAD_BYTES = 64 * 1024;
const MOST_TAGS = 8;

export async function sniffAudio(path: string): Promise<Sniffed> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size === 0) return { kind: 'empty' };
  const skipBytes = await endOfTags(file);
  return sniffHead(await headAt(file, skipBytes), skipBytes);
}

async function headAt(file: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, position);
  return buffer.subarray(0, bytesRead);
}

/** Where the ID3v2 tags end that many programs write in front of any format. */
async function endOfTags(file: FileHandle): Promise<number> {
  let position = 0;
  for (let tags = 0; tags < MOST_TAGS; tags += 1) {
    const header = (await headAt(file, position)).subarray(0, 10);
    const sizeBytes = header.subarray(6, 10);
    if (header.length < 10 || header.toString('latin1', 0, 3) !== 'ID3' || sizeBytes.some((byte) => byte > 127)) break;
    // Four bytes of seven bits each (ID3v2.4 §3.1); a footer repeats the header's ten bytes.
    const size = sizeBytes.reduce((sum, byte) => sum * 128 + byte, 0);
    position += 10 + size + (((header[5] ?? 0) & 0x10) === 0 ? 0 : 10);
  }
  return position;
}

/** Beginnings of a file, as Latin-1 text. */
type Signature = readonly [format: string, magic: RegExp | readonly string[]];

const CONTAINERS: readonly (readonly [Demuxer, Signature[1]])[] = [
  ['wav', /^(?:RIFF|RIFX|RF64|BW64)[^]{4}WAVE/u],
  ['w64', ['riff\x2E\x91\xCF\x11']],
  ['aiff', /^FORM[^]{4}AIF[FC]/u],
  ['flac', ['fLaC']],
  ['ogg', ['OggS']],
  ['matroska', ['\x1A\x45\xDF\xA3']],
  ['caf', ['caff']],
  ['mov', /^[^]{4}(?:ftyp|moov|mdat|wide|free|skip)/u],
];

const UNREAD: readonly Signature[] = [
  ['wavpack', ['wvpk']],
  ['ape', ['MAC ']],
  ['wma', ['\x30\x26\xB2\x75\x8E\x66\xCF\x11']],
  ['amr', ['#!AMR']],
  ['au', ['.snd']],
  ['dsd', ['DSD ', 'FRM8']],
  ['musepack', ['MPCK', 'MP+']],
];

const OTHER: readonly Signature[] = [
  [
    'playlist',
    /^(?:\xEF\xBB\xBF)?\s*(?:#EXTM3U|ffconcat|\[playlist\]|\[Reference\]|<asx|v=0\r?\no=|<smil|<MPD|<\?wpl)/iu,
  ],
  ['svg', /^(?:\xEF\xBB\xBF)?\s*(?:<\?xml[^]{0,2000})?(?:<!--[^]{0,2000})?<svg/iu],
  ['html', /^(?:\xEF\xBB\xBF)?\s*(?:<!--[^]{0,2000})?<(?:!doctype|html|head|body|script)/iu],
  ['playlist', /^(?:\xEF\xBB\xBF)?\s*<\?xml[^]{0,2000}<(?:MPD|playlist|smil)/iu],
  ['xml', /^(?:\xEF\xBB\xBF)?\s*<\?xml/iu],
  ['pdf', ['%PDF']],
  ['zip', ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08']],
  ['archive', ['Rar!', '7z\xBC\xAF', '\x1F\x8B', 'BZh', '\xFD7zXZ']],
  ['program', ['\x7FELF', 'MZ', '#!/', '\xCA\xFE\xBA\xBE', '\xCF\xFA\xED\xFE']],
  ['midi', ['MThd']],
  ['picture', ['\x89PNG', '\xFF\xD8\xFF', 'GIF8']],
  ['picture', /^(?:BM[^]{4}\0\0\0\0|RIFF[^]{4}WEBP)/u],
  ['video', /^RIFF[^]{4}AVI /u],
  ['video', ['FLV\x01', '\0\0\x01\xBA']],
];

// An iTunes song or an Audible book with copy protection says so in its brand.
const PROTECTED_BRAND = /^[^]{4}ftyp(?:M4P |aax |aaxc)/u;

function matches(text: string, [, magic]: Signature): boolean {
  return magic instanceof RegExp ? magic.test(text) : magic.some((start) => text.startsWith(start));
}

/** The same by the first bytes alone, of which 4 KiB are enough for all but MPEG frames. */
export function sniffHead(head: Buffer, skipBytes: number): Sniffed {
  const text = head.toString('latin1', 0, 4096);
  const other = OTHER.find((signature) => matches(text, signature));
  if (other !== undefined) return { kind: 'other', format: other[0] };
  if (PROTECTED_BRAND.test(text)) return { kind: 'protected' };
  const unread = UNREAD.find((signature) => matches(text, signature));
  if (unread !== undefined) return { kind: 'unread', format: unread[0] };
  const container = CONTAINERS.find((signature) => matches(text, signature));
  if (container !== undefined) return { kind: 'audio', demuxer: container[0], skipBytes, statesLength: true };
  const mpeg = findMpegAudio(head);
  if (mpeg !== null) return { kind: 'audio', ...mpeg, skipBytes };
  return { kind: 'other', format: 'unknown' };
}
