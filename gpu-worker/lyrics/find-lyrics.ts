/** The words of a song on a thread of the engine process: onnxruntime blocks it for up to a second at a time. */
import { open } from 'node:fs/promises';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { TaskControl } from '../engine/chunk-computer.ts';
import { readFully } from '../engine/read-fully.ts';
import type { Device } from '../models/separator.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { alignLyrics } from './align-lyrics.ts';
import { hearLyrics } from './hear-lyrics.ts';
import type { ListenOptions } from './hear-words.ts';
import { openWhisper } from './whisper.ts';
import type { WhisperFiles } from './whisper.ts';

export interface LyricsTask {
  readonly model: WhisperFiles;
  readonly runtime: { readonly device: Device; readonly threads: number };
  /** At 16 kHz. */
  readonly song: MonoFile;
  /** The singer's own words; null: they are heard. */
  readonly given: string | null;
}

/** The networks are closed afterwards: they are open in a second, and a song takes much longer. */
export async function findLyrics(task: LyricsTask, control: TaskControl): Promise<SongLyrics> {
  const samples = await readSamples(task.song);
  const options: ListenOptions = {
    signal: { throwIfAborted: () => control.checkpoint() },
    onProgress: (fraction) => control.checkpoint(fraction),
  };
  const whisper = await openWhisper(task.model, task.runtime);
  try {
    return await (task.given === null
      ? hearLyrics(whisper, samples, options)
      : alignLyrics(whisper, samples, task.given, options));
  } finally {
    await whisper.close();
  }
}

async function readSamples({ path, samples: length }: MonoFile): Promise<Float32Array> {
  await using file = await open(path, 'r');
  const samples = new Float32Array(length);
  await readFully(file, samples, 0);
  return samples;
}
