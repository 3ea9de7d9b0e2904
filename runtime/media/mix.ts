// Adds files of ours up, each at a level of its own: a float WAV, so that nothing is cut off or made quieter on the way.
import { followProgress } from './encode.ts';
import { fileUrl, inputArguments, runMediaTool, ALLOWED_DECODERS } from './ffmpeg.ts';
import type { MediaTools } from './ffmpeg.ts';

export interface MixPart {
  readonly wavPath: string;
  /** Factor on every sample. */
  readonly gain: number;
}

/**
 * All parts have one rate and as many channels.
 * @throws MediaToolError.
 */
export async function mixAudio(
  tools: MediaTools,
  options: {
    readonly parts: readonly MixPart[];
    readonly outPath: string;
    readonly cwd: string;
    readonly maxBytes: number;
    readonly signal?: AbortSignal;
    readonly onProgress: () => void;
  },
): Promise<void> {
  const { parts, outPath, cwd, maxBytes, signal, onProgress } = options;
  const inputs = parts.flatMap(({ wavPath }) => [
    ...ALLOWED_DECODERS,
    ...inputArguments({ path: wavPath, demuxer: 'wav', skipBytes: 0 }),
  ]);
  const levels = parts.map(
    ({ gain }, index) => `[${String(index)}:a]volume=${String(gain)}:precision=float[p${String(index)}]`,
  );
  const names = parts.map((_, index) => `[p${String(index)}]`).join('');
  const graph = [...levels, `${names}amix=inputs=${String(parts.length)}:duration=longest:normalize=0[mix]`].join(';');
  const output = ['-map', '[mix]', '-map_metadata', '-1', '-fflags', '+bitexact', '-c:a', 'pcm_f32le', '-f', 'wav'];
  const args = [
    '-hide_banner',
    '-nostdin',
    '-v',
    'error',
    '-progress',
    'pipe:1',
    ...inputs,
    '-filter_complex',
    graph,
    ...output,
  ];
  await runMediaTool(tools.ffmpegPath, [...args, fileUrl(outPath)], {
    cwd,
    timeoutMs: 1_200_000,
    cpuSeconds: 900,
    fileSizeBytes: maxBytes,
    onStdout: (stdout) => followProgress(stdout, onProgress),
    ...(signal === undefined ? {} : { signal }),
  });
}
