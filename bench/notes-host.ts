/** A process that hears the notes of one song twice, and prints how long that took and what it needed, as one line of JSON. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '../gpu-worker/engine/engine.ts';
import { decodeMono } from '../gpu-worker/wav/decode-mono.ts';
import { hearNotes } from '../gpu-worker/notes/hear-notes.ts';
import { NOTE_RATE_HZ } from '../gpu-worker/notes/note-grid.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import type { HeardNote } from '../workflows/contract/notes.ts';

/** The process's one argument, as JSON. */
export interface NotesHostOptions {
  readonly folder: string;
  readonly tools: MediaTools;
  readonly modelPath: string;
  readonly threads: number;
  readonly wavPath: string;
}

export interface HostedNotes {
  /** From the file to the notes, the engine's start and the network's loading included. */
  readonly firstSeconds: number;
  /** The second time. */
  readonly seconds: number;
  /** Of this process and its engine; each one's own peak, so their sum was never exceeded. */
  readonly peakMegabytes: number;
  readonly notes: readonly HeardNote[];
}

const options = JSON.parse(process.argv[2] ?? '{}') as NotesHostOptions;

async function peakKibibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(status)?.[1]);
}

async function measure(): Promise<HostedNotes> {
  const folder = await mkdtemp(join(options.folder, 'notes-'));
  const engine = createEngine({ threads: options.threads });
  try {
    const hear = async (): Promise<{ readonly seconds: number; readonly notes: readonly HeardNote[] }> => {
      const startedAt = performance.now();
      const samples = await decodeMono(options.tools, options.wavPath, { rateHz: NOTE_RATE_HZ, channels: 2, folder });
      const notes = await hearNotes(samples, {}, { engine, modelPath: options.modelPath, folder });
      return { seconds: (performance.now() - startedAt) / 1000, notes };
    };
    const first = await hear();
    const { seconds, notes } = await hear();
    const peaks = await Promise.all([process.pid, engine.pid ?? process.pid].map(peakKibibytes));
    const peakMegabytes = peaks.reduce((sum, peak) => sum + peak, 0) / 1024;
    return { firstSeconds: first.seconds, seconds, peakMegabytes, notes };
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

console.log(JSON.stringify(await measure()));
