// Cuts a stem into short FLAC files that decode by themselves and join without a seam: each begins and ends on its own sample.
import { join } from 'node:path';
import { ALLOWED_DECODERS, fileUrl, inputArguments, runMediaTool } from './ffmpeg.ts';
import type { MediaTools } from './ffmpeg.ts';

export interface SegmentCut {
  readonly wavPath: string;
  /** Private; files `0.flac`, `1.flac` … are made in it. */
  readonly cwd: string;
  readonly segmentSeconds: number;
  readonly segments: number;
  readonly channels: 1 | 2;
  /** Factor on every sample. */
  readonly gain: number;
  readonly signal?: AbortSignal;
  /** Called with the number of files that are done. */
  readonly onDone: (segments: number) => void;
}

/** Each has its own decoder and encoder in one process: enough to make starting it cheap, few enough for its address space. */
const AT_ONCE = 16;
/** A segment of noise in 16 bits. */
const LARGEST_BYTES = 8_000_000;

/**
 * FLAC of the file's own rate, 16 bits, rounded to nearest. `segmentSeconds` is a whole number, so that every cut lies on a sample.
 * @returns the files' paths, in order.
 * @throws MediaToolError.
 */
export async function cutIntoSegments(tools: MediaTools, cut: SegmentCut): Promise<readonly string[]> {
  const { cwd, segments, signal } = cut;
  const paths = Array.from({ length: segments }, (_, index) => join(cwd, `${String(index)}.flac`));
  for (let first = 0; first < segments; first += AT_ONCE) {
    const batch = paths.slice(first, first + AT_ONCE);
    const inputs = batch.flatMap((_, index) => input(cut, first + index));
    const outputs = batch.flatMap((path, index) => output(cut, index, path));
    const args = ['-hide_banner', '-nostdin', '-v', 'error', ...inputs, ...outputs];
    await runMediaTool(tools.ffmpegPath, args, {
      cwd,
      timeoutMs: 300_000,
      cpuSeconds: 300,
      fileSizeBytes: LARGEST_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    cut.onDone(Math.min(segments, first + AT_ONCE));
  }
  return paths;
}

function input({ wavPath, segmentSeconds }: SegmentCut, index: number): string[] {
  const part = ['-ss', String(index * segmentSeconds), '-t', String(segmentSeconds)];
  return [...ALLOWED_DECODERS, ...part, ...inputArguments({ path: wavPath, demuxer: 'wav', skipBytes: 0 })];
}

function output({ channels, gain }: SegmentCut, index: number, path: string): string[] {
  const filters = `volume=${String(gain)}:precision=double,aformat=sample_fmts=s16`;
  const pick = ['-map', `${String(index)}:a`, '-af', filters, '-ac', String(channels)];
  const plain = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-threads', '1'];
  const codec = [
    '-c:a',
    'flac',
    '-sample_fmt',
    's16',
    '-compression_level',
    '5',
    '-metadata_header_padding',
    '0',
    '-f',
    'flac',
  ];
  return [...pick, ...plain, ...codec, fileUrl(path)];
}
