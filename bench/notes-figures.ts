/** Notes side by side with Basic Pitch's own program: ours, theirs, ours, theirs. */
import { join } from 'node:path';
import { runChild } from '../runtime/child.ts';
import type { MediaTools } from '../runtime/media/ffmpeg.ts';
import type { BasicPitchPeer, MeasuredNotes } from './basic-pitch-peer.ts';
import { makeBenchSong } from './bench-song.ts';
import { comparedFigure, median, ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import { noteF1 } from './note-score.ts';
import type { HostedNotes, NotesHostOptions } from './notes-host.ts';

const PEER = 'basic-pitch';
const HOST = join(import.meta.dirname, 'notes-host.ts');
const LARGEST_REPORT_BYTES = 16 * 1024 * 1024;

export interface NotesBench {
  readonly folder: string;
  readonly tools: MediaTools;
  readonly modelPath: string;
  readonly threads: number;
  /** Null where it is not installed: its values are null then. */
  readonly peer: BasicPitchPeer | null;
  readonly rounds: number;
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

export async function notesFigures(bench: NotesBench): Promise<Figure[]> {
  const { folder, tools, modelPath, threads, peer, tell } = bench;
  const wavPath = join(folder, 'song.wav');
  await makeBenchSong(tools.ffmpegPath, wavPath, bench.seconds, 0);
  const ours: HostedNotes[] = [];
  const theirs: MeasuredNotes[] = [];
  for (let round = 1; round <= bench.rounds; round++) {
    tell(`Round ${String(round)} of ${String(bench.rounds)}`);
    const own = await hearInOneProcess({ folder, tools, modelPath, threads, wavPath });
    tell(`  woodshed: first ${own.firstSeconds.toFixed(2)} s, ${summary(own.seconds, own.peakMegabytes, own.notes)}`);
    ours.push(own);
    if (peer === null) continue;
    const measured = await peer.run(wavPath);
    tell(`  ${PEER}: ${summary(measured.seconds, measured.peakMB, measured.notes)}`);
    theirs.push(measured);
  }
  const of = <Measured>(measured: readonly Measured[], pick: (one: Measured) => number): number | null =>
    measured.length === 0 ? null : median(measured.map(pick));
  const own = (pick: (one: HostedNotes) => number): number => median(ours.map(pick));
  const [mine, other] = [ours[0], theirs[0]];
  return [
    ownFigure(
      'notes.first',
      's',
      own((one) => one.firstSeconds),
    ),
    comparedFigure(
      'notes.time',
      's',
      own((one) => one.seconds),
      PEER,
      of(theirs, (one) => one.seconds),
    ),
    comparedFigure(
      'notes.memory',
      'MB',
      own((one) => one.peakMegabytes),
      PEER,
      of(theirs, (one) => one.peakMB),
    ),
    ...(mine === undefined || other === undefined
      ? []
      : [ownFigure('notes.agreement', 'F1', noteF1(mine.notes, other.notes))]),
  ];
}

function summary(seconds: number, megabytes: number, notes: readonly unknown[]): string {
  return `warm ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB, ${String(notes.length)} notes`;
}

async function hearInOneProcess(options: NotesHostOptions): Promise<HostedNotes> {
  const { code, stdout, stderr } = await runChild(process.execPath, [HOST, JSON.stringify(options)], {
    cwd: options.folder,
    maxOutputBytes: LARGEST_REPORT_BYTES,
  });
  if (code !== 0) throw new Error(`hearing notes ended with ${String(code)}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.toString('utf8')) as HostedNotes;
}
